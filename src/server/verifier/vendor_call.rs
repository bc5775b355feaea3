//! Hands a reserved send to the vendor, and takes its word for what became of it.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use super::{Reply, Verifier, Visitor};
use crate::server::provider::failover::Handed;
use crate::server::provider::roster::Route;
use crate::server::provider::{Deadline, Message, ProviderFault, SmsSender};
use crate::server::store::{Reservation, SendCharge, SendRequest, SendResult, StoreFault};
use crate::verification::guard::Counts;
use crate::verification::{Detail, OneTimeCode, Outcome, SendPlan};

/// When the vendor is first asked what became of a text: right after it was accepted there is no result yet (SENS API v2, list).
const FIRST_POLL_AFTER: SignedDuration = SignedDuration::from_secs(2);

impl Verifier {
    /// Whoever sends is called until `deadline`, however many of them.
    pub(super) async fn call_vendor(
        &self,
        visitor: &Visitor,
        request: &SendRequest,
        reservation: &Reservation,
        route: &Route,
        code: Option<&OneTimeCode>,
        deadline: Instant,
    ) -> Result<Reply, StoreFault> {
        let handed = match (route, code) {
            (Route::Ours(senders), Some(code)) => self.hand_over(visitor, request, reservation, senders, code, deadline).await?,
            (Route::Theirs(vendor), _) => {
                let result = self.start_hosted(&**vendor, request, reservation, visitor.locale, deadline).await?;
                Handed { by: vendor.name(), is_polled: false, result }
            }
            (Route::Ours(_), None) => unreachable!("a code is made for every send of our own"),
        };
        self.count_send(request, &handed);
        let fault = handed.result.as_ref().err().map(ToString::to_string);
        let (result, outcome) = judge(handed, self.clock.now() + FIRST_POLL_AFTER, request);
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

    /// Has a sender carry the text: another than before where the person asks again, since that one's did not help.
    async fn hand_over(
        &self,
        visitor: &Visitor,
        request: &SendRequest,
        reservation: &Reservation,
        senders: &[Arc<dyn SmsSender>],
        code: &OneTimeCode,
        deadline: Instant,
    ) -> Result<Handed, StoreFault> {
        let text = self.sms_text.as_ref().ok_or_else(|| StoreFault("there is no text for an SMS".into()))?;
        let text = text.render(visitor.locale, &request.phone_number, code);
        let is_asked_again = matches!(reservation.plan, SendPlan::AddCode(_)) && senders.len() > 1;
        let last = if is_asked_again { self.store.find_last_sender(&reservation.challenge).await? } else { None };
        let message = Message {
            send_id: &reservation.send_id,
            challenge: &reservation.challenge,
            subject: &request.subject,
            purpose: request.purpose,
            locale: visitor.locale,
            to: &request.phone_number,
            code,
            text: &text,
            deadline: Deadline::at(deadline),
        };
        let handed = self.providers.hand_over(senders, last.as_deref(), &message).await;
        let nobody = || ProviderFault::Refused("nobody sends to this country: SMS_PROVIDERS".into());
        Ok(handed.unwrap_or_else(|| Handed { by: request.provider, is_polled: false, result: Err(nobody()) }))
    }
}

/// What a vendor's answer means for the record and for the person.
fn judge(handed: Handed, poll_at: Timestamp, request: &SendRequest) -> (SendResult, Outcome) {
    let provider = handed.by;
    let fault = match handed.result {
        Ok(receipt) => {
            let poll_at = handed.is_polled.then_some(poll_at);
            return (SendResult::Accepted { provider, reference: receipt.reference, poll_at }, Outcome::CodeSent);
        }
        Err(fault) => fault,
    };
    let SendRequest { phone_number, requester, .. } = request;
    tracing::warn!(%fault, number = phone_number.masked(), requester, provider, "a send did not go through");
    match fault {
        ProviderFault::Unknown(_) => (SendResult::Unknown { provider }, Outcome::CodeMayArrive),
        ProviderFault::Blocked(_) => (SendResult::Failed, Outcome::DeliveryBlocked),
        ProviderFault::InvalidNumber(_) => (SendResult::Failed, Outcome::InvalidPhoneNumber),
        ProviderFault::QuotaExhausted(_) | ProviderFault::Refused(_) | ProviderFault::Unavailable(_) => {
            (SendResult::Failed, Outcome::DeliveryFailed)
        }
    }
}
