//! The outbox: texts stay in memory and are shown at `/inbox`, so that the first run needs no account anywhere.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Delivery, Message, ProviderFault, Receipt, SmsSender};
use crate::server::clock::Clock;
use crate::server::metrics::OTHER;
use crate::verification::PhoneNumber;

/// The word of `SMS_PROVIDERS` that chooses it.
pub const NAME: &str = "outbox";
/// How many texts are kept; the oldest goes first.
const KEPT_MESSAGES: usize = 200;

/// A text that would have been sent. `Debug` does not show it: there is a code in it.
#[derive(Clone, PartialEq, Eq)]
pub struct OutboxMessage {
    /// The number that it would have gone to.
    pub to: PhoneNumber,
    /// The whole SMS, with code and origin.
    pub text: String,
    pub(crate) sent_at: Timestamp,
}

impl std::fmt::Debug for OutboxMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OutboxMessage").field("to", &self.to).field("sent_at", &self.sent_at).finish_non_exhaustive()
    }
}

/// A sender that sends nothing, and shows what it would have sent.
pub struct Outbox {
    clock: Arc<dyn Clock>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    newest_first: VecDeque<OutboxMessage>,
    taken: u64,
}

impl Outbox {
    #[must_use]
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, kept: Mutex::default() }
    }

    /// The texts, newest first, `KEPT_MESSAGES` at most.
    #[must_use]
    pub fn messages(&self) -> Vec<OutboxMessage> {
        self.kept().newest_first.iter().cloned().collect()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Nothing between lock and unlock leaves it half-changed, so a panic elsewhere is no reason to stop.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl SmsSender for Outbox {
    fn name(&self) -> &'static str {
        NAME
    }

    fn tells_delivery(&self) -> bool {
        false
    }

    async fn send(&self, message: &Message<'_>) -> Result<Receipt, ProviderFault> {
        let sent_at = self.clock.now();
        let mut kept = self.kept();
        kept.newest_first.truncate(KEPT_MESSAGES - 1);
        kept.newest_first.push_front(OutboxMessage { to: message.to.clone(), text: message.text.to_owned(), sent_at });
        kept.taken += 1;
        Ok(Receipt { reference: Some(format!("outbox-{}", kept.taken)) })
    }

    async fn delivery(&self, _receipt: &str) -> Result<Delivery, ProviderFault> {
        Ok(Delivery::Delivered { carrier: OTHER })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::clock::ManualClock;
    use crate::server::provider::message::Parcel;

    fn outbox() -> Outbox {
        Outbox::new(Arc::new(ManualClock::at(1_700_000_000_123)))
    }

    #[tokio::test]
    async fn what_is_sent_is_shown_newest_first() {
        let outbox = outbox();
        for text in ["first", "second"] {
            let receipt = outbox.send(&Parcel::new(text).message()).await.expect("accepted");
            assert_eq!(outbox.delivery(&receipt.reference.expect("reference")).await, Ok(Delivery::Delivered { carrier: OTHER }));
        }
        let texts: Vec<_> = outbox.messages().into_iter().map(|message| message.text).collect();
        assert_eq!(texts, ["second", "first"]);
        assert_eq!(outbox.messages()[0].sent_at.as_millisecond(), 1_700_000_000_123);
    }

    #[tokio::test]
    async fn the_oldest_of_two_hundred_goes_first() {
        let outbox = outbox();
        for n in 0..=KEPT_MESSAGES {
            outbox.send(&Parcel::new(&n.to_string()).message()).await.expect("accepted");
        }
        let messages = outbox.messages();
        assert_eq!(messages.len(), KEPT_MESSAGES);
        assert_eq!((messages[0].text.as_str(), messages[199].text.as_str()), ("200", "1"));
    }

    #[tokio::test]
    async fn a_message_does_not_show_its_text_or_number() {
        let outbox = outbox();
        outbox.send(&Parcel::new("[Beonho] 123456").message()).await.expect("accepted");
        let shown = format!("{:?}", outbox.messages());
        assert!(!shown.contains("123456") && !shown.contains("1012345678"), "{shown}");
    }
}
