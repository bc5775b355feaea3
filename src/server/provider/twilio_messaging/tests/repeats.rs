//! What happens after 20429, and that nothing else is asked twice.

use super::super::super::fake_vendor::kind_of;
use super::*;

fn too_many_requests(retry_after: &str) -> Script {
    let headers = format!("Content-Type: application/json\r\n{retry_after}");
    Script::answer(429, &headers, r#"{"code":20429,"message":"Too many requests","status":429}"#)
}

/// The answer to a send, and how often it was asked for.
async fn sent(scripts: Vec<Script>, limit: Duration) -> (Result<Receipt, &'static str>, usize) {
    let vendor = FakeVendor::start(scripts).await;
    let sent = twilio_at(vendor.base_url()).send(&Parcel::new(TEXT).within(limit).message()).await;
    (sent.map_err(|fault| kind_of(&fault)), vendor.asked().len())
}

#[tokio::test]
async fn a_send_that_came_too_fast_is_repeated() {
    for retry_after in ["", "Retry-After: 0\r\n", "Retry-After: string\r\n"] {
        let accepted = Script::json(201, &sms("queued", &Value::Null));
        let sent = sent(vec![too_many_requests(retry_after), accepted], TIME_LIMIT).await;
        assert_eq!(sent, (Ok(Receipt { reference: Some(SID.into()) }), 2), "{retry_after}");
    }
}

#[tokio::test]
async fn a_wait_that_does_not_fit_is_not_begun() {
    for (retry_after, limit) in [("Retry-After: 5\r\n", TIME_LIMIT), ("Retry-After: 0\r\n", Duration::from_millis(900))] {
        assert_eq!(sent(vec![too_many_requests(retry_after)], limit).await, (Err("unavailable"), 1), "{retry_after}");
    }
}

#[tokio::test]
async fn no_other_answer_is_repeated() {
    for (status, code) in [(429, 63038), (503, 20429), (400, 21211), (504, 0), (500, 0)] {
        assert_eq!(sent(vec![error(status, code)], TIME_LIMIT).await.1, 1, "{status} {code}");
    }
}
