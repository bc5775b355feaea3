//! Asks the vendors what became of accepted texts.

use super::Verifier;
use crate::server::provider::{Delivery, Provider};
use crate::server::store::{DuePoll, StoreFault};
use crate::verification::Delivered;

/// How many texts are asked about at once.
const BATCH: u32 = 16;

impl Verifier {
    /// Asks about every text that is due, and records what is final.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub async fn poll_deliveries(&self) -> Result<(), StoreFault> {
        let due = self.store.claim_polls(self.clock.now(), BATCH).await?;
        let polls = due.into_iter().map(|poll| self.poll_delivery(poll));
        futures::future::join_all(polls).await.into_iter().collect()
    }

    async fn poll_delivery(&self, poll: DuePoll) -> Result<(), StoreFault> {
        let Some(Provider::Ours(sender)) = self.providers.find(&poll.provider) else { return Ok(()) };
        let (delivered, reason) = match sender.delivery(&poll.reference).await {
            Ok(Delivery::Delivered) => (Delivered::Yes, Delivered::Yes.as_str().to_owned()),
            Ok(Delivery::Failed { reason }) => (Delivered::No, reason),
            Ok(Delivery::Waiting) => return Ok(()),
            Err(fault) => {
                tracing::debug!(%fault, "the vendor does not say what became of a text");
                return Ok(());
            }
        };
        if delivered == Delivered::No {
            tracing::warn!(send = poll.send_id, reason, "a text was not delivered");
        }
        self.store.mark_delivery(&poll.send_id, delivered, &reason, self.clock.now()).await
    }
}
