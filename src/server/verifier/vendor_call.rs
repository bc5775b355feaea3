//! Hands a reserved send to the vendor, and takes its word for what became of it.

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use super::{Reply, Verifier, Visitor};
use crate::server::provider::{Provider, ProviderFault, Receipt};
use crate::server::store::{Reservation, SendCharge, SendRequest, SendResult, StoreFault};
use crate::verification::guard::Counts;
use crate::verification::{Detail, OneTimeCode, Outcome, SendPlan};

/// When the vendor is first asked what became of a text: right after it was accepted there is no result yet (SENS API v2, list).
const FIRST_POLL_AFTER: SignedDuration = SignedDuration::from_secs(2);

impl Verifier {
    /// A hosted verifier is called until `deadline`; a sender keeps a limit of its own.
    pub(super) async fn call_vendor(
        &self,
        visitor: &Visitor,
        request: &SendRequest,
        reservation: &Reservation,
        code: Option<&OneTimeCode>,
        deadline: Instant,
    ) -> Result<Reply, StoreFault> {
        let called = match (self.providers.current(), code) {
            (Provider::Ours(sender), Some(code)) => {
                let text = self.sms_text.as_ref().ok_or_else(|| StoreFault("there is no text for an SMS".into()))?;
                sender.send(&request.phone_number, &text.render(visitor.locale, code)).await
            }
            (Provider::Theirs(verifier), _) => {
                self.start_hosted(&**verifier, request, reservation, visitor.locale, deadline).await?
            }
            (Provider::Ours(_), None) => unreachable!("a code is made for every send of our own"),
        };
        self.count_send(request, &called);
        let fault = called.as_ref().err().map(ToString::to_string);
        let (result, outcome) = judge(called, self.first_poll_at(), request);
        let charge = self.store.mark_send(&reservation.send_id, &result, self.clock.now()).await?;
        if result == SendResult::Failed {
            self.tally_send(request, reservation.at, Counts::NOT_SENT);
        }
        if let Some(fault) = fault {
            // For the operator: what the person is told does not hang on it.
            let _ = self.store.note_fault(&reservation.send_id, &fault).await;
        }
        if result == SendResult::Failed {
            return self.answer_failed(visitor, outcome, charge).await;
        }
        let is_repeated = code.is_none() && matches!(reservation.plan, SendPlan::AddCode(_)) && outcome == Outcome::CodeSent;
        let reply = Reply::of(outcome, self.status_as_seen(&visitor.session, &reservation.after).await?);
        Ok(Reply { detail: is_repeated.then_some(Detail::SameCode), ..reply })
    }

    /// A number that has got back as many sends as it may rests before it is tried again.
    async fn answer_failed(&self, visitor: &Visitor, outcome: Outcome, charge: SendCharge) -> Result<Reply, StoreFault> {
        let reply = self.answer(&visitor.session, outcome).await?;
        let is_charged = charge == SendCharge::Kept && outcome == Outcome::DeliveryFailed;
        let retry_after = is_charged.then(|| self.policy.number_rest());
        Ok(Reply { detail: is_charged.then_some(Detail::Charged), retry_after, ..reply })
    }

    fn first_poll_at(&self) -> Option<Timestamp> {
        self.providers.current().tells_delivery().then(|| self.clock.now() + FIRST_POLL_AFTER)
    }
}

/// What a vendor's answer means for the record and for the person.
fn judge(called: Result<Receipt, ProviderFault>, poll_at: Option<Timestamp>, request: &SendRequest) -> (SendResult, Outcome) {
    let fault = match called {
        Ok(receipt) => return (SendResult::Accepted { reference: receipt.reference, poll_at }, Outcome::CodeSent),
        Err(fault) => fault,
    };
    let SendRequest { phone_number, requester, provider, .. } = request;
    tracing::warn!(%fault, number = phone_number.masked(), requester, provider, "a send did not go through");
    match fault {
        ProviderFault::Unknown(_) => (SendResult::Unknown, Outcome::CodeMayArrive),
        ProviderFault::Blocked(_) => (SendResult::Failed, Outcome::DeliveryBlocked),
        ProviderFault::InvalidNumber(_) => (SendResult::Failed, Outcome::InvalidPhoneNumber),
        ProviderFault::QuotaExhausted(_) | ProviderFault::Refused(_) | ProviderFault::Unavailable(_) => {
            (SendResult::Failed, Outcome::DeliveryFailed)
        }
    }
}
