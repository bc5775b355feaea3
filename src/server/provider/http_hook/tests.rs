pub(in crate::server::provider) mod matrix;
mod repeats;

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::super::TIME_LIMIT;
use super::super::fake_vendor::{Asked, FakeVendor, Script, captured_log, client, closed_address};
use super::super::message::Parcel;
use super::*;
use crate::server::clock::ManualClock;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OLD_SECRET: &str = "whsec_b2xkIHNlY3JldCBvZiB0aGUgb3BlcmF0b3IgISE=";
const TEXT: &str = "[번호] 인증번호 [654321]\n\n@example.com #654321";
const NOW_MS: i64 = 1_700_000_000_000;

fn settings(url: String) -> HttpHookSettings {
    HttpHookSettings { url, secrets: HookSecrets::parse(&format!("{SECRET} {OLD_SECRET}")).expect("secrets"), reports: true }
}

fn hook_at(url: String) -> HttpHook {
    HttpHook::new(client(), Arc::new(ManualClock::at(NOW_MS)), settings(url)).expect("settings")
}

/// The program has no name for a text: ours stands for it.
fn receipt() -> Receipt {
    Receipt { reference: Some(Parcel::new("").message().send_id.into()) }
}

fn assert_signed(asked: &Asked) {
    let (id, timestamp) = (asked.header("webhook-id"), asked.header("webhook-timestamp"));
    let secrets = HookSecrets::parse(&format!("{SECRET} {OLD_SECRET}")).expect("secrets");
    let signatures = asked.header("webhook-signature");
    assert_eq!(signatures, secrets.sign(id, timestamp, asked.body.as_bytes()));
    assert_eq!(signatures.split(' ').filter(|signature| signature.starts_with("v1,")).count(), 2, "one for each secret");
}

#[tokio::test]
async fn a_send_is_the_request_that_supabase_documents_and_what_we_add() {
    let vendor = FakeVendor::start(vec![Script::json(200, "{}")]).await;
    let parcel = Parcel::new(TEXT);
    let message = parcel.message();
    let url = format!("{}/functions/v1/send-sms?key=a%20b", vendor.base_url());
    assert_eq!(hook_at(url).send(&message).await, Ok(receipt()));
    let asked = &vendor.asked()[0];
    assert_eq!(asked.line, "POST /functions/v1/send-sms?key=a%20b HTTP/1.1");
    assert_eq!(asked.header("content-type"), "application/json");
    assert_eq!(asked.header("webhook-id"), message.send_id);
    assert_eq!(asked.header("webhook-timestamp"), "1700000000");
    assert_signed(asked);
    let body: Value = serde_json::from_str(&asked.body).expect("JSON");
    let expected = json!({
        "metadata": {"uuid": body["metadata"]["uuid"], "time": "2023-11-14T22:13:20Z", "name": "send-sms"},
        "user": {"id": message.subject.as_str(), "phone": "821012345678"},
        "sms": {"otp": "654321", "sms_type": "sign_up", "phone": "821012345678"},
        "beonho": {"text": TEXT, "locale": "ko", "channel": "sms", "challenge_id": message.challenge.as_str()}
    });
    assert_eq!(body, expected);
    assert_eq!(body["metadata"]["uuid"].as_str().map(str::len), Some(36));
}

#[test]
fn it_is_never_asked_and_calls_back_where_the_operator_said_so() {
    let silent = |reports| {
        let settings = HttpHookSettings { reports, ..settings("https://sms.example.com".into()) };
        HttpHook::new(client(), Arc::new(ManualClock::at(NOW_MS)), settings).expect("settings")
    };
    for reports in [true, false] {
        let hook = silent(reports);
        assert_eq!((hook.tells_delivery(), hook.calls_back(), hook.is_polled()), (reports, reports, false));
    }
}

#[test]
fn settings_that_cannot_work_are_named() {
    let made = |url: &str| HttpHook::new(client(), Arc::new(ManualClock::at(0)), settings(url.into())).map(drop);
    for url in ["https://sms.example.com", "https://sms.example.com/a/b?c=d", "http://127.0.0.1:9000/"] {
        assert_eq!(made(url), Ok(()), "{url}");
    }
    for url in ["", "sms.example.com", "ftp://sms.example.com", "https://a:b@sms.example.com", "https://sms.example.com/#a"] {
        let wrong = made(url).expect_err(url).to_string();
        assert!(wrong.starts_with("the address that texts are posted to "), "{wrong}");
    }
}

#[tokio::test]
async fn no_fault_and_no_log_shows_a_secret_an_address_a_number_or_a_code() {
    let (log, _guard) = captured_log();
    let mut shown = vec![format!("{:?}", settings("https://sms.example.com/hidden-path".into()))];
    let echo = r#"{"error":{"http_code":654321,"message":"bad phone 821012345678, code 654321"},"code":"654321"}"#;
    for status in [200, 201, 202, 302, 400, 401, 403, 404, 429, 500, 504] {
        let vendor = FakeVendor::start(vec![Script::json(status, echo)]).await;
        let hook = hook_at(format!("{}/hidden-path", vendor.base_url()));
        let fault = hook.send(&Parcel::new(TEXT).message()).await.expect_err("fault");
        shown.push(format!("{fault} {fault:?}"));
    }
    let fault = hook_at(format!("http://{}/hidden-path", closed_address().await)).send(&Parcel::new(TEXT).message()).await;
    shown.push(format!("{fault:?}"));
    shown.push(log.text());
    let shown = shown.join("\n");
    assert!(shown.contains("SMS_HTTP_SECRET") && shown.contains("no redirect is followed"), "the operator is told: {shown}");
    for secret in ["whsec", "MfKQ9r8GKYqr", "hidden-path", "1012345678", "654321"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
