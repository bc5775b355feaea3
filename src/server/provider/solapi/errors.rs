//! What Solapi's refusals mean: what they are called first, the HTTP status where they have no name.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::super::ProviderFault;
use super::super::exchange::{VendorAnswer, fault_by_status};

/// The body of a refusal. Only the code decides: the words may repeat the number.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ErrorBody {
    error_code: Option<String>,
}

/// What a refusal is called, in small letters: documents write `InvalidAPIKey` and clients `InvalidApiKey`. None where it is no answer
/// of Solapi, or has digits in it, which might be a number or a one-time code.
pub(super) fn error_name(answer: &VendorAnswer) -> Option<String> {
    let is_refusal = answer.status.is_client_error() || answer.status.is_server_error();
    let name = is_refusal.then(|| answer.json::<ErrorBody>()).flatten()?.error_code?;
    let is_word = (1..=40).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_word.then(|| name.to_ascii_lowercase())
}

/// The body of a success, as what it must be.
pub(super) fn success<T: DeserializeOwned>(answer: &VendorAnswer) -> Result<T, ProviderFault> {
    if answer.status.is_success() { answer.json().ok_or_else(|| unreadable(answer)) } else { Err(refusal(answer)) }
}

/// A success that is not what Solapi documents, or that contradicts itself: nothing is certain.
pub(super) fn unreadable(answer: &VendorAnswer) -> ProviderFault {
    ProviderFault::Unknown(format!("{}, not an answer of Solapi", answer.summary(None)))
}

fn refusal(answer: &VendorAnswer) -> ProviderFault {
    let found = error_name(answer);
    tracing::debug!(status = answer.status.as_u16(), code = found, "Solapi refused");
    let detail = answer.summary(found.as_deref());
    match (found.as_deref(), answer.status.as_u16()) {
        // A request with this signature was there before, and may have sent a text.
        (Some("duplicatedsignature"), _) => ProviderFault::Unknown(detail),
        (Some("notenoughbalance" | "balanceinsufficient"), 400..=499) | (None, 402) => ProviderFault::QuotaExhausted(detail),
        _ => fault_by_status(answer.status, detail),
    }
}
