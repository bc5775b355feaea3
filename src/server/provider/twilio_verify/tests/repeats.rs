//! What happens after 20429.

use super::super::super::fake_vendor::kind_of;
use super::*;

fn too_many_requests(retry_after: &str) -> Script {
    let headers = format!("Content-Type: application/json\r\n{retry_after}");
    Script::answer(429, &headers, r#"{"code":20429,"message":"Too many requests","status":429}"#)
}

/// The answer to a start, and how often it was asked for.
async fn started(scripts: Vec<Script>) -> (Result<Receipt, ProviderFault>, usize) {
    started_within(TIME_LIMIT, scripts).await
}

async fn started_within(limit: Duration, scripts: Vec<Script>) -> (Result<Receipt, ProviderFault>, usize) {
    let vendor = FakeVendor::start(scripts).await;
    let started = twilio_at(vendor.base_url()).limited_to(limit).start(&number(), Locale::Ko).await;
    (started, vendor.asked().len())
}

#[tokio::test]
async fn a_request_that_came_too_fast_is_repeated() {
    for retry_after in ["", "Retry-After: 0\r\n", "Retry-After: string\r\n", "Retry-After: -1\r\n"] {
        let accepted = Script::json(201, &verification("pending", false));
        let (result, requests) = started(vec![too_many_requests(retry_after), accepted]).await;
        assert_eq!((result, requests), (Ok(Receipt { reference: Some(SID.into()) }), 2), "{retry_after}");
    }
}

#[tokio::test]
async fn a_vendor_that_stays_busy_is_certainly_unavailable() {
    // The first wait, 100 ms, fits; the second, 200 ms, does not. On a busy machine the first may not either.
    let (result, requests) = started_within(Duration::from_millis(300), vec![too_many_requests("")]).await;
    assert_eq!(result.as_ref().map_err(kind_of), Err("unavailable"));
    assert!((1..=2).contains(&requests), "{requests}");
}

#[tokio::test]
async fn a_wait_that_does_not_fit_is_not_begun() {
    for retry_after in ["Retry-After: 5\r\n", "Retry-After: 18446744073709551615\r\n"] {
        let (result, requests) = started(vec![too_many_requests(retry_after)]).await;
        assert_eq!((result.as_ref().map_err(kind_of), requests), (Err("unavailable"), 1), "{retry_after}");
    }
}

#[tokio::test]
async fn no_other_answer_is_repeated() {
    for (status, code) in [(429, 60203), (429, 60212), (503, 20429), (400, 60200)] {
        assert_eq!(started(vec![error(status, code)]).await.1, 1, "{code}");
    }
}
