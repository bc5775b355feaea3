//! One record of who verifies which number, and what state that is in.
//!
//! ```text
//! (none) ──send reserved──▶ pending ──right code──▶ verified ──sign up──▶ account
//!                           │  ▲ resend to the same number, wrong code
//!                           ├──▶ expired     (derived from the codes' expiry, never stored)
//!                           └──▶ exhausted   (derived from attempts, never stored)
//! ```
//!
//! Any of them becomes closed when another challenge of its subject opens, at `start over`, or when its number turns out to be taken.

mod judge;
mod names;

use jiff::Timestamp;

pub use judge::Judge;
pub use names::{ChallengeId, SubjectId};

use super::policy::is_misdated;
use super::{PhoneNumber, Policy};

/// What a challenge is for. A code sent for one purpose does not serve the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A new account.
    SignUp,
    /// The session of an account that exists.
    SignIn,
}

impl Purpose {
    /// The word that is stored and posted.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignUp => "sign_up",
            Self::SignIn => "sign_in",
        }
    }

    /// The purpose that a form names; anything unknown is a sign-up.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        if word == "sign_in" { Self::SignIn } else { Self::SignUp }
    }

    /// The purpose of a stored word.
    #[must_use]
    pub fn from_stored(text: &str) -> Self {
        Self::parse(text)
    }
}

/// One challenge. Its subject, number, purpose and judge never change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// Its name, which a form hands back.
    pub id: ChallengeId,
    /// Who started it; it answers to nobody else.
    pub subject: SubjectId,
    /// The number it proves.
    pub phone_number: PhoneNumber,
    /// What its codes are good for.
    pub purpose: Purpose,
    /// Who judges its codes.
    pub judge: Judge,
    /// Who was to carry its first code: for the metrics, and for an older replica, which takes that one for the judge.
    pub first_sender: String,
    /// The hosted verifier's name for it (`VE…`), once known.
    pub provider_reference: Option<String>,
    /// What became of its newest code, where the vendor tells.
    pub delivery: Option<Delivered>,
    /// When its newest code was sent.
    pub sent_at: Timestamp,
    /// What is stored of its state.
    pub state: State,
}

/// What became of a text, as far as a stranger may know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivered {
    /// It reached a handset.
    Yes,
    /// It did not.
    No,
}

impl Delivered {
    /// The word that is stored and shown.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "delivered",
            Self::No => "failed",
        }
    }

    /// What a stored word stands for.
    #[must_use]
    pub fn from_stored(text: &str) -> Self {
        if text == "delivered" { Self::Yes } else { Self::No }
    }
}

/// What is stored of its state: expired and exhausted never are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Codes were sent; the newest is good until `expires_at`.
    Pending {
        /// Guesses made, on all its codes together.
        attempts: u32,
        /// When the newest code expires.
        expires_at: Timestamp,
    },
    /// The right code was given.
    Verified {
        /// When the right code came.
        verified_at: Timestamp,
    },
    /// Over for good.
    Closed,
}

/// Where a challenge stands at an instant: its state and what time and attempts have made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// A code may be given.
    Pending {
        /// Guesses left.
        attempts_left: u32,
        /// When the newest code expires.
        expires_at: Timestamp,
    },
    /// Every code has expired.
    Expired,
    /// No guesses left.
    Exhausted,
    /// The number is proven, and good for sign-up until then.
    Verified {
        /// When the proof is too old.
        until: Timestamp,
    },
    /// Over: closed, or verified too long ago.
    Over,
}

impl Challenge {
    /// The challenge with one more code, sent now and good until then. Attempts are shared.
    #[must_use]
    pub fn prolonged(&self, now: Timestamp, expires_at: Timestamp) -> Self {
        let state = match &self.state {
            State::Pending { attempts, .. } => State::Pending { attempts: *attempts, expires_at },
            other => other.clone(),
        };
        Self { state, delivery: None, sent_at: now, ..self.clone() }
    }

    /// When its newest code expires; none once it is verified or closed.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        match self.state {
            State::Pending { expires_at, .. } => Some(expires_at),
            State::Verified { .. } | State::Closed => None,
        }
    }

    /// Where it stands at `now`. An instant of expiry belongs to what comes after it. What a clock that was set back since has dated is
    /// over: nobody knows how old it is.
    #[must_use]
    pub fn standing(&self, policy: &Policy, now: Timestamp) -> Standing {
        match self.state {
            State::Closed => Standing::Over,
            State::Verified { verified_at } if is_misdated(verified_at, now) => Standing::Over,
            State::Verified { verified_at } => match verified_at + policy.verified_lifetime {
                until if now < until => Standing::Verified { until },
                _ => Standing::Over,
            },
            State::Pending { attempts, .. } if attempts >= policy.max_attempts => Standing::Exhausted,
            State::Pending { expires_at, .. } if now >= expires_at || is_misdated(self.sent_at, now) => Standing::Expired,
            State::Pending { attempts, expires_at } => {
                Standing::Pending { attempts_left: policy.max_attempts - attempts, expires_at }
            }
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
