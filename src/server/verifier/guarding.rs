//! What the use cases ask of the guard, and tell it.

use jiff::Timestamp;

use super::{Verifier, Visitor};
use crate::server::guard::Asked;
use crate::server::store::{CountedOf, SendRequest, StoreFault};
use crate::verification::guard::Counts;
use crate::verification::{Money, PhoneNumber, Verdict};

impl Verifier {
    /// What is to be done with a send by what the guard says of it.
    pub(super) async fn judge_send(&self, visitor: &Visitor, number: &PhoneNumber, now: Timestamp) -> Verdict {
        let country = number.country();
        let asked = Asked { number, country: &country, requester: &visitor.requester };
        let judged = self.guard.judge(&*self.store, &asked, now).await;
        if let Some((rule, said)) = judged.said.told() {
            self.metrics.count_verdict(rule.as_str(), said, self.guard.mode().as_str());
        }
        if judged.is_acted_on { judged.said } else { Verdict::Send }
    }

    /// What a send to a country costs; none where nobody told.
    pub(super) fn price_of(&self, country: &str) -> Option<Money> {
        let tariff = self.policy.tariff.as_ref()?;
        Some(Money { currency: tariff.currency.clone(), micros: tariff.price_of(country)? })
    }

    /// A send that was reserved counts from now on; one that came to nothing no longer.
    pub(super) fn tally_send(&self, request: &SendRequest, at: Timestamp, counts: Counts) {
        let (phone_number, requester) = (request.phone_number.clone(), request.requester.clone());
        self.guard.count(&CountedOf { phone_number, requester, at }, counts);
    }

    /// Whoever proves a number makes all its sends a person's.
    pub(super) fn tally_proof(&self, sends: &[CountedOf]) {
        for send in sends {
            self.guard.count(send, Counts::PROVEN);
        }
    }

    /// Writes what the guard counted.
    ///
    /// # Errors
    ///
    /// When the store fails; it is written later.
    pub async fn write_tally(&self) -> Result<(), StoreFault> {
        self.guard.write(&*self.store).await
    }
}
