//! Why no code is sent.

use jiff::Timestamp;

use crate::verification::GuardRule;

/// Whose budget of sends it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// `MAX_SENDS_PER_SUBJECT`, in a day.
    Subject,
    /// `MAX_SENDS_PER_NUMBER`, in a day.
    Number,
    /// `MAX_SENDS_PER_REQUESTER`, in an hour.
    Requester,
}

/// Why no code is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendRefusal {
    /// The session has an account.
    SignedUp,
    /// The subject is verified already.
    AlreadyVerified,
    /// An account has this number.
    NumberTaken,
    /// The subject asked a moment ago.
    Cooldown {
        /// When it may ask again.
        until: Timestamp,
    },
    /// The number was sent a code a moment ago, at someone else's request.
    NumberResting {
        /// When it may be sent another.
        until: Timestamp,
    },
    /// A budget is spent.
    Exhausted {
        /// Of several, the one that has room last.
        budget: Budget,
        /// When a send is possible again.
        until: Timestamp,
    },
    /// The whole service has spent its day's sends.
    ServiceExhausted,
    /// The day's money is spent, or the part of it that is for the country.
    MoneyExhausted,
    /// What is left of the day is kept for people who sign in to an account.
    KeptForAccounts {
        /// It tells that the number has no account, which costs as much as to be told that it has one.
        is_charged: bool,
    },
    /// The number is one of those that are held, by this rule.
    Held(GuardRule),
    /// The send is doubtful, and nobody has worked for it.
    ChallengeRequired,
}

impl SendRefusal {
    /// The name of the rule that refused, for the operator. Names are stored and counted, so they never change.
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::SignedUp => "signed_up",
            Self::AlreadyVerified => "already_verified",
            Self::NumberTaken => "number_taken",
            Self::Cooldown { .. } => "cooldown",
            Self::NumberResting { .. } => "number_resting",
            Self::Exhausted { budget: Budget::Subject, .. } => "subject_budget",
            Self::Exhausted { budget: Budget::Number, .. } => "number_budget",
            Self::Exhausted { budget: Budget::Requester, .. } => "requester_budget",
            Self::ServiceExhausted => "day_budget",
            Self::MoneyExhausted => "money",
            Self::KeptForAccounts { .. } => "sign_in_share",
            Self::Held(GuardRule::Denied) => "denied",
            Self::Held(GuardRule::C1) => "country_held",
            Self::Held(_) => "prefix_held",
            Self::ChallengeRequired => "challenge",
        }
    }

    /// Whether it tells whether a number has an account: then it counts for subject and requester, so that nobody asks for many.
    #[must_use]
    pub const fn is_charged(&self) -> bool {
        matches!(self, Self::NumberTaken | Self::KeptForAccounts { is_charged: true })
    }
}
