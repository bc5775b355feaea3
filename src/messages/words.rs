//! The list of words. Each language gives all of them.

use jiff::civil::DateTime;

use crate::verification::InvalidPhoneNumber;

impl Words {
    /// A day as people write it.
    #[must_use]
    pub(crate) fn day_of(&self, day: DateTime) -> String {
        let mut months = self.months.split(',').zip(1..);
        let month = months.find_map(|(name, month)| (month == day.month()).then_some(name)).unwrap_or_default();
        day.strftime(&self.day.replace("{month}", month)).to_string()
    }

    /// What is wrong with a number.
    pub(super) fn of_number(&self, wrong: InvalidPhoneNumber) -> &'static str {
        match wrong {
            InvalidPhoneNumber::Letters => self.number_letters,
            InvalidPhoneNumber::NeedsPlus => self.number_needs_plus,
            InvalidPhoneNumber::Extension => self.number_extension,
            InvalidPhoneNumber::TooShort => self.number_too_short,
            InvalidPhoneNumber::TooLong => self.number_too_long,
            InvalidPhoneNumber::NotMobile | InvalidPhoneNumber::Unreadable => self.number_not_mobile,
            InvalidPhoneNumber::NotServed => self.number_not_served,
        }
    }
}

macro_rules! words {
    (struct $list:ident; $($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// Fixed words. The compiler proves that each stands in every language.
        #[derive(Debug)]
        pub(crate) struct $list {
            $($(#[$doc])* pub $name: &'static str,)*
        }

        impl $list {
            /// Every word with its name.
            #[cfg(test)]
            pub(super) fn all(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($name), self.$name)),*]
            }
        }
    };
}
pub(super) use words;

words! {
    struct Words;
    /// The language's name, in itself.
    own_name,
    /// What the choice of a language is called.
    language,
    /// Title of the sign-up page.
    sign_up_title,
    /// Title of the sign-in page.
    sign_in_title,
    /// What signing up takes.
    sign_up_lead,
    /// What signing in takes.
    sign_in_lead,
    /// Label of the number's field.
    number_label,
    /// Label of the country's field, where there are several.
    country_label,
    /// An example under the number's field, and behind what is wrong with a number; `{example}`.
    number_hint,
    /// Button that sends a code, also to a corrected number.
    send,
    /// The same while it works.
    sending,
    /// Heading of the code's step.
    code_title,
    /// Where the code went; `{number}` is the masked number.
    code_lead,
    /// Heading in its place once every code has expired.
    expired_title,
    /// Heading in its place once no guesses are left.
    exhausted_title,
    /// What to do in both; `{number}` is the masked number.
    over_lead,
    /// Label of the code's field.
    code_label,
    /// Button that checks a code.
    check,
    /// The same while it works.
    checking,
    /// The countdown to expiry; `{time}` is minutes and seconds.
    expires_in,
    /// In its place at zero.
    time_up,
    /// The message once every code has expired.
    expired,
    /// Guesses left; `{count}`.
    attempts_left,
    /// The code was wrong, and no guesses are left.
    last_attempt,
    /// Button that sends another code.
    resend,
    /// On that button while another may not be sent; `{time}` is minutes and seconds.
    resend_wait,
    /// For the ear: when another may be sent; `{time}`.
    resend_in,
    /// For the ear: another may be sent now.
    resend_now,
    /// Sends left today; `{count}`.
    sends_left,
    /// No sends left today; on the button too.
    sends_none,
    /// The text was handed over, and what to look at when it does not come.
    delivery_waiting,
    /// The text reached a phone.
    delivery_done,
    /// The text did not, with every remedy.
    delivery_failed,
    /// Opens what helps when no text comes.
    no_text,
    /// What to look at then.
    remedies,
    /// That asking again loses nothing.
    more_time,
    /// In its place where asking again brings the same code, with the same time.
    same_code,
    /// That the same code was sent again.
    same_code_sent,
    /// Heading of the form that corrects a number.
    correct,
    /// Its lead: what happens to the code that was sent.
    correct_lead,
    /// Label of its field.
    correct_label,
    /// Button that starts over.
    start_over,
    /// Heading of the nickname's step.
    verified_title,
    /// That the number is proven; `{number}`.
    verified_lead,
    /// The same for a sign-in of a number without an account.
    no_account_lead,
    /// Label of the nickname's field.
    nickname_label,
    /// What a nickname may be.
    nickname_hint,
    /// The consent to both; `{terms}` and `{privacy}` are links.
    consent,
    /// The consent to the terms alone; `{terms}` is a link.
    consent_terms,
    /// The consent to the privacy notice alone; `{privacy}` is a link.
    consent_privacy,
    /// The word that links to the terms.
    terms,
    /// The word that links to the privacy notice.
    privacy,
    /// Button that signs up.
    sign_up,
    /// The same while it works.
    signing_up,
    /// Title of the welcome page.
    welcome_title,
    /// Its greeting; `{nickname}`.
    welcome_lead,
    /// Label of the account's number.
    welcome_number,
    /// Label of the account's day.
    welcome_since,
    /// How a day is written (strftime); `{month}` is one of the next.
    day,
    /// The months, with commas between them.
    months,
    /// What stands between the names of a list.
    list_comma,
    /// Button that signs out.
    sign_out,
    /// That an application waits; `{client}`.
    going_on,
    /// A request of an application waited for too long.
    request_over,
    /// Too many requests of applications wait from one address.
    requests_many,
    /// An application asked for something that is not to be had.
    application_wrong,
    /// Title of the page that asks whether to sign out.
    leaving_title,
    /// Who asks; `{client}`.
    leaving_lead,
    /// Does not sign out.
    stay,
    /// Title of the page after signing out.
    left_title,
    /// What that page says.
    left_lead,
    /// Leads back in.
    sign_in_again,
    /// Heading of the list of sessions.
    sessions_title,
    /// The session of this browser.
    session_here,
    /// Another session.
    session_elsewhere,
    /// Since when; `{day}`.
    session_since,
    /// What knows it; `{clients}`.
    session_clients,
    /// Ends another session.
    end_session,
    /// Ends all sessions.
    sign_out_everywhere,
    /// Leads from sign-up to sign-in.
    have_account,
    /// Leads from sign-in to sign-up.
    need_account,
    /// The link to help.
    support,
    /// The line was cut while the page talked to the server.
    offline,
    /// The box of consent was not ticked.
    consent_needed,
    /// The browser sends no cookies.
    cookies_needed,
    /// A program's request that is none of the interface.
    not_of_interface,
    /// How a masked number is spoken; `{digits}` are its last four.
    number_spoken,
    /// There are letters in a number.
    number_letters,
    /// A number of another country, or dialled as from abroad.
    number_needs_plus,
    /// A number with an extension.
    number_extension,
    /// Digits are missing.
    number_too_short,
    /// There are too many digits.
    number_too_long,
    /// A landline or the like.
    number_not_mobile,
    /// A number of a country that is not served.
    number_not_served,
    /// The page is older than its session.
    session_over,
    /// Another request of the same browser went on a moment ago.
    just_continued,
    /// Too many codes were asked for from one address; `{when}`.
    address_spent,
    /// A number was sent all its codes; `{when}`.
    number_spent,
    /// A text that was not sent counts all the same; `{when}`.
    charged,
    /// A key was used for another request.
    key_reused,
    /// The request of a key is still under way.
    key_under_way,
    /// That a wait takes the place of work; `{when}`.
    wait_first,
    /// Title of the page that does not exist.
    not_found_title,
    /// Title of an error page.
    error_title,
    /// By what name the log knows a request that met a fault; `{id}`.
    request_id,
    /// Title of the page of somebody who went on a moment ago.
    moment_title,
    /// Loads the page again.
    reload,
    /// What an SMS calls its code.
    sms_code,
    /// What an SMS advises, where it has room for it.
    sms_advice,
    /// Leads back to the first page.
    back_home,
    /// Title of the inbox.
    inbox_title,
    /// What the inbox is.
    inbox_lead,
    /// The inbox before anything was sent.
    inbox_empty,
    /// What the skip link says.
    skip,
    /// Where the page works without scripts, a static note on time.
    no_script_time,
}
