//! What became of accepted texts: asked of the vendors, or told by them.

use super::Verifier;
use crate::server::provider::{Delivery, Provider};
use crate::server::store::{CountedOf, DeliveryResult, SentText, StoreFault};
use crate::verification::guard::Counts;
use crate::verification::{Delivered, PhoneNumber};

/// How many texts are asked about at once.
const BATCH: u32 = 16;

/// What a vendor told of a text whose way is over.
pub(super) struct Told {
    text: SentText,
    provider: &'static str,
    delivered: Delivered,
    reason: String,
    carrier: &'static str,
}

impl Told {
    /// None while the text is on its way.
    pub(super) fn of(text: SentText, provider: &'static str, delivery: Delivery) -> Option<Self> {
        let (delivered, reason, carrier) = match delivery {
            Delivery::Waiting => return None,
            Delivery::Delivered { carrier } => (Delivered::Yes, Delivered::Yes.as_str().to_owned(), carrier),
            Delivery::Failed { reason, carrier } => (Delivered::No, reason, carrier),
        };
        Some(Self { text, provider, delivered, reason, carrier })
    }

    fn result(&self) -> DeliveryResult {
        let Self { text, delivered, reason, .. } = self;
        DeliveryResult { send_id: text.send_id.clone(), delivered: *delivered, reason: reason.clone() }
    }
}

impl Verifier {
    /// Asks about the texts that are due, a batch at most, and records what is final.
    pub(crate) async fn poll_deliveries(&self) -> Result<(), StoreFault> {
        let due = self.store.claim_polls(self.clock.now(), BATCH).await?;
        let asked = futures::future::join_all(due.into_iter().map(|text| self.poll_delivery(text))).await;
        self.record_told(asked.into_iter().flatten().collect()).await
    }

    async fn poll_delivery(&self, text: SentText) -> Option<Told> {
        let Some(Provider::Ours(sender)) = self.providers.find(text.provider.as_deref()?) else { return None };
        match sender.delivery(text.reference.as_deref()?).await {
            Ok(delivery) => Told::of(text, sender.name(), delivery),
            Err(fault) => {
                tracing::debug!(%fault, "the vendor does not say what became of a text");
                None
            }
        }
    }

    /// Records what became of texts. What is told again, or by another way, changes and counts nothing.
    pub(super) async fn record_told(&self, told: Vec<Told>) -> Result<(), StoreFault> {
        if told.is_empty() {
            return Ok(());
        }
        let results: Vec<_> = told.iter().map(Told::result).collect();
        let news = self.store.mark_deliveries(&results, self.clock.now()).await?;
        told.into_iter().filter(|told| news.contains(&told.text.send_id)).for_each(|told| self.tell_of(told));
        Ok(())
    }

    /// The log, the guard and the metrics learn of it.
    fn tell_of(&self, told: Told) {
        let Told { text: SentText { send_id, phone_number, requester, reserved_at, .. }, provider, delivered, reason, carrier } =
            told;
        self.metrics.count_delivery(phone_number.as_ref(), provider, carrier, delivered);
        if delivered == Delivered::Yes {
            return;
        }
        let number = phone_number.as_ref().map(PhoneNumber::masked);
        tracing::warn!(send = send_id, number, reason, "a text was not delivered");
        if let Some(phone_number) = phone_number {
            self.guard.count(&CountedOf { phone_number, requester, at: reserved_at }, Counts::NOT_SENT);
        }
    }
}
