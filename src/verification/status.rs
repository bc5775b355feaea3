//! Where a person stands, as every answer tells it.

use jiff::{SignedDuration, Timestamp};

use super::{Delivered, PhoneNumber, Policy, Purpose, SendHistory, Standing};

/// The state of a subject's verification.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VerificationState {
    /// Nothing was asked for.
    #[default]
    None,
    /// A code is good.
    Pending,
    /// Every code has expired.
    Expired,
    /// No attempts left.
    Exhausted,
    /// The number is proven.
    Verified,
    /// The session has an account.
    SignedUp,
}

impl VerificationState {
    /// Every state there is.
    pub const ALL: [Self; 6] = [Self::None, Self::Pending, Self::Expired, Self::Exhausted, Self::Verified, Self::SignedUp];

    /// The stable word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Pending => "pending",
            Self::Expired => "expired",
            Self::Exhausted => "exhausted",
            Self::Verified => "verified",
            Self::SignedUp => "signed_up",
        }
    }
}

/// What kind of provider holds a challenge, as far as the words of the page depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProviderKind {
    /// It sends our codes, and tells nothing of them afterwards.
    Sender,
    /// It sends our codes, and tells what became of each.
    ReportingSender,
    /// It makes codes of its own, and repeats the same one when it is asked again.
    HostedVerifier,
}

impl ProviderKind {
    /// The word that the page knows it by.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sender => "sender",
            Self::ReportingSender => "reporting_sender",
            Self::HostedVerifier => "hosted_verifier",
        }
    }
}

/// The whole status. Seconds are rounded up, so that nothing is promised too early.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Where the verification stands.
    pub state: VerificationState,
    /// The number, once one is known. Whoever tells it, masks it.
    pub phone_number: Option<PhoneNumber>,
    /// Seconds until the newest code expires.
    pub expires_in_secs: Option<u32>,
    /// Seconds until another code may be asked for; none when one may be asked for now.
    pub resend_in_secs: Option<u32>,
    /// Sends left in the rolling day.
    pub sends_left: u32,
    /// Guesses left at this challenge.
    pub attempts_left: Option<u32>,
    /// The challenge that a code would be for.
    pub challenge_id: Option<String>,
    /// What became of its newest code, where the vendor tells.
    pub delivery: Option<Delivered>,
    /// What kind of provider holds it; none when that one's settings are gone.
    pub provider: Option<ProviderKind>,
    /// What that challenge is for.
    pub purpose: Option<Purpose>,
}

impl Status {
    /// Where a subject with this history stands. `provider` is what kind of provider holds its challenge; none when nobody is there to judge its
    /// codes any more.
    #[must_use]
    pub fn of(history: &SendHistory, provider: Option<ProviderKind>, policy: &Policy, now: Timestamp) -> Self {
        let resend_at = policy.resend_at(history, now).max(history.requester_spent_until(now));
        let nothing = Self {
            sends_left: policy.sends_left(history.subject_sends.len(), None),
            resend_in_secs: resend_at.and_then(|at| secs_until(at, now)),
            ..Self::default()
        };
        let Some(challenge) = &history.current else { return nothing };
        let (state, attempts_left, expires_at) = match challenge.standing(policy, now) {
            Standing::Over => return nothing,
            Standing::Pending { .. } if provider.is_none() => (VerificationState::Expired, None, None),
            Standing::Pending { attempts_left, expires_at } => (VerificationState::Pending, Some(attempts_left), Some(expires_at)),
            Standing::Expired => (VerificationState::Expired, None, None),
            Standing::Exhausted => (VerificationState::Exhausted, Some(0), None),
            Standing::Verified { .. } => (VerificationState::Verified, None, None),
        };
        let resend_at = resend_at.max(policy.number_rests_until(history, now));
        Self {
            state,
            phone_number: Some(challenge.phone_number.clone()),
            expires_in_secs: expires_at.and_then(|at| secs_until(at, now)),
            resend_in_secs: resend_at.and_then(|at| secs_until(at, now)),
            sends_left: policy.sends_left(history.subject_sends.len(), Some(history.number_sends.len())),
            attempts_left,
            challenge_id: Some(challenge.id.as_str().to_owned()),
            delivery: challenge.delivery,
            provider,
            purpose: Some(challenge.purpose),
        }
    }

    /// The status as the page of a purpose shows it. A challenge belongs to the page that started it, but a number that is proven is
    /// proven on either.
    #[must_use]
    pub fn on_page_of(self, purpose: Purpose) -> Self {
        let is_elsewhere = self.purpose.is_some_and(|started| started != purpose);
        if !is_elsewhere || self.state == VerificationState::Verified {
            return self;
        }
        Self { resend_in_secs: self.resend_in_secs, sends_left: self.sends_left, ..Self::default() }
    }
}

fn secs_until(at: Timestamp, now: Timestamp) -> Option<u32> {
    whole_secs(at.duration_since(now))
}

/// Seconds, rounded up; none when nothing is left.
#[must_use]
pub fn whole_secs(left: SignedDuration) -> Option<u32> {
    let millis = left.as_millis();
    u32::try_from(millis.div_euclid(1000) + i128::from(millis.rem_euclid(1000) > 0)).ok().filter(|secs| *secs > 0)
}

#[cfg(test)]
mod tests;
