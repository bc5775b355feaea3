//! The vendors, in their two shapes. `reqwest` lives in this room and nowhere else.
//!
//! `SmsSender` sends our text; `HostedVerifier` makes and checks a code of its own. What a vendor answers is mapped, in the
//! vendor's own file, to one of the kinds of `ProviderFault`; nothing else of the vendor leaves its file.

pub(crate) mod callback;
mod client;
mod exchange;
pub(crate) mod failover;
#[cfg(test)]
mod fake_vendor;
mod fault;
mod health;
pub mod http_hook;
pub(crate) mod kakao;
#[cfg(test)]
mod matrix;
mod message;
mod metered;
pub mod outbox;
mod repeat;
mod report;
pub(crate) mod roster;
pub(crate) mod routes;
pub mod sens;
pub mod sens_alimtalk;
pub(crate) mod setting;
pub(crate) mod sms_text;
pub mod solapi;
pub(crate) mod twilio;
pub mod twilio_messaging;
pub mod twilio_verify;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;

use callback::{Callback, Misread, Report};
pub use client::{NoClient, Proxy, http_client};
pub(crate) use exchange::Deadline;
pub(crate) use fault::ProviderFault;
pub(crate) use message::Message;

use crate::messages::Locale;
use crate::verification::{OneTimeCode, PhoneNumber, ProviderKind};

/// How long one call of a vendor may take in all, retries and a slow body included
/// (docs/design.md, "What happens when the vendor does not answer?").
pub(crate) const TIME_LIMIT: Duration = Duration::from_secs(5);

/// How long a connection to a vendor may take to open, TLS included. Shorter than [`TIME_LIMIT`], so that a vendor that cannot be
/// reached is known to have done nothing, and the send is given back.
const CONNECT_LIMIT: Duration = Duration::from_secs(3);

/// The most that is read of a vendor's answer, in bytes: every documented answer is far smaller.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// A vendor (docs/design.md, "Why two shapes of provider?").
#[derive(Clone)]
pub(crate) enum Provider {
    /// We make and check the codes, the vendor carries the text.
    Ours(Arc<dyn SmsSender>),
    /// The vendor makes and checks the codes.
    Theirs(Arc<dyn HostedVerifier>),
}

impl Provider {
    /// The word of `SMS_PROVIDERS` that chooses it.
    #[must_use]
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Ours(sender) => sender.name(),
            Self::Theirs(verifier) => verifier.name(),
        }
    }

    #[must_use]
    pub(crate) fn kind(&self) -> ProviderKind {
        match self {
            Self::Ours(sender) if sender.tells_delivery() => ProviderKind::ReportingSender,
            Self::Ours(_) => ProviderKind::Sender,
            Self::Theirs(_) => ProviderKind::HostedVerifier,
        }
    }

    /// Whether it is asked what becomes of a text.
    #[must_use]
    pub(crate) fn is_polled(&self) -> bool {
        matches!(self, Self::Ours(sender) if sender.is_polled())
    }
}

/// A vendor that sends our text.
#[async_trait]
pub(crate) trait SmsSender: Send + Sync {
    /// The word of `SMS_PROVIDERS` that chooses it; stored with each send.
    fn name(&self) -> &'static str;

    /// Sends a text. `Ok` means that the vendor accepted it, not that it arrived.
    async fn send(&self, message: &Message<'_>) -> Result<Receipt, ProviderFault>;

    /// Whether it tells what becomes of a text.
    fn tells_delivery(&self) -> bool {
        true
    }

    /// Whether it is asked for that, and not only tells it by itself.
    fn is_polled(&self) -> bool {
        self.tells_delivery()
    }

    /// What became of an accepted text.
    async fn delivery(&self, receipt: &str) -> Result<Delivery, ProviderFault>;

    /// Whether it posts to us what became of a text.
    fn calls_back(&self) -> bool {
        false
    }

    /// Reads such a post; none where it is about no text. Only what the vendor signed is believed.
    fn read_callback(&self, _: &Callback<'_>) -> Result<Option<Report>, Misread> {
        Err(Misread::Forged)
    }
}

/// A vendor that makes and checks its own codes.
#[async_trait]
pub(crate) trait HostedVerifier: Send + Sync {
    /// The word of `SMS_PROVIDERS` that chooses it; stored with each challenge.
    fn name(&self) -> &'static str;

    /// Sends a code, or the same code again while the vendor's verification of the number is pending.
    async fn start(&self, to: &PhoneNumber, locale: Locale) -> Result<Receipt, ProviderFault>;

    /// Asks the vendor to judge a code.
    async fn check(&self, target: &CheckTarget, code: &OneTimeCode) -> Result<Verdict, ProviderFault>;

    /// What the vendor says of a verification. It may end a challenge, never verify one.
    async fn fetch(&self, reference: &str) -> Result<HostedState, ProviderFault>;

    /// Ends a verification at the vendor; one that does not exist any more is fine.
    async fn cancel(&self, reference: &str) -> Result<(), ProviderFault>;
}

/// The vendor's word that it took a send.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Receipt {
    /// The vendor's name for the request (`requestId`) or the verification (`VE…`).
    pub reference: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// No result yet.
    Waiting,
    /// It reached the handset, as far as the carrier knows.
    Delivered { carrier: &'static str },
    /// It did not; the vendor's code and words are for the operator.
    Failed { reason: String, carrier: &'static str },
}

/// Which of the vendor's verifications a code is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CheckTarget {
    /// By the vendor's name for it.
    Reference(String),
    /// By number, when the answer to the start never arrived.
    Number(PhoneNumber),
}

/// The vendor's judgement of a code. `reference` is its name for the verification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Approved {
        reference: String,
    },
    Incorrect {
        reference: String,
    },
    /// The vendor counted too many guesses (60202).
    TooManyAttempts,
    /// The vendor has no such pending verification (20404): expired, used up or used.
    Gone,
}

/// What a hosted verifier says of a verification when asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HostedState {
    Pending,
    /// A right code was given, by whoever gave it.
    Approved,
    /// Over for any other reason.
    Over,
}
