//! Where a person stands, as every answer tells it.

use crate::verification::{Delivered, Purpose};

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
    /// The masked number, once one is known.
    pub phone_number: Option<String>,
    /// Seconds until the newest code expires.
    pub expires_in_secs: Option<u32>,
    /// Seconds until another code may be asked for; none when one may be asked for now.
    pub resend_in_secs: Option<u32>,
    /// Sends left today.
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
