mod deliveries;
pub(in crate::server::provider) mod matrix;

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};

use super::super::fake_vendor::{Asked, FakeVendor, Script, captured_log, client, closed_address};
use super::super::message::Parcel;
use super::*;
use crate::server::clock::ManualClock;

const NOW_MS: i64 = 1_700_000_000_000;
const TEXT: &str = "[번호] 인증번호 [654321]\n@example.com #654321";
const MESSAGE_ID: &str = "aa724ca6-0000-4000-8000-66dfc1a700e7";
const PATH: &str = "/alimtalk/v2/services/ncp:kkobizmsg:kr:123456789012:verify-talk/messages";

fn settings(base_url: String) -> SensAlimtalkSettings {
    SensAlimtalkSettings {
        base_url,
        access_key: "TESTACCESSKEY0000001".into(),
        secret_key: "testSecretKey0123456789abcdefghijklmnopqr".into(),
        sender: "1588-0000".into(),
        service_id: "ncp:kkobizmsg:kr:123456789012:verify-talk".into(),
        channel: "@우리가게".into(),
        template_code: "signup01".into(),
        template: Template::parse("[번호]\\n인증번호는 #{인증번호}입니다.").expect("a template"),
    }
}

fn alimtalk_at(base_url: String) -> SensAlimtalk {
    SensAlimtalk::new(client(), Arc::new(ManualClock::at(NOW_MS)), settings(base_url)).expect("settings")
}

/// An answer to a send, as SENS writes it when it takes the message.
fn accepted() -> Value {
    json!({
        "requestId": "RSAT-20231114221320000-AbCdEfGh", "requestTime": "2023-11-15T07:13:20.000", "statusCode": "202",
        "statusName": "success",
        "messages": [{
            "messageId": MESSAGE_ID, "countryCode": "82", "to": "01012345678", "content": "c", "requestStatusCode": "A000",
            "requestStatusName": "success", "requestStatusDesc": "성공", "useSmsFailover": true
        }]
    })
}

async fn answered(script: Script) -> Result<Receipt, ProviderFault> {
    let limit = script.time_limit();
    let vendor = FakeVendor::start(vec![script]).await;
    alimtalk_at(vendor.base_url()).send(&Parcel::new(TEXT).within(limit).message()).await
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
    let vendor = FakeVendor::start(vec![Script::json(202, &accepted().to_string())]).await;
    let receipt = alimtalk_at(vendor.base_url()).send(&Parcel::new(TEXT).message()).await;
    assert_eq!(receipt, Ok(Receipt { reference: Some(MESSAGE_ID.into()) }));
    let asked = &vendor.asked()[0];
    assert_eq!(asked.line, format!("POST {PATH} HTTP/1.1"));
    assert_eq!(asked.header("content-type"), "application/json; charset=utf-8");
    assert_eq!(asked.header("x-ncp-apigw-timestamp"), "1700000000000");
    assert_eq!(asked.header("x-ncp-iam-access-key"), "TESTACCESSKEY0000001");
    assert_eq!(asked.header("x-ncp-apigw-signature-v2"), expected_signature(asked));
    let body: Value = serde_json::from_str(&asked.body).expect("JSON");
    let expected = json!({
        "plusFriendId": "@우리가게", "templateCode": "signup01",
        "messages": [{
            "countryCode": "82", "to": "01012345678", "content": "[번호]\n인증번호는 654321입니다.", "useSmsFailover": true,
            "failoverConfig": {"type": "SMS", "from": "15880000", "content": TEXT}
        }]
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn a_number_outside_korea_is_refused_without_asking() {
    let alimtalk = alimtalk_at(format!("http://{}", closed_address().await));
    let fault = alimtalk.send(&Parcel::new(TEXT).to("+819012345678").message()).await.expect_err("fault");
    assert!(matches!(fault, ProviderFault::InvalidNumber(_)), "{fault}");
}

#[test]
fn settings_that_cannot_work_are_named() {
    let made = |change: fn(&mut SensAlimtalkSettings)| {
        let mut settings = settings(super::super::sens::DEFAULT_BASE_URL.into());
        change(&mut settings);
        SensAlimtalk::new(client(), Arc::new(ManualClock::at(0)), settings).map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!(made(|_| ()), Ok(()));
    let missing = |what: &str| Err(format!("{what} is missing"));
    assert_eq!(made(|s| s.service_id.clear()), missing("the service id of AlimTalk"));
    assert_eq!(made(|s| s.template_code.clear()), missing("the template code of AlimTalk"));
    assert_eq!(made(|s| s.access_key.clear()), missing("the access key of SENS"));
    assert_eq!(made(|s| s.secret_key.clear()), missing("the secret key of SENS"));
    for wrong in [made(|s| s.base_url = "sens".into()), made(|s| s.sender = "발신".into()), made(|s| s.channel = "channel".into())]
    {
        assert!(wrong.is_err());
    }
}

#[tokio::test]
async fn no_fault_and_no_log_shows_a_key_a_number_or_a_code() {
    let (log, _guard) = captured_log();
    let mut shown = vec![format!("{:?}", settings(String::new()))];
    let echo = json!({
        "error": {"errorCode": "01012345678", "message": "bad to: 01012345678 [654321]"},
        "messages": [{
            "messageId": "654321", "to": "01012345678", "requestStatusCode": "654321", "requestStatusName": "01012345678",
            "requestStatusDesc": "01012345678 [654321]"
        }]
    });
    let mut refused = accepted();
    refused["messages"][0]["requestStatusCode"] = json!("B101");
    refused["messages"][0]["requestStatusName"] = json!("fail");
    refused["messages"][0]["requestStatusDesc"] = json!("01012345678 [654321]");
    for (status, body) in
        [(202, &echo), (302, &echo), (400, &echo), (401, &echo), (429, &echo), (500, &echo), (504, &echo), (202, &refused)]
    {
        let fault = answered(Script::json(status, &body.to_string())).await.expect_err("fault");
        shown.push(format!("{fault} {fault:?}"));
    }
    shown.push(log.text());
    let shown = shown.join("\n");
    for said in ["NAVER_ALIMTALK_CHANNEL", "NAVER_ALIMTALK_TEMPLATE must", "B101"] {
        assert!(shown.contains(said), "{said} in {shown}");
    }
    for secret in ["TESTACCESSKEY", "testSecretKey", "1012345678", "654321", "15880000", "1588-0000"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
