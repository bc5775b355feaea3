//! Asks the vendors what became of accepted texts.

use super::Verifier;
use crate::server::provider::{Delivery, Provider};
use crate::server::store::{DeliveryResult, DuePoll, StoreFault};
use crate::verification::{Delivered, PhoneNumber};

/// How many texts are asked about at once.
const BATCH: u32 = 16;

impl Verifier {
    /// Asks about the texts that are due, a batch at most, and records what is final.
    pub(crate) async fn poll_deliveries(&self) -> Result<(), StoreFault> {
        let due = self.store.claim_polls(self.clock.now(), BATCH).await?;
        let asked = futures::future::join_all(due.into_iter().map(|poll| self.poll_delivery(poll))).await;
        let results: Vec<_> = asked.into_iter().flatten().collect();
        if results.is_empty() { Ok(()) } else { self.store.mark_deliveries(&results, self.clock.now()).await }
    }

    async fn poll_delivery(&self, poll: DuePoll) -> Option<DeliveryResult> {
        let Some(Provider::Ours(sender)) = self.providers.find(&poll.provider) else { return None };
        let (delivered, reason) = match sender.delivery(&poll.reference).await {
            Ok(Delivery::Delivered) => (Delivered::Yes, Delivered::Yes.as_str().to_owned()),
            Ok(Delivery::Failed { reason }) => (Delivered::No, reason),
            Ok(Delivery::Waiting) => return None,
            Err(fault) => {
                tracing::debug!(%fault, "the vendor does not say what became of a text");
                return None;
            }
        };
        if delivered == Delivered::No {
            let number = poll.phone_number.as_ref().map(PhoneNumber::masked);
            tracing::warn!(send = poll.send_id, number, reason, "a text was not delivered");
        }
        Some(DeliveryResult { send_id: poll.send_id, delivered, reason })
    }
}
