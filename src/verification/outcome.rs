//! The public outcomes: a closed list of stable codes. Words are in `messages`.

/// What a request came to. Codes and numbers are never renamed or reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// A code is on its way.
    CodeSent,
    /// The code was right.
    Verified,
    /// This subject is verified; nothing was sent.
    AlreadyVerified,
    /// What was asked for is the status itself.
    Status,
    /// A code was already requested; nothing was sent.
    Pending,
    /// The vendor's answer is unknown; the send counts.
    CodeMayArrive,
    /// The account exists.
    SignedUp,
    /// Expired, closed, or already used.
    CodeExpired,
    /// Not the code; an attempt is used up.
    IncorrectCode,
    /// Not a request of this interface.
    InvalidRequest,
    /// A foreign page posted.
    CrossSite,
    /// The vendor blocks this number or region as fraud.
    DeliveryBlocked,
    /// No such path.
    NotFound,
    /// Nothing to check.
    NoChallenge,
    /// An account has this number.
    PhoneNumberTaken,
    /// Sign-up before verification.
    NotVerified,
    /// Not a mobile number that can receive SMS here.
    InvalidPhoneNumber,
    /// Not six digits; costs no attempt.
    MalformedCode,
    /// Not 1 to 30 visible characters.
    InvalidNickname,
    /// No attempts left on this challenge.
    TooManyAttempts,
    /// The budget of the subject, the number or the requester is spent.
    SendsExhausted,
    /// This number was sent a code moments ago at someone else's request.
    TryLater,
    /// The send costs work first; nothing was sent.
    ChallengeRequired,
    /// The vendor refused or is down; not charged.
    DeliveryFailed,
    /// Ours, or the day's budget; nothing was lost. The last: the table is as long as this says.
    Unavailable,
}

/// Every outcome with its code, its number and its HTTP status
/// (docs/design.md, "Why is the list of outcomes closed?").
const TABLE: [(Outcome, &str, u32, u16); 25] = [
    (Outcome::CodeSent, "code_sent", 20000, 202),
    (Outcome::Verified, "verified", 20001, 200),
    (Outcome::AlreadyVerified, "already_verified", 20002, 202),
    (Outcome::Status, "status", 20003, 200),
    (Outcome::Pending, "pending", 20022, 202),
    (Outcome::CodeMayArrive, "code_may_arrive", 20023, 202),
    (Outcome::SignedUp, "signed_up", 20100, 201),
    (Outcome::CodeExpired, "code_expired", 20016, 410),
    (Outcome::IncorrectCode, "incorrect_code", 40010, 400),
    (Outcome::InvalidRequest, "invalid_request", 40000, 400),
    (Outcome::CrossSite, "cross_site", 40310, 403),
    (Outcome::DeliveryBlocked, "delivery_blocked", 40311, 403),
    (Outcome::NotFound, "not_found", 40400, 404),
    (Outcome::NoChallenge, "no_challenge", 40410, 404),
    (Outcome::PhoneNumberTaken, "phone_number_taken", 40910, 409),
    (Outcome::NotVerified, "not_verified", 40911, 409),
    (Outcome::InvalidPhoneNumber, "invalid_phone_number", 42210, 422),
    (Outcome::MalformedCode, "malformed_code", 42211, 422),
    (Outcome::InvalidNickname, "invalid_nickname", 42212, 422),
    (Outcome::TooManyAttempts, "too_many_attempts", 42910, 429),
    (Outcome::SendsExhausted, "sends_exhausted", 42911, 429),
    (Outcome::TryLater, "try_later", 42912, 429),
    (Outcome::ChallengeRequired, "challenge_required", 42913, 429),
    (Outcome::DeliveryFailed, "delivery_failed", 50210, 502),
    (Outcome::Unavailable, "unavailable", 50310, 503),
];

/// A variant without a row does not compile.
const _: () = assert!(TABLE.len() == Outcome::Unavailable as usize + 1);

impl Outcome {
    /// Every outcome there is.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.0)
    }

    /// The stable code, `code_sent`.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.row().1
    }

    /// The stable number, 20000.
    #[must_use]
    pub fn number(self) -> u32 {
        self.row().2
    }

    /// The status over `/v1`, where no detail has a more exact one.
    #[must_use]
    pub fn http_status(self) -> u16 {
        self.row().3
    }

    /// The outcome of a code, as it was stored with a session.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.1 == code).map(|row| row.0)
    }

    /// Whether the person got what was asked for.
    #[must_use]
    pub fn is_success(self) -> bool {
        self.http_status() < 400
    }

    fn row(self) -> &'static (Self, &'static str, u32, u16) {
        TABLE.iter().find(|row| row.0 == self).expect("every outcome has a row")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_and_numbers_are_unique_and_found_again() {
        let codes: HashSet<_> = Outcome::all().map(Outcome::code).collect();
        let numbers: HashSet<_> = Outcome::all().map(Outcome::number).collect();
        assert_eq!((codes.len(), numbers.len()), (TABLE.len(), TABLE.len()));
        assert!(Outcome::all().all(|outcome| Outcome::from_code(outcome.code()) == Some(outcome)));
    }
}
