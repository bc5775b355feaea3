//! The numbers of the service (docs/design.md, "Why these numbers?").

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::money::{Shares, Tariff};

/// The longest code lifetime allowed, in seconds: OWASP ASVS 5.0, 6.5.5 (ten minutes).
pub const MAX_CODE_LIFETIME_SECS: u64 = 600;
/// How far back the budgets of numbers, subjects and the whole service look.
pub const DAY: SignedDuration = SignedDuration::from_hours(24);
/// How far back the budget of a requester looks.
pub const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// How many failed sends a number gets back in a day, so that a failing vendor cannot lift the limit.
pub const MAX_SENDS_GIVEN_BACK: u32 = 3;
/// How far the clocks of two replicas may part. What was done later than that is dated by a clock that was wrong: nobody waits for it, and no
/// code of that time is good.
pub const MAX_CLOCK_SKEW: SignedDuration = SignedDuration::from_secs(5);
/// The longest a number itself rests between two sends, in seconds.
const MAX_NUMBER_REST_SECS: i64 = 60;

/// The numbers of the service. Each is set by the environment variable of the same name.
#[derive(Clone, Debug)]
pub struct Policy {
    /// How long a code is good.
    pub code_lifetime: SignedDuration,
    /// The wait of a subject before another send, whatever the number.
    pub resend_cooldown: SignedDuration,
    /// Sends to one number in a rolling day.
    pub max_sends_per_number: u32,
    /// Sends asked by one subject in a rolling day.
    pub max_sends_per_subject: u32,
    /// Sends asked from one address in a rolling hour.
    pub max_sends_per_requester: u32,
    /// Sends of the whole service in a rolling day.
    pub max_sends_per_day: u32,
    /// Guesses at one challenge.
    pub max_attempts: u32,
    /// How long a proof is good for sign-up.
    pub verified_lifetime: SignedDuration,
    /// What sends cost; none where nobody told.
    pub tariff: Option<Arc<Tariff>>,
    /// Which part of a day is for whom.
    pub shares: Shares,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            code_lifetime: SignedDuration::from_secs(300),
            resend_cooldown: SignedDuration::from_secs(60),
            max_sends_per_number: 5,
            max_sends_per_subject: 5,
            max_sends_per_requester: 60,
            max_sends_per_day: 1000,
            max_attempts: 5,
            verified_lifetime: SignedDuration::from_secs(1800),
            tariff: None,
            shares: Shares::default(),
        }
    }
}

impl Policy {
    /// How long a number itself rests, whoever asks.
    #[must_use]
    pub fn number_rest(&self) -> SignedDuration {
        self.resend_cooldown.min(SignedDuration::from_secs(MAX_NUMBER_REST_SECS))
    }
}

/// Whether an instant is so far ahead that the clock must have been set back since.
#[must_use]
pub fn is_misdated(at: Timestamp, now: Timestamp) -> bool {
    at > now + MAX_CLOCK_SKEW
}
