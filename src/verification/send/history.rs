//! What is known when a send is asked for.

use jiff::Timestamp;

use crate::verification::policy::HOUR;
use crate::verification::{Challenge, DaySpent};

/// What the store knows when a send is asked for. Lists are newest first, hold only what counts against the budget, and no more
/// entries than the budget has.
#[derive(Clone, Debug, Default)]
pub struct SendHistory {
    /// The subject's challenge that is not closed.
    pub current: Option<Challenge>,
    /// An account has the number.
    pub is_number_taken: bool,
    /// When the subject asked, within a day.
    pub subject_sends: Vec<CountedSend>,
    /// When the number was sent codes, within a day.
    pub number_sends: Vec<Timestamp>,
    /// The oldest of the last `max_sends_per_requester` sends within an hour: there only when the budget is spent.
    pub requester_spent_at: Option<Timestamp>,
    /// What of the service's day is spent.
    pub day: DaySpent,
}

impl SendHistory {
    /// When the requester's hour has room again; none while it has.
    #[must_use]
    pub fn requester_spent_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.requester_spent_at.map(|at| at.min(now) + HOUR)
    }

    /// What is known once a send is reserved: its challenge, and that it counts.
    #[must_use]
    pub fn with_send(&self, challenge: Challenge, at: Timestamp) -> Self {
        let mut after = Self { current: Some(challenge), ..self.clone() };
        after.subject_sends.insert(0, CountedSend { at, is_delivery: true });
        after.number_sends.insert(0, at);
        after
    }
}

/// One entry of a subject's budget.
#[derive(Clone, Copy, Debug)]
pub struct CountedSend {
    /// When it was reserved.
    pub at: Timestamp,
    /// Whether a code went out; an answer «taken» counts, but nobody waits for it.
    pub is_delivery: bool,
}
