mod callbacks;
mod deliveries;
pub(in crate::server::provider) mod matrix;
mod repeats;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use super::super::TIME_LIMIT;
use super::super::fake_vendor::{Asked, FakeVendor, Script, captured_log, client};
use super::super::message::Parcel;
use super::*;

const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
const SERVICE: &str = "MG0123456789abcdef0123456789abcdef";
const SID: &str = "SM0123456789abcdef0123456789abcdef";
const OTHER_SID: &str = "SMffffffffffffffffffffffffffffffff";
const TOKEN: &str = "testTwilioToken";
const NUMBER: &str = "+821012345678";
const TEXT: &str = "[번호] 인증번호 [654321]\n\n@example.com #654321";

fn settings(base_url: String) -> TwilioMessagingSettings {
    TwilioMessagingSettings {
        base_url,
        account_sid: ACCOUNT.into(),
        auth_token: TOKEN.into(),
        from: TwilioFrom::Sender("+15005550006".into()),
        max_price: None,
        called_back_at: Some("https://sign-up.example.com".into()),
    }
}

fn twilio_at(base_url: String) -> TwilioMessaging {
    TwilioMessaging::new(client(), settings(base_url)).expect("settings")
}

/// A message as Twilio writes it, with a status.
fn sms(status: &str, error_code: &Value) -> String {
    json!({
        "sid": SID, "account_sid": ACCOUNT, "to": NUMBER, "from": "+15005550006", "body": "text", "status": status,
        "error_code": error_code, "error_message": null, "num_segments": "1", "price": null, "messaging_service_sid": null,
        "direction": "outbound-api", "date_created": "Thu, 24 Aug 2023 05:01:45 +0000", "uri": "/2010-04-01/…"
    })
    .to_string()
}

fn error(status: u16, code: u32) -> Script {
    Script::json(status, &json!({"code": code, "message": "m", "more_info": "u", "status": status}).to_string())
}

fn assert_authorized(asked: &Asked) {
    let credentials = BASE64_STANDARD.encode(format!("{ACCOUNT}:{TOKEN}"));
    assert_eq!(asked.header("authorization"), format!("Basic {credentials}"));
}

#[tokio::test]
async fn a_send_is_the_request_that_twilio_documents() {
    let own = |from, max_price: Option<&str>, called_back_at: Option<&str>| {
        let (max_price, called_back_at) = (max_price.map(str::to_owned), called_back_at.map(str::to_owned));
        TwilioMessagingSettings { from, max_price, called_back_at, ..settings(String::new()) }
    };
    let body = "To=%2B821012345678&Body=%5Ba%5D+b";
    let callback = "StatusCallback=https%3A%2F%2Fsign-up.example.com%2Fhooks%2Ftwilio%2Fsend-1";
    for (settings, rest) in [
        (
            own(TwilioFrom::Sender("+15005550006".into()), None, Some("https://sign-up.example.com")),
            format!("From=%2B15005550006&ValidityPeriod=300&{callback}"),
        ),
        (own(TwilioFrom::Sender("My Shop".into()), None, None), "From=My+Shop&ValidityPeriod=300".into()),
        (
            own(TwilioFrom::Service(SERVICE.into()), Some("0.05"), Some("https://sign-up.example.com")),
            format!("MessagingServiceSid={SERVICE}&ValidityPeriod=300&MaxPrice=0.05&{callback}"),
        ),
    ] {
        let vendor = FakeVendor::start(vec![Script::json(201, &sms("queued", &Value::Null))]).await;
        let settings = TwilioMessagingSettings { base_url: vendor.base_url(), ..settings };
        let twilio = TwilioMessaging::new(client(), settings).expect("settings");
        let sent = twilio.send(&Parcel::new("[a] b").message()).await;
        assert_eq!(sent, Ok(Receipt { reference: Some(SID.into()) }));
        let asked = &vendor.asked()[0];
        assert_eq!(asked.line, format!("POST /2010-04-01/Accounts/{ACCOUNT}/Messages.json HTTP/1.1"));
        assert_eq!(asked.header("content-type"), "application/x-www-form-urlencoded");
        assert_eq!(asked.body, format!("{body}&{rest}"));
        assert_authorized(asked);
    }
}

#[test]
fn settings_that_cannot_work_are_named() {
    let made = |change: fn(&mut TwilioMessagingSettings)| {
        let mut settings = settings(DEFAULT_BASE_URL.into());
        change(&mut settings);
        TwilioMessaging::new(client(), settings).map(drop).map_err(|error| error.to_string())
    };
    assert_eq!(made(|_| ()), Ok(()));
    assert_eq!(made(|s| s.auth_token.clear()), Err("the auth token of Twilio is missing".into()));
    let no_account = Err("the account sid of Twilio is not AC and 32 hexadecimal digits".to_owned());
    assert_eq!(made(|s| s.account_sid.clear()), no_account);
    assert_eq!(
        made(|s| s.account_sid = ACCOUNT.replace("AC", "SK")),
        no_account,
        "callbacks are signed by the account's own token"
    );
    let named =
        |made: Result<(), String>, setting: &str| assert!(made.as_ref().is_err_and(|wrong| wrong.starts_with(setting)), "{made:?}");
    named(made(|s| s.from = TwilioFrom::Service("MG1".into())), "the messaging service of Twilio");
    named(made(|s| s.from = TwilioFrom::Sender("+1 500 555".into())), "the sender at Twilio");
    named(made(|s| s.max_price = Some("0".into())), "the highest price at Twilio");
    named(made(|s| s.base_url = "api".into()), "the base URL of Twilio");
    named(made(|s| s.called_back_at = Some("here".into())), "the origin that Twilio calls back");
}

#[test]
fn senders_and_prices_are_what_twilio_takes() {
    for sender in ["+15005550006", "+821012345678", "Beonho", "My Shop 24", "A"] {
        assert!(is_sender(sender), "{sender}");
    }
    for sender in ["", "15005550006", "+", "+150055", "+82-10-1234-5678", "TwelveLetter", "우리가게", "12345", "a_b", "  "] {
        assert!(!is_sender(sender), "{sender}");
    }
    for price in ["1", "0.05", "12.5", "0.0075"] {
        assert!(is_price(price), "{price}");
    }
    for price in ["", "0", "0.00", "-1", "+1", "1,5", "0.05 USD", ".5", "5.", "1e3", "1234567"] {
        assert!(!is_price(price), "{price}");
    }
}

#[tokio::test]
async fn no_fault_and_no_log_shows_a_token_a_number_or_a_code() {
    let (log, _guard) = captured_log();
    let mut shown = vec![format!("{:?}", settings(DEFAULT_BASE_URL.into()))];
    let echo = r#"{"code": 654321, "message": "Invalid 'To' Phone Number: +821012345678", "sid": "654321", "to": "+821012345678"}"#;
    for status in [200, 201, 302, 400, 401, 403, 404, 429, 500, 504] {
        let vendor = FakeVendor::start(vec![Script::json(status, echo)]).await;
        let twilio = twilio_at(vendor.base_url());
        shown.push(format!("{:?}", twilio.send(&Parcel::new(TEXT).message()).await.expect_err("fault")));
        shown.push(twilio.delivery(SID).await.expect_err("fault").to_string());
    }
    shown.push(log.text());
    let shown = shown.join("\n");
    assert!(shown.contains("Twilio answered") && shown.contains("do not belong together"), "{shown}");
    for secret in [TOKEN, "1012345678", "654321", "5005550006", &BASE64_STANDARD.encode("AC0123456789abcdef0123")[..20]] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
