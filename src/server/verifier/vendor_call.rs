//! What a vendor's answer to a send means.

use jiff::Timestamp;

use crate::server::provider::{ProviderFault, Receipt};
use crate::server::store::{SendRequest, SendResult};
use crate::verification::Outcome;

/// What a vendor's answer means for the record and for the person.
pub(super) fn judge(
    called: Result<Receipt, ProviderFault>,
    poll_at: Option<Timestamp>,
    request: &SendRequest,
) -> (SendResult, Outcome) {
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
