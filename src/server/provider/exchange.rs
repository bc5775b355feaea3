//! One HTTP exchange with a vendor, under a time limit, and what its failure means: certain or unknown
//! (docs/design.md, "What happens when the vendor does not answer?").

use std::time::{Duration, UNIX_EPOCH};

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use reqwest::{RequestBuilder, StatusCode};
use serde::de::DeserializeOwned;
use tokio::time::{Instant, timeout_at};

use super::{MAX_ANSWER_BYTES, ProviderFault};

/// When a call of a vendor must be over, whatever it is made of.
#[derive(Clone, Copy)]
pub(crate) struct Deadline(Instant);

impl Deadline {
    /// The end of a call that must be over then.
    pub(crate) fn at(end: Instant) -> Self {
        Self(end)
    }

    /// The end of a call that starts now.
    pub(super) fn after(limit: Duration) -> Self {
        Self(Instant::now() + limit)
    }

    /// What is left of the call.
    pub(super) fn remaining(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }
}

pub(super) struct VendorAnswer {
    pub(super) status: StatusCode,
    /// A `Retry-After` in seconds; one that is not a number counts as absent.
    pub(super) retry_after: Option<Duration>,
    /// The other side's clock (`Date`), in unix seconds.
    pub(super) date_secs: Option<i64>,
    body: Vec<u8>,
    is_whole: bool,
}

impl VendorAnswer {
    /// The body as JSON of a known shape; none when it is anything else, was cut, or is longer than [`MAX_ANSWER_BYTES`].
    pub(super) fn json<T: DeserializeOwned>(&self) -> Option<T> {
        self.is_whole.then(|| serde_json::from_slice(&self.body).ok()).flatten()
    }

    /// Whether it came whole and there is nothing in it.
    pub(super) fn is_blank(&self) -> bool {
        self.is_whole && self.body.iter().all(u8::is_ascii_whitespace)
    }

    /// An answer that came whole.
    #[cfg(test)]
    pub(super) fn of(status: u16, body: &str, date_secs: Option<i64>) -> Self {
        let status = StatusCode::from_u16(status).expect("a status");
        Self { status, retry_after: None, date_secs, body: body.as_bytes().to_vec(), is_whole: true }
    }

    /// What a log may say of it: the status and the vendor's code. Never the vendor's words, which may repeat the number.
    pub(super) fn summary(&self, code: Option<&str>) -> String {
        let status = self.status.as_u16();
        code.map_or_else(|| format!("HTTP {status}"), |code| format!("HTTP {status}, code {code}"))
    }
}

/// Sends a request and reads the answer. Once the status is here it decides, even if the body is late or cut: the caller sees a
/// body that is not JSON.
pub(super) async fn exchange(request: RequestBuilder, deadline: Deadline) -> Result<VendorAnswer, ProviderFault> {
    let mut answer = None;
    let ended = timeout_at(deadline.0, receive(request, &mut answer)).await;
    match (answer, ended) {
        (Some(answer), _) => Ok(answer),
        (None, Ok(Err(error))) => Err(transport_fault(&error)),
        (None, _) => Err(ProviderFault::Unknown("no answer in time".into())),
    }
}

async fn receive(request: RequestBuilder, slot: &mut Option<VendorAnswer>) -> reqwest::Result<()> {
    let mut response = request.send().await?;
    let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let answer = slot.insert(VendorAnswer {
        status: response.status(),
        retry_after: retry_after.map(Duration::from_secs),
        date_secs: date_secs(response.headers()),
        body: Vec::new(),
        is_whole: false,
    });
    while let Some(chunk) = response.chunk().await? {
        let room = MAX_ANSWER_BYTES - answer.body.len();
        if chunk.len() > room {
            return Ok(());
        }
        answer.body.extend_from_slice(&chunk);
    }
    answer.is_whole = true;
    Ok(())
}

fn date_secs(headers: &HeaderMap) -> Option<i64> {
    let date = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
    i64::try_from(date.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()
}

/// The texts are our own: those of `reqwest` show the address.
fn transport_fault(error: &reqwest::Error) -> ProviderFault {
    if error.is_builder() {
        ProviderFault::Refused("the request could not be built".into())
    } else if error.is_connect() {
        ProviderFault::Unavailable("no connection".into())
    } else {
        // It may have been cut before the vendor had read the request, but nothing here can prove it.
        ProviderFault::Unknown("the connection was cut".into())
    }
}

/// The fault that an HTTP status means at every vendor. Only 4xx, redirects, 500, 502 and 503 prove that nothing was sent; 504
/// and a success that cannot be read do not.
pub(super) fn fault_by_status(status: StatusCode, detail: String) -> ProviderFault {
    match status.as_u16() {
        429 => ProviderFault::QuotaExhausted(detail),
        300..=499 => ProviderFault::Refused(detail),
        500 | 502 | 503 => ProviderFault::Unavailable(detail),
        _ => ProviderFault::Unknown(detail),
    }
}
