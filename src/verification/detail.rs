//! What an outcome alone does not say.

use super::InvalidPhoneNumber;

/// What exactly was wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// The box of consent was not ticked.
    Consent,
    /// The browser sent no session cookie.
    Cookies,
    /// The page is older than its session, which is over.
    SessionOver,
    /// Another session took the place of this one a moment ago; the answer that says so may still be on its way.
    JustContinued,
    /// The budget of the address is spent.
    AddressSpent,
    /// The budget of the number is spent.
    NumberSpent,
    /// The text certainly was not sent, but the number has got back as many as it may.
    Charged,
    /// The key was used for another request.
    KeyReused,
    /// The request that the key is for is still under way.
    KeyUnderWay,
    /// The code was wrong, and that was the last attempt.
    LastAttempt,
    /// The vendor repeated the code that it had sent before.
    SameCode,
    /// The browser runs no code of ours, so that a wait takes the place of work.
    Wait,
    /// What is wrong with a number.
    Number(InvalidPhoneNumber),
}

impl Detail {
    const ALL: [Self; 19] = [
        Self::Consent,
        Self::Cookies,
        Self::SessionOver,
        Self::JustContinued,
        Self::AddressSpent,
        Self::NumberSpent,
        Self::Charged,
        Self::KeyReused,
        Self::KeyUnderWay,
        Self::LastAttempt,
        Self::SameCode,
        Self::Wait,
        Self::Number(InvalidPhoneNumber::Letters),
        Self::Number(InvalidPhoneNumber::NeedsPlus),
        Self::Number(InvalidPhoneNumber::Extension),
        Self::Number(InvalidPhoneNumber::TooShort),
        Self::Number(InvalidPhoneNumber::TooLong),
        Self::Number(InvalidPhoneNumber::NotMobile),
        Self::Number(InvalidPhoneNumber::NotServed),
    ];

    /// The word that it travels by to the next page.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::Cookies => "cookies",
            Self::SessionOver => "session_over",
            Self::JustContinued => "just_continued",
            Self::AddressSpent => "address_spent",
            Self::NumberSpent => "number_spent",
            Self::Charged => "charged",
            Self::KeyReused => "key_reused",
            Self::KeyUnderWay => "key_under_way",
            Self::LastAttempt => "last_attempt",
            Self::SameCode => "same_code",
            Self::Wait => "wait",
            Self::Number(InvalidPhoneNumber::Unreadable) => "number",
            Self::Number(InvalidPhoneNumber::Letters) => "number_letters",
            Self::Number(InvalidPhoneNumber::NeedsPlus) => "number_needs_plus",
            Self::Number(InvalidPhoneNumber::Extension) => "number_extension",
            Self::Number(InvalidPhoneNumber::TooShort) => "number_too_short",
            Self::Number(InvalidPhoneNumber::TooLong) => "number_too_long",
            Self::Number(InvalidPhoneNumber::NotMobile) => "number_not_mobile",
            Self::Number(InvalidPhoneNumber::NotServed) => "number_not_served",
        }
    }

    /// The detail that a word stands for; none for one of another release.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|detail| detail.as_str() == word)
    }
}
