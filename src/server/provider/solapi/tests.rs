mod deliveries;
pub(in crate::server::provider) mod matrix;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};

use super::super::fake_vendor::{Asked, FakeVendor, Script, captured_log, client, closed_address};
use super::super::message::Parcel;
use super::*;
use crate::server::clock::ManualClock;

const NOW_MS: i64 = 1_700_000_000_000;
const TEXT: &str = "[번호] 인증번호 [654321]\n@example.com #654321";
const MESSAGE_ID: &str = "M4V20231115071320ABCDEFGHIJKLMNO";
const GROUP_ID: &str = "G4V20231115071320ABCDEFGHIJKLMNO";
const SECRET: &str = "TESTSOLAPISECRET0000000000000000";

fn settings(base_url: String) -> SolapiSettings {
    let (api_key, api_secret) = ("NCSTESTAPIKEY001".to_owned(), SECRET.to_owned());
    SolapiSettings { base_url, api_key, api_secret, sender: "02-123-4567".into(), kakao: None }
}

fn kakao() -> SolapiKakao {
    SolapiKakao { pf_id: "KA01PF230101000000000AAAAAAAAAAA".into(), template_id: "KA01TP230101000000000BBBBBBBBBBB".into() }
}

fn solapi(settings: SolapiSettings) -> Solapi {
    Solapi::new(client(), Arc::new(ManualClock::at(NOW_MS)), settings).expect("settings")
}

fn solapi_at(base_url: String) -> Solapi {
    solapi(settings(base_url))
}

/// An answer to a send, as Solapi writes it when one message was registered.
fn accepted() -> Value {
    json!({
        "failedMessageList": [],
        "groupInfo": {
            "count": {"total": 1, "sentTotal": 0, "sentFailed": 0, "sentSuccess": 0, "sentPending": 0, "sentReplacement": 0,
                "refund": 0, "registeredFailed": 0, "registeredSuccess": 1},
            "status": "SENDING", "groupId": GROUP_ID, "accountId": "12925149", "allowDuplicates": false
        },
        "messageList": [{"messageId": MESSAGE_ID, "statusCode": "2000", "statusMessage": "정상 접수(이통사로 접수 예정) "}]
    })
}

/// The same when it was not.
fn failed(to: &str, status_code: &str) -> Value {
    let mut answer = accepted();
    answer["groupInfo"]["count"]["registeredSuccess"] = json!(0);
    answer["groupInfo"]["count"]["registeredFailed"] = json!(1);
    answer["messageList"] = json!([]);
    answer["failedMessageList"] = json!([{
        "to": to, "from": "021234567", "type": "SMS", "country": "82", "messageId": MESSAGE_ID, "statusCode": status_code,
        "statusMessage": "m", "accountId": "12925149"
    }]);
    answer
}

async fn send_to(solapi: &Solapi, e164: &str) -> Result<Receipt, ProviderFault> {
    solapi.send(&Parcel::new(TEXT).to(e164).message()).await
}

async fn answered(script: Script) -> Result<Receipt, ProviderFault> {
    let limit = script.time_limit();
    let vendor = FakeVendor::start(vec![script]).await;
    solapi_at(vendor.base_url()).send(&Parcel::new(TEXT).within(limit).message()).await
}

/// Checks the header as the vendor would, and tells its salt.
fn salt_of(asked: &Asked) -> String {
    let header = asked.header("authorization").strip_prefix("HMAC-SHA256 ").expect("the method");
    let parts: Vec<_> = header.split(", ").map(|part| part.split_once('=').expect("a name and a value")).collect();
    let [("apiKey", "NCSTESTAPIKEY001"), ("date", "2023-11-14T22:13:20Z"), ("salt", salt), ("signature", signature)] = parts[..]
    else {
        panic!("{header}");
    };
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).expect("key");
    mac.update(format!("2023-11-14T22:13:20Z{salt}").as_bytes());
    let made = mac.finalize().into_bytes().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    assert_eq!(signature, made);
    assert!(salt.len() == 32 && salt.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{salt}");
    salt.to_owned()
}

/// What was asked for, and the name under which it is kept.
async fn body_of(kakao: Option<SolapiKakao>, e164: &str) -> (Value, String) {
    let vendor = FakeVendor::start(vec![Script::json(200, &accepted().to_string())]).await;
    let solapi = solapi(SolapiSettings { kakao, ..settings(vendor.base_url()) });
    let reference = send_to(&solapi, e164).await.expect("accepted").reference.expect("a name");
    let asked = &vendor.asked()[0];
    assert_eq!(asked.line, "POST /messages/v4/send-many/detail HTTP/1.1");
    assert_eq!(asked.header("content-type"), "application/json");
    salt_of(asked);
    (serde_json::from_str(&asked.body).expect("JSON"), reference)
}

#[tokio::test]
async fn a_send_is_the_request_that_solapi_documents() {
    let expected = json!({
        "messages": [{"to": "01012345678", "from": "021234567", "type": "SMS", "text": TEXT}], "showMessageList": true
    });
    assert_eq!(body_of(None, "+821012345678").await, (expected, MESSAGE_ID.to_owned()));
}

#[tokio::test]
async fn a_number_abroad_has_its_country_beside_it() {
    let expected = json!({
        "messages": [{"to": "9012345678", "from": "021234567", "type": "SMS", "country": "81", "text": TEXT}],
        "showMessageList": true
    });
    assert_eq!(body_of(Some(kakao()), "+819012345678").await, (expected, MESSAGE_ID.to_owned()));
}

#[tokio::test]
async fn an_alimtalk_has_the_code_for_its_variable_and_our_text_for_the_sms_in_its_place() {
    let expected = json!({
        "messages": [{
            "to": "01012345678", "from": "021234567", "type": "ATA",
            "kakaoOptions": {
                "pfId": kakao().pf_id, "templateId": kakao().template_id, "variables": {"#{인증번호}": "654321"}, "disableSms": false
            },
            "replacements": [{"to": "01012345678", "from": "021234567", "type": "SMS", "text": TEXT}]
        }],
        "showMessageList": true
    });
    assert_eq!(body_of(Some(kakao()), "+821012345678").await, (expected, GROUP_ID.to_owned()));
}

#[tokio::test]
async fn no_salt_serves_twice() {
    let vendor = FakeVendor::start(vec![Script::json(200, &accepted().to_string())]).await;
    let solapi = solapi_at(vendor.base_url() + "/");
    for _ in 0..3 {
        send_to(&solapi, "+821012345678").await.expect("accepted");
    }
    let salts: std::collections::BTreeSet<_> = vendor.asked().iter().map(salt_of).collect();
    assert_eq!(salts.len(), 3);
}

#[tokio::test]
async fn a_message_without_a_name_is_known_by_its_group() {
    let mut answer = accepted();
    answer.as_object_mut().expect("an object").remove("messageList");
    assert_eq!(answered(Script::json(200, &answer.to_string())).await, Ok(Receipt { reference: Some(GROUP_ID.into()) }));
}

#[tokio::test]
async fn a_number_of_no_country_is_refused_without_asking() {
    let solapi = solapi_at(format!("http://{}", closed_address().await));
    let fault = send_to(&solapi, "+999123").await.expect_err("fault");
    assert!(matches!(fault, ProviderFault::InvalidNumber(_)), "{fault}");
}

#[test]
fn settings_that_cannot_work_are_named() {
    let made = |change: fn(&mut SolapiSettings)| {
        let mut settings = SolapiSettings { kakao: Some(kakao()), ..settings(DEFAULT_BASE_URL.into()) };
        change(&mut settings);
        Solapi::new(client(), Arc::new(ManualClock::at(0)), settings).map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!(made(|_| ()), Ok(()));
    let missing = |what: &str| Err(format!("{what} is missing"));
    assert_eq!(made(|s| s.api_key.clear()), missing("the API key of Solapi"));
    assert_eq!(made(|s| s.api_secret.clear()), missing("the API secret of Solapi"));
    assert_eq!(made(|s| s.kakao = Some(SolapiKakao { pf_id: String::new(), ..kakao() })), missing("the Kakao channel at Solapi"));
    assert!(made(|s| s.base_url = "solapi".into()).is_err());
    assert!(made(|s| s.sender = "발신".into()).is_err());
}

#[tokio::test]
async fn no_fault_and_no_log_shows_a_key_a_number_or_a_code() {
    let (log, _guard) = captured_log();
    let mut shown = vec![format!("{:?}", settings(DEFAULT_BASE_URL.into()))];
    let echo = json!({
        "errorCode": "01012345678", "errorMessage": "bad to: 01012345678 [654321]",
        "failedMessageList": [{"to": "01012345678", "statusCode": "654321", "statusMessage": "01012345678"}],
        "groupInfo": {"groupId": "654321", "count": {"registeredSuccess": 0, "registeredFailed": 1}}
    });
    for status in [200, 302, 400, 402, 403, 429, 500, 504] {
        let fault = answered(Script::json(status, &echo.to_string())).await.expect_err("fault");
        shown.push(format!("{fault} {fault:?}"));
    }
    for code in ["InvalidAPIKey", "RequestTimeTooSkewed"] {
        answered(Script::json(403, &json!({"errorCode": code, "errorMessage": "m"}).to_string())).await.expect_err("fault");
    }
    shown.push(log.text());
    let shown = shown.join("\n");
    assert!(shown.contains("Solapi refused") && shown.contains("SOLAPI_API_KEY"), "{shown}");
    for secret in ["NCSTESTAPIKEY", "TESTSOLAPISECRET", "1012345678", "654321", "021234567", "02-123-4567"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
