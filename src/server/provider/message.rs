//! What a sender is given.

use super::Deadline;
use crate::messages::Locale;
use crate::verification::{ChallengeId, OneTimeCode, PhoneNumber, Purpose, SubjectId};

/// A text to send, and what a vendor may need to know of it. `Debug` does not exist: there is a code in it.
pub(crate) struct Message<'a> {
    /// The name of the send, which is the same on every try.
    pub(crate) send_id: &'a str,
    pub(crate) challenge: &'a ChallengeId,
    pub(crate) subject: &'a SubjectId,
    pub(crate) purpose: Purpose,
    pub(crate) locale: Locale,
    pub(crate) to: &'a PhoneNumber,
    pub(crate) code: &'a OneTimeCode,
    /// The whole text, with the line that binds the code to its origin.
    pub(crate) text: &'a str,
    /// When the send must be over, whoever else was tried before.
    pub(crate) deadline: Deadline,
}

/// A message for tests, with all that it borrows.
#[cfg(test)]
pub(super) struct Parcel {
    challenge: ChallengeId,
    subject: SubjectId,
    pub(super) to: PhoneNumber,
    code: OneTimeCode,
    text: String,
    time_limit: std::time::Duration,
}

#[cfg(test)]
impl Parcel {
    /// With a text, to 010-1234-5678, in five seconds. Its code is 654321.
    pub(super) fn new(text: &str) -> Self {
        Self {
            challenge: ChallengeId::from_stored("challenge".into()),
            subject: SubjectId::from_stored("subject".into()),
            to: PhoneNumber::from_stored("+821012345678".into()),
            code: OneTimeCode::parse("654321").expect("a code"),
            text: text.to_owned(),
            time_limit: super::TIME_LIMIT,
        }
    }

    pub(super) fn to(self, e164: &str) -> Self {
        Self { to: PhoneNumber::from_stored(e164.to_owned()), ..self }
    }

    pub(super) fn within(self, time_limit: std::time::Duration) -> Self {
        Self { time_limit, ..self }
    }

    /// The message; its time begins now.
    pub(super) fn message(&self) -> Message<'_> {
        let Self { challenge, subject, to, code, text, .. } = self;
        let deadline = Deadline::after(self.time_limit);
        let (purpose, locale) = (Purpose::SignUp, Locale::Ko);
        Message { send_id: "send-1", challenge, subject, purpose, locale, to, code, text, deadline }
    }
}
