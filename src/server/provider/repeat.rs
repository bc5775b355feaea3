//! Asks a vendor again, where its answer proves that nothing was done and time is left.

use std::time::Duration;

use reqwest::RequestBuilder;

use super::ProviderFault;
use super::exchange::{Deadline, VendorAnswer, exchange};

/// The shortest wait before a request is repeated; each further one is at least twice as long.
const FIRST_BACKOFF: Duration = Duration::from_millis(100);

/// Asks until `wait_after` has no wait for an answer, or the next try would not have `least` before the deadline.
pub(super) async fn ask(
    deadline: Deadline,
    least: Duration,
    request: impl Fn() -> RequestBuilder + Send + Sync,
    wait_after: impl Fn(&VendorAnswer) -> Option<Duration> + Send + Sync,
) -> Result<VendorAnswer, ProviderFault> {
    let mut backoff = FIRST_BACKOFF;
    loop {
        let answer = exchange(request(), deadline).await?;
        let Some(wait) = wait_after(&answer).map(|wait| wait.max(backoff)) else { return Ok(answer) };
        // A repeat that begins too late would be cut off, and what is certain now would become unknown.
        if deadline.remaining() < wait.saturating_add(least) {
            return Ok(answer);
        }
        tokio::time::sleep(wait).await;
        backoff *= 2;
    }
}
