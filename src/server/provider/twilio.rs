//! What Twilio's interfaces have in common: sids, error codes, and the one refusal that may be repeated.

pub(super) mod signature;

use std::time::Duration;

use reqwest::RequestBuilder;
use serde::Deserialize;

use super::exchange::{Deadline, VendorAnswer};
use super::{ProviderFault, repeat};

/// The body of a refusal: `code`, `message`, `more_info`, `status` (`OpenAPI`). Only the code decides.
#[derive(Deserialize)]
struct ErrorBody {
    code: Option<u32>,
}

/// A sid of Twilio: two letters and 32 hexadecimal digits (`OpenAPI`).
pub(in crate::server) fn is_sid(prefix: &str, text: &str) -> bool {
    let digits = text.strip_prefix(prefix).unwrap_or_default();
    digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Twilio's error code, if the answer is a 4xx that has one.
pub(super) fn code(answer: &VendorAnswer) -> Option<u32> {
    if !answer.status.is_client_error() {
        return None;
    }
    answer.json::<ErrorBody>()?.code.filter(|code| is_code(*code))
}

/// Twilio's codes have five digits; six might be a one-time code, which has no place in a log.
pub(super) fn is_code(code: u32) -> bool {
    code < 100_000
}

/// Asks, and asks again while Twilio says 20429 (too many requests) and time is left: such a request was never processed.
pub(super) async fn ask(
    deadline: Deadline,
    least: Duration,
    request: impl Fn() -> RequestBuilder + Send + Sync,
) -> Result<VendorAnswer, ProviderFault> {
    repeat::ask(deadline, least, request, |answer| {
        tracing::debug!(status = answer.status.as_u16(), code = code(answer), "Twilio answered");
        (code(answer) == Some(20429)).then(|| answer.retry_after.unwrap_or_default())
    })
    .await
}
