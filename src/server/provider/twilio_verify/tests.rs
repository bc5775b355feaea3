pub(in crate::server::provider) mod matrix;
mod repeats;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::json;

use super::super::fake_vendor::{Asked, FakeVendor, Script, captured_log, client};
use super::*;

const SERVICE: &str = "VA0123456789abcdef0123456789abcdef";
const SID: &str = "VE0123456789abcdef0123456789abcdef";
const OTHER_SID: &str = "VEffffffffffffffffffffffffffffffff";

fn settings(base_url: String) -> TwilioVerifySettings {
    TwilioVerifySettings {
        base_url,
        account_sid: "AC0123456789abcdef0123456789abcdef".into(),
        auth_token: "testTwilioToken".into(),
        service_sid: SERVICE.into(),
    }
}

fn twilio_at(base_url: String) -> TwilioVerify {
    TwilioVerify::new(client(), settings(base_url)).expect("settings")
}

fn number() -> PhoneNumber {
    PhoneNumber::from_stored("+821012345678".into())
}

fn code() -> OneTimeCode {
    OneTimeCode::parse("654321").expect("code")
}

fn by_sid() -> CheckTarget {
    CheckTarget::Reference(SID.into())
}

/// A verification as Twilio writes it, with a status.
fn verification(status: &str, valid: bool) -> String {
    json!({
        "sid": SID, "service_sid": SERVICE, "to": "+821012345678", "channel": "sms", "status": status, "valid": valid,
        "lookup": {"carrier": null}, "send_code_attempts": [{"channel": "sms", "attempt_sid": "VL1"}], "amount": null
    })
    .to_string()
}

fn error(status: u16, code: u32) -> Script {
    Script::json(status, &json!({"code": code, "message": "m", "more_info": "u", "status": status}).to_string())
}

async fn vendor(script: Script) -> (FakeVendor, TwilioVerify) {
    let time_limit = script.time_limit();
    let vendor = FakeVendor::start(vec![script]).await;
    let twilio = twilio_at(vendor.base_url()).limited_to(time_limit);
    (vendor, twilio)
}

fn assert_form(asked: &Asked, line: &str, form: &str) {
    assert_eq!(asked.line, format!("{line} HTTP/1.1"));
    let credentials = BASE64_STANDARD.encode("AC0123456789abcdef0123456789abcdef:testTwilioToken");
    assert_eq!(asked.header("authorization"), format!("Basic {credentials}"));
    let content_type = if form.is_empty() { "" } else { "application/x-www-form-urlencoded" };
    assert_eq!((asked.header("content-type"), asked.body.as_str()), (content_type, form));
}

#[tokio::test]
async fn a_start_is_the_request_that_twilio_documents() {
    for (status, locale, word) in [
        (201, Locale::Ko, "ko"),
        (200, Locale::En, "en"),
        (201, Locale::Ja, "ja"),
        (201, Locale::ZhHant, "zh-HK"),
        (201, Locale::ZhHans, "zh"),
        (201, Locale::Vi, "vi"),
        (201, Locale::Es, "es"),
    ] {
        let (vendor, twilio) = vendor(Script::json(status, &verification("pending", false))).await;
        assert_eq!(twilio.start(&number(), locale).await, Ok(Receipt { reference: Some(SID.into()) }));
        let line = format!("POST /v2/Services/{SERVICE}/Verifications");
        assert_form(&vendor.asked()[0], &line, &format!("To=%2B821012345678&Channel=sms&Locale={word}"));
    }
}

#[tokio::test]
async fn a_check_names_the_verification_or_else_the_number() {
    for status in [200, 201] {
        let (vendor, twilio) = vendor(Script::json(status, &verification("approved", true))).await;
        let approved = Ok(Verdict::Approved { reference: SID.into() });
        assert_eq!(twilio.check(&by_sid(), &code()).await, approved);
        assert_eq!(twilio.check(&CheckTarget::Number(number()), &code()).await, approved);
        let line = format!("POST /v2/Services/{SERVICE}/VerificationCheck");
        assert_form(&vendor.asked()[0], &line, &format!("Code=654321&VerificationSid={SID}"));
        assert_form(&vendor.asked()[1], &line, "Code=654321&To=%2B821012345678");
    }
}

#[tokio::test]
async fn a_fetch_tells_pending_from_over() {
    let states = [("pending", HostedState::Pending), ("expired", HostedState::Over), ("approved", HostedState::Approved)];
    for (status, state) in states {
        let (vendor, twilio) = vendor(Script::json(200, &verification(status, false))).await;
        assert_eq!(twilio.fetch(SID).await, Ok(state), "{status}");
        assert_form(&vendor.asked()[0], &format!("GET /v2/Services/{SERVICE}/Verifications/{SID}"), "");
    }
    assert_eq!(vendor(error(404, 20404)).await.1.fetch(SID).await, Ok(HostedState::Over));
    for strange in [Script::json(200, &verification("unheard of", false)), Script::json(200, "{}")] {
        assert!(matches!(vendor(strange).await.1.fetch(SID).await, Err(ProviderFault::Unknown(_))));
    }
    let other = vendor(Script::json(200, &verification("pending", false))).await.1.fetch(OTHER_SID).await;
    assert!(matches!(&other, Err(ProviderFault::Unknown(_))), "{other:?}");
}

#[tokio::test]
async fn a_verification_that_is_gone_is_as_good_as_cancelled() {
    let (vendor_, twilio) = vendor(Script::json(200, &verification("canceled", false))).await;
    assert_eq!(twilio.cancel(SID).await, Ok(()));
    assert_form(&vendor_.asked()[0], &format!("POST /v2/Services/{SERVICE}/Verifications/{SID}"), "Status=canceled");
    assert_eq!(vendor(error(404, 20404)).await.1.cancel(SID).await, Ok(()));
    let pending = vendor(Script::json(200, &verification("pending", false))).await.1.cancel(SID).await;
    assert!(matches!(&pending, Err(ProviderFault::Unknown(_))), "{pending:?}");
}

#[tokio::test]
async fn what_is_no_sid_is_never_part_of_a_path() {
    let (vendor, twilio) = vendor(Script::json(200, &verification("canceled", false))).await;
    for reference in ["", ".", "..", "+821012345678", "VE0", &format!("{SID}/x"), &SID.replace("VE", "VA")] {
        assert!(matches!(twilio.cancel(reference).await, Err(ProviderFault::Refused(_))), "{reference}");
        assert!(matches!(twilio.fetch(reference).await, Err(ProviderFault::Refused(_))), "{reference}");
    }
    assert!(vendor.asked().is_empty());
}

#[test]
fn settings_that_cannot_work_are_named() {
    let made = |change: fn(&mut TwilioVerifySettings)| {
        let mut settings = settings(DEFAULT_BASE_URL.into());
        change(&mut settings);
        TwilioVerify::new(client(), settings).map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!(made(|_| ()), Ok(()));
    assert_eq!(made(|s| s.account_sid.clear()), Err("the account sid of Twilio is missing".into()));
    assert_eq!(made(|s| s.auth_token.clear()), Err("the auth token of Twilio is missing".into()));
    let no_service = Err("the service sid of Twilio Verify is not VA and 32 hexadecimal digits".into());
    assert_eq!(made(|s| s.service_sid = "VA123".into()), no_service);
    assert!(made(|s| s.base_url = "verify".into()).is_err());
}

#[tokio::test]
async fn no_fault_and_no_log_shows_a_token_a_number_or_a_code() {
    let (log, _guard) = captured_log();
    let mut shown = vec![format!("{:?}", settings(DEFAULT_BASE_URL.into()))];
    let echo = r#"{"code": 654321, "message": "Invalid parameter `To`: +821012345678", "sid": "654321", "to": "+821012345678"}"#;
    for status in [200, 201, 302, 400, 401, 403, 429, 500, 504] {
        let (_vendor, twilio) = vendor(Script::json(status, echo)).await;
        shown.push(format!("{:?}", twilio.start(&number(), Locale::Ko).await.expect_err("fault")));
        shown.push(twilio.check(&by_sid(), &code()).await.expect_err("fault").to_string());
    }
    shown.push(log.text());
    let shown = shown.join("\n");
    assert!(shown.contains("Twilio answered"), "{shown}");
    for secret in ["testTwilioToken", "1012345678", "654321", &BASE64_STANDARD.encode("AC0123456789abcdef0123")[..20]] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
