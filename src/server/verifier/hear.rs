//! Hears vendors that call back to tell what became of a text.

use super::Verifier;
use super::deliveries::Told;
use crate::server::provider::callback::{Callback, Misread};
use crate::server::provider::{Delivery, Provider, SmsSender, http_hook, twilio_messaging};
use crate::server::store::{SentText, StoreFault};

/// Who says to call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Twilio, of a message.
    Twilio,
    /// The operator's own program behind `SMS_HTTP_URL`.
    Http,
}

/// What became of a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// The vendor said it, whether or not it was news.
    Taken,
    /// Somebody else did, or it is too old.
    Forged,
    /// The vendor signed what is no callback.
    Unreadable,
}

impl Caller {
    fn provider(self) -> &'static str {
        match self {
            Self::Twilio => twilio_messaging::NAME,
            Self::Http => http_hook::NAME,
        }
    }
}

impl Verifier {
    /// Whether such a vendor is set up, and calls back.
    pub(crate) fn hears(&self, caller: Caller) -> bool {
        self.caller(caller).is_some()
    }

    fn caller(&self, caller: Caller) -> Option<&dyn SmsSender> {
        match self.providers.find(caller.provider())? {
            Provider::Ours(sender) if sender.calls_back() => Some(&**sender),
            Provider::Ours(_) | Provider::Theirs(_) => None,
        }
    }

    /// Believes what a vendor signed. Of a forged callback the store learns nothing, so it tells nothing of what is there.
    pub(crate) async fn hear(&self, caller: Caller, callback: &Callback<'_>) -> Result<Heard, StoreFault> {
        let Some(sender) = self.caller(caller) else { return Ok(Heard::Forged) };
        let report = match sender.read_callback(callback) {
            Ok(Some(report)) => report,
            Ok(None) => return Ok(Heard::Taken),
            Err(Misread::Forged) => return Ok(Heard::Forged),
            Err(Misread::Unreadable) => return Ok(Heard::Unreadable),
        };
        if report.delivery == Delivery::Waiting || !is_name(&report.send_id) {
            return Ok(Heard::Taken);
        }
        let text = self.store.find_send(&report.send_id).await?;
        let text = text.filter(|text| is_senders(text, sender.name(), report.reference.as_deref()));
        let told = text.and_then(|text| Told::of(text, sender.name(), report.delivery));
        self.record_told(told.into_iter().collect()).await?;
        Ok(Heard::Taken)
    }
}

/// Whether a text went out by this sender, under this name: as far as that is known, since a callback may be here before the answer to its send.
fn is_senders(text: &SentText, sender: &str, reference: Option<&str>) -> bool {
    let is_same = |(kept, told): (&str, &str)| kept == told;
    text.provider.as_deref().is_none_or(|provider| provider == sender)
        && text.reference.as_deref().zip(reference).is_none_or(is_same)
}

/// Whether a send can have this name. What cannot is looked for in no database.
fn is_name(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
