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

use jiff::Timestamp;

use super::policy::is_misdated;
use super::{PhoneNumber, Policy};

/// The name of a challenge: 128 random bits in URL-safe base64.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChallengeId(String);

/// Who is verifying: a browser's session or an account. It outlives the rotation of the session's cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectId(String);

macro_rules! stored_text {
    ($name:ident) => {
        impl $name {
            /// A value as it was stored or made.
            #[must_use]
            pub fn from_stored(text: String) -> Self {
                Self(text)
            }

            /// The text to store.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
}
stored_text!(ChallengeId);

/// 128 random bits in URL-safe base64 without padding.
const CHALLENGE_ID_CHARS: usize = 22;

impl ChallengeId {
    /// Reads what a caller says is the name of a challenge; none when no challenge can have it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (text.len() == CHALLENGE_ID_CHARS && text.bytes().all(is_name)).then(|| Self(text.to_owned()))
    }
}

stored_text!(SubjectId);

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

/// One challenge. Its subject, number, purpose and provider never change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// Its name.
    pub id: ChallengeId,
    /// Who started it; it answers to nobody else.
    pub subject: SubjectId,
    /// The number it proves.
    pub phone_number: PhoneNumber,
    /// What it is for.
    pub purpose: Purpose,
    /// The name of the provider that judges its codes.
    pub provider: String,
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

/// The stored state.
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
        /// When.
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
pub(super) mod tests {
    use super::*;
    use jiff::SignedDuration;

    pub(in crate::verification) fn at(secs: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + secs).expect("in range")
    }

    pub(in crate::verification) fn pending(attempts: u32, expires_in_secs: i64) -> Challenge {
        Challenge {
            id: ChallengeId::from_stored("c".into()),
            subject: SubjectId::from_stored("s".into()),
            phone_number: PhoneNumber::from_stored("+821012345678".into()),
            purpose: Purpose::SignUp,
            provider: "outbox".into(),
            provider_reference: None,
            delivery: None,
            sent_at: at(0),
            state: State::Pending { attempts, expires_at: at(expires_in_secs) },
        }
    }

    #[test]
    fn a_code_works_until_the_instant_it_expires() {
        let (policy, challenge) = (Policy::default(), pending(0, 300));
        let last_moment = at(300) - SignedDuration::from_millis(1);
        assert!(matches!(challenge.standing(&policy, last_moment), Standing::Pending { attempts_left: 5, .. }));
        assert_eq!(challenge.standing(&policy, at(300)), Standing::Expired);
    }

    #[test]
    fn the_fifth_attempt_exhausts_a_challenge_even_after_it_expired() {
        let policy = Policy::default();
        assert!(matches!(pending(4, 300).standing(&policy, at(0)), Standing::Pending { attempts_left: 1, .. }));
        assert_eq!(pending(5, 300).standing(&policy, at(0)), Standing::Exhausted);
        assert_eq!(pending(5, 300).standing(&policy, at(400)), Standing::Exhausted);
    }

    #[test]
    fn a_proof_is_good_for_half_an_hour() {
        let policy = Policy::default();
        let challenge = Challenge { state: State::Verified { verified_at: at(0) }, ..pending(1, 300) };
        assert_eq!(challenge.standing(&policy, at(1799)), Standing::Verified { until: at(1800) });
        assert_eq!(challenge.standing(&policy, at(1800)), Standing::Over);
    }

    #[test]
    fn a_clock_that_steps_back_prolongs_neither_code_nor_proof() {
        let (policy, code) = (Policy::default(), pending(0, 300));
        let proof = Challenge { state: State::Verified { verified_at: at(0) }, ..pending(1, 300) };
        for step_secs in [6, 60, 300, 36_000] {
            assert_eq!(code.standing(&policy, at(-step_secs)), Standing::Expired, "{step_secs}");
            assert_eq!(proof.standing(&policy, at(-step_secs)), Standing::Over, "{step_secs}");
        }
        assert!(matches!(code.standing(&policy, at(-5)), Standing::Pending { .. }), "replicas differ by that much");
    }

    #[test]
    fn a_closed_challenge_stays_closed() {
        let challenge = Challenge { state: State::Closed, ..pending(0, 300) };
        assert_eq!(challenge.standing(&Policy::default(), at(0)), Standing::Over);
    }
}
