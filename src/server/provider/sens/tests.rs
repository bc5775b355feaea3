mod deliveries;
pub(in crate::server::provider) mod matrix;

use std::sync::Arc;
use std::time::Duration;

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::super::fake_vendor::{Asked, FakeVendor, Script, captured_log, client, closed_address};
use super::super::message::Parcel;
use super::*;
use crate::server::clock::ManualClock;

const ACCEPTED: &str = r#"{"requestId":"RSSA-20251125093940535-IZJQgZEc","requestTime":"2025-11-25T09:39:40.535","statusCode":"202","statusName":"success"}"#;
const REQUEST_ID: &str = "RSSA-20251125093940535-IZJQgZEc";
const NOW_MS: i64 = 1_700_000_000_000;

fn settings(base_url: String) -> SensSettings {
    SensSettings {
        base_url,
        service_id: "ncp:sms:kr:123456789012:verify-svc".into(),
        access_key: "TESTACCESSKEY0000001".into(),
        secret_key: "testSecretKey0123456789abcdefghijklmnopqr".into(),
        sender: "1588-0000".into(),
    }
}

fn sens_at(base_url: String) -> Sens {
    Sens::new(client(), Arc::new(ManualClock::at(NOW_MS)), settings(base_url)).expect("settings")
}

async fn send_to(base_url: String) -> Result<Receipt, ProviderFault> {
    sens_at(base_url).send(&Parcel::new("[번호] 인증번호 [654321]").message()).await
}

async fn answered(script: Script) -> Result<Receipt, ProviderFault> {
    let time_limit = script.time_limit();
    let vendor = FakeVendor::start(vec![script]).await;
    sens_at(vendor.base_url()).send(&Parcel::new("[번호] 인증번호 [654321]").within(time_limit).message()).await
}

/// The signature as the vendor would make it, from the request line and the headers that came.
fn expected_signature(asked: &Asked) -> String {
    let (method, target) = asked.line.strip_suffix(" HTTP/1.1").and_then(|line| line.split_once(' ')).expect("line");
    let signed = format!("{method} {target}\n{}\n{}", asked.header("x-ncp-apigw-timestamp"), asked.header("x-ncp-iam-access-key"));
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(b"testSecretKey0123456789abcdefghijklmnopqr").expect("key");
    mac.update(signed.as_bytes());
    BASE64_STANDARD.encode(mac.finalize().into_bytes())
}

#[tokio::test]
async fn a_send_is_the_request_that_sens_documents() {
    let vendor = FakeVendor::start(vec![Script::json(202, ACCEPTED)]).await;
    let receipt = send_to(vendor.base_url()).await;
    assert_eq!(receipt, Ok(Receipt { reference: Some(REQUEST_ID.into()) }));
    let asked = &vendor.asked()[0];
    assert_eq!(asked.line, "POST /sms/v2/services/ncp:sms:kr:123456789012:verify-svc/messages HTTP/1.1");
    assert_eq!(asked.header("content-type"), "application/json; charset=utf-8");
    assert_eq!(asked.header("x-ncp-apigw-timestamp"), "1700000000000");
    assert_eq!(asked.header("x-ncp-iam-access-key"), "TESTACCESSKEY0000001");
    assert_eq!(asked.header("x-ncp-apigw-signature-v2"), "WvIyGrJaLLOPyV2mbbt1WaRbrlepGaHbTwpkP1nRnwk=");
    assert_eq!(asked.header("x-ncp-apigw-signature-v2"), expected_signature(asked));
    let body: Value = serde_json::from_str(&asked.body).expect("JSON");
    let expected = json!({
        "type": "SMS", "contentType": "COMM", "countryCode": "82", "from": "15880000",
        "content": "[번호] 인증번호 [654321]", "messages": [{"to": "01012345678"}]
    });
    assert_eq!(body, expected);
}

/// A clock that nobody sees twice at the same instant.
struct Ticking(ManualClock);

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        self.0.advance(SignedDuration::from_millis(1));
        self.0.now()
    }
}

#[tokio::test]
async fn the_time_is_asked_for_once_per_request() {
    let vendor = FakeVendor::start(vec![Script::json(202, ACCEPTED)]).await;
    let sens =
        Sens::new(client(), Arc::new(Ticking(ManualClock::at(NOW_MS))), settings(vendor.base_url() + "/")).expect("settings");
    for _ in 0..3 {
        sens.send(&Parcel::new("text").message()).await.expect("accepted");
    }
    for asked in vendor.asked() {
        assert_eq!(asked.header("x-ncp-apigw-signature-v2"), expected_signature(&asked));
    }
}

#[tokio::test]
async fn a_number_outside_korea_is_refused_without_asking() {
    let sens = sens_at(format!("http://{}", closed_address().await));
    let fault = sens.send(&Parcel::new("text").to("+819012345678").message()).await.expect_err("fault");
    assert!(matches!(fault, ProviderFault::InvalidNumber(_)), "{fault}");
}

fn gateway_error(status: u16, code: &str) -> Script {
    Script::json(status, &format!(r#"{{"error":{{"errorCode":{code},"message":"m","details":"d"}}}}"#))
}

#[test]
fn settings_that_cannot_work_are_named() {
    let made = |change: fn(&mut SensSettings)| {
        let mut settings = settings(DEFAULT_BASE_URL.into());
        change(&mut settings);
        Sens::new(client(), Arc::new(ManualClock::at(0)), settings).map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!(made(|_| ()), Ok(()));
    let missing = |what: &str| Err(format!("{what} is missing"));
    assert_eq!(made(|s| s.service_id.clear()), missing("the service id of SENS"));
    assert_eq!(made(|s| s.access_key.clear()), missing("the access key of SENS"));
    assert_eq!(made(|s| s.secret_key.clear()), missing("the secret key of SENS"));
    assert!(made(|s| s.base_url = "sens".into()).is_err());
    for sender in ["", "+82 2 123 4567", "발신"] {
        let client = client();
        let settings = SensSettings { sender: sender.into(), ..settings(DEFAULT_BASE_URL.into()) };
        assert!(Sens::new(client, Arc::new(ManualClock::at(0)), settings).is_err(), "{sender}");
    }
}

#[tokio::test]
async fn no_fault_and_no_log_shows_a_key_a_number_or_a_code() {
    let (log, _guard) = captured_log();
    let mut shown = vec![format!("{:?}", settings(DEFAULT_BASE_URL.into()))];
    let echo = r#"{"error":{"errorCode":"01012345678","message":"bad to: 01012345678 [654321]"},"errorCode":"654321"}"#;
    for status in [202, 302, 400, 401, 429, 500, 504] {
        let fault = answered(Script::json(status, echo)).await.expect_err("fault");
        shown.push(format!("{fault} {fault:?}"));
    }
    shown.push(log.text());
    let shown = shown.join("\n");
    assert!(shown.contains("SENS refused"), "{shown}");
    for secret in ["TESTACCESSKEY", "testSecretKey", "1012345678", "654321", "15880000", "1588-0000"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
