//! The words, Korean and English. Whatever a person reads is here and nowhere else.

mod en;
mod ko;

use jiff::SignedDuration;

pub use en::EN;
pub use ko::KO;

use crate::verification::{Detail, InvalidPhoneNumber, Outcome, whole_secs};

/// The language of a page, an answer or an SMS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locale {
    /// Korean.
    Ko,
    /// English.
    En,
}

impl Locale {
    /// Every language there is.
    pub const ALL: [Self; 2] = [Self::Ko, Self::En];

    /// The language tag (RFC 5646).
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Ko => "ko",
            Self::En => "en",
        }
    }

    /// The language of a tag.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        Self::ALL.into_iter().find(|locale| locale.tag() == primary)
    }

    /// The best language of an `Accept-Language` header (RFC 9110, 12.5.4). Whoever asks for none of ours reads English; whoever asks for
    /// nothing, Korean.
    #[must_use]
    pub fn negotiate(header: &str) -> Self {
        let entries: Vec<_> = header.split(',').map(str::trim).filter(|entry| !entry.is_empty()).take(32).map(weighed).collect();
        let is_refused = |locale| entries.iter().any(|(tag, weight)| Self::from_tag(tag) == Some(locale) && *weight == Some(0.0));
        let is_foreign = entries.first().is_some_and(|(tag, _)| Self::from_tag(tag).is_none() && *tag != "*");
        let default = if is_foreign || is_refused(Self::Ko) { Self::En } else { Self::Ko };
        let mut best = (default, 0.0);
        for (tag, weight) in &entries {
            let weight = weight.unwrap_or(0.0);
            if let Some(locale) = Self::from_tag(tag).filter(|_| weight > best.1) {
                best = (locale, weight);
            }
        }
        best.0
    }

    /// The words of this language.
    #[must_use]
    pub fn words(self) -> &'static Words {
        match self {
            Self::Ko => &KO,
            Self::En => &EN,
        }
    }

    /// What an outcome says: what happened, and what to do.
    #[must_use]
    pub fn outcome(self, outcome: Outcome, detail: Option<Detail>, retry_after: Option<SignedDuration>) -> String {
        let words = self.words();
        let text = match detail {
            Some(Detail::Consent) => words.consent_needed,
            Some(Detail::Cookies) => words.cookies_needed,
            Some(Detail::LastAttempt) => words.last_attempt,
            Some(Detail::SameCode) => words.same_code_sent,
            Some(Detail::SessionOver) => words.session_over,
            Some(Detail::JustContinued) => words.just_continued,
            Some(Detail::KeyReused) => words.key_reused,
            Some(Detail::KeyUnderWay) => words.key_under_way,
            Some(Detail::AddressSpent) => words.address_spent,
            Some(Detail::NumberSpent) => words.number_spent,
            Some(Detail::Charged) => words.charged,
            Some(Detail::Number(wrong)) if wrong != InvalidPhoneNumber::Unreadable => words.of_number(wrong),
            Some(Detail::Number(_)) | None => match self {
                Self::Ko => ko::outcome(outcome),
                Self::En => en::outcome(outcome),
            },
        };
        text.replace("{when}", &self.wait(retry_after))
    }

    /// A wait in words: «3분 뒤», «in 3 minutes».
    fn wait(self, wait: Option<SignedDuration>) -> String {
        let secs: u32 = wait.and_then(whole_secs).unwrap_or(0);
        let mins = secs.div_ceil(60);
        let parts = match (secs, mins) {
            (0..60, _) => vec![(secs, 0)],
            (_, ..60) => vec![(mins, 1)],
            _ => vec![(mins / 60, 2), (mins % 60, 1)],
        };
        let parts: Vec<_> = parts.into_iter().filter(|(count, unit)| *count > 0 || *unit == 0).collect();
        match self {
            Self::Ko => ko::wait(&parts),
            Self::En => en::wait(&parts),
        }
    }
}

/// A language of `Accept-Language`, and how much it is wanted; none when that is no weight (RFC 9110, 12.4.2).
fn weighed(entry: &str) -> (&str, Option<f32>) {
    let mut parts = entry.split(';').map(str::trim);
    let tag = parts.next().unwrap_or_default();
    let given = parts.find_map(|part| part.strip_prefix(['q', 'Q'])?.trim_start().strip_prefix('='));
    let weight = given.map_or(Some(1.0), |text| text.trim().parse().ok().filter(|weight| (0.0..=1.0).contains(weight)));
    (tag, weight)
}

impl Words {
    /// What is wrong with a number.
    fn of_number(&self, wrong: InvalidPhoneNumber) -> &'static str {
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
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// The fixed words of the pages. The compiler proves that each stands in every language.
        #[derive(Debug)]
        pub struct Words {
            $($(#[$doc])* pub $name: &'static str,)*
        }

        impl Words {
            /// Every word with its name.
            #[must_use]
            pub fn all(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($name), self.$name)),*]
            }
        }
    };
}

words! {
    /// Label of the language switch, in the other language.
    switch_label,
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
    /// An example under the number's field.
    number_hint,
    /// Button that sends a code.
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
    /// When another may be sent; `{time}`.
    resend_in,
    /// Another may be sent now.
    resend_now,
    /// Sends left today; `{count}`.
    sends_left,
    /// No sends left today.
    sends_none,
    /// The text was handed over, and what to look at when it does not come.
    delivery_waiting,
    /// The text reached a phone.
    delivery_done,
    /// The text did not, with every remedy.
    delivery_failed,
    /// That asking again loses nothing.
    more_time,
    /// In its place where asking again brings the same code, with the same time.
    same_code,
    /// That the same code was sent again.
    same_code_sent,
    /// Opens the form that corrects a number.
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
    /// The consent to one; `{link}` is the link.
    consent_one,
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
    /// How a day is written (strftime).
    day,
    /// Button that signs out.
    sign_out,
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
    /// Title of the page that does not exist.
    not_found_title,
    /// Title of an error page.
    error_title,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_outcome_and_no_word_is_missing_in_a_language() {
        for locale in Locale::ALL {
            for outcome in Outcome::all() {
                let text = locale.outcome(outcome, None, Some(SignedDuration::from_secs(90)));
                assert!(text.chars().count() > 3 && !text.contains('{'), "{outcome:?} in {locale:?}: {text}");
            }
            for (name, word) in locale.words().all() {
                assert!(!word.trim().is_empty(), "{name} in {locale:?}");
            }
        }
    }

    #[test]
    fn both_languages_fill_the_same_gaps() {
        let gaps = |text: &str| {
            let mut gaps: Vec<_> = text.split('{').skip(1).filter_map(|rest| rest.split('}').next().map(str::to_owned)).collect();
            gaps.sort();
            gaps
        };
        for ((name, ko), (_, en)) in KO.all().into_iter().zip(EN.all()) {
            assert_eq!(gaps(ko), gaps(en), "{name}");
        }
    }

    #[test]
    fn korean_words_are_korean_and_english_words_are_not() {
        let is_hangul = |c: char| ('가'..='힣').contains(&c);
        for ((name, ko), (_, en)) in KO.all().into_iter().zip(EN.all()) {
            assert!(name == "switch_label" || (ko.chars().any(is_hangul) && !en.chars().any(is_hangul)), "{name}");
        }
    }

    #[test]
    fn the_best_language_wins() {
        for (header, locale) in [
            ("", Locale::Ko),
            ("ko-KR,ko;q=0.9,en;q=0.8", Locale::Ko),
            ("en-US,en;q=0.9,ko;q=0.8", Locale::En),
            ("fr, en;q=0.5, ko;q=0.6", Locale::Ko),
            ("en;q=0", Locale::Ko),
            ("en;q=x, *", Locale::Ko),
            ("*", Locale::Ko),
            ("fr-FR,fr;q=0.9", Locale::En),
            ("ja, ko;q=0.1", Locale::Ko),
            ("en;Q=0.1,ko;q=0.9", Locale::Ko),
            ("en;level=1;q=0.1,ko;q=0.9", Locale::Ko),
            (",fr-FR", Locale::En),
            (" , ja", Locale::En),
            ("ko;q=0,*", Locale::En),
            ("ko;q=0", Locale::En),
            ("en;q=inf,ko", Locale::Ko),
            ("en;q=9,ko", Locale::Ko),
        ] {
            assert_eq!(Locale::negotiate(header), locale, "{header}");
        }
    }

    #[test]
    fn a_wait_is_told_to_the_minute() {
        for (secs, ko, en) in [
            (1, "1초 뒤", "in 1 second"),
            (59, "59초 뒤", "in 59 seconds"),
            (60, "1분 뒤", "in 1 minute"),
            (3541, "1시간 뒤", "in 1 hour"),
            (3600, "1시간 뒤", "in 1 hour"),
            (7300, "2시간 2분 뒤", "in 2 hours and 2 minutes"),
            (36_060, "10시간 1분 뒤", "in 10 hours and 1 minute"),
        ] {
            let wait = Some(SignedDuration::from_secs(secs));
            assert_eq!((Locale::Ko.wait(wait).as_str(), Locale::En.wait(wait).as_str()), (ko, en));
        }
    }
}
