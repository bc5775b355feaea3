//! Asks the vendors what became of accepted texts.

use super::Verifier;
use crate::server::provider::{Delivery, Provider};
use crate::server::store::{CountedOf, DeliveryResult, DuePoll, StoreFault};
use crate::verification::guard::Counts;
use crate::verification::{Delivered, PhoneNumber};

/// How many texts are asked about at once.
const BATCH: u32 = 16;

/// What a vendor told of a text, for the metrics.
struct Told {
    number: Option<PhoneNumber>,
    provider: &'static str,
    carrier: &'static str,
    delivered: Delivered,
}

impl Verifier {
    /// Asks about the texts that are due, a batch at most, and records what is final.
    pub(crate) async fn poll_deliveries(&self) -> Result<(), StoreFault> {
        let due = self.store.claim_polls(self.clock.now(), BATCH).await?;
        let asked = futures::future::join_all(due.into_iter().map(|poll| self.poll_delivery(poll))).await;
        let (results, told): (Vec<_>, Vec<_>) = asked.into_iter().flatten().unzip();
        if results.is_empty() {
            return Ok(());
        }
        self.store.mark_deliveries(&results, self.clock.now()).await?;
        for Told { number, provider, carrier, delivered } in told {
            self.metrics.count_delivery(number.as_ref(), provider, carrier, delivered);
        }
        Ok(())
    }

    async fn poll_delivery(&self, poll: DuePoll) -> Option<(DeliveryResult, Told)> {
        let Some(Provider::Ours(sender)) = self.providers.find(&poll.provider) else { return None };
        let (delivered, reason, carrier) = match sender.delivery(&poll.reference).await {
            Ok(Delivery::Delivered { carrier }) => (Delivered::Yes, Delivered::Yes.as_str().to_owned(), carrier),
            Ok(Delivery::Failed { reason, carrier }) => (Delivered::No, reason, carrier),
            Ok(Delivery::Waiting) => return None,
            Err(fault) => {
                tracing::debug!(%fault, "the vendor does not say what became of a text");
                return None;
            }
        };
        if delivered == Delivered::No {
            let number = poll.phone_number.as_ref().map(PhoneNumber::masked);
            tracing::warn!(send = poll.send_id, number, reason, "a text was not delivered");
            if let Some(phone_number) = poll.phone_number.clone() {
                let send = CountedOf { phone_number, requester: poll.requester, at: poll.reserved_at };
                self.guard.count(&send, Counts::NOT_SENT);
            }
        }
        let told = Told { number: poll.phone_number, provider: sender.name(), carrier, delivered };
        Some((DeliveryResult { send_id: poll.send_id, delivered, reason }, told))
    }
}
