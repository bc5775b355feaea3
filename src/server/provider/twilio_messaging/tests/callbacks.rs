//! What is believed of a callback.

use reqwest::header::{HeaderMap, HeaderValue};
use ring::hmac;
use url::form_urlencoded;

use super::*;
use crate::server::metrics::OTHER;

const TARGET: &str = "/hooks/twilio/send-1";

fn form(status: &str, error_code: &str) -> Vec<(&'static str, String)> {
    let mut form = vec![
        ("SmsSid", SID.to_owned()),
        ("SmsStatus", status.to_owned()),
        ("MessageStatus", status.to_owned()),
        ("To", NUMBER.to_owned()),
        ("MessageSid", SID.to_owned()),
        ("AccountSid", ACCOUNT.to_owned()),
        ("From", "+15005550006".to_owned()),
        ("ApiVersion", "2010-04-01".to_owned()),
    ];
    if !error_code.is_empty() {
        form.push(("ErrorCode", error_code.to_owned()));
    }
    form
}

/// The signature as Twilio's page says to make it.
fn signature(address: &str, form: &[(&str, String)], token: &str) -> String {
    let mut sorted = form.to_vec();
    sorted.sort();
    let signed = sorted.iter().fold(address.to_owned(), |signed, (name, value)| signed + name + value);
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token.as_bytes());
    BASE64_STANDARD.encode(hmac::sign(&key, signed.as_bytes()))
}

fn encoded(form: &[(&str, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish()
}

/// What is believed of a form with a signature, posted to a target.
fn read(target: &str, form: &[(&str, String)], signatures: &[&str]) -> Result<Option<Report>, Misread> {
    let value = |text: &&str| ("x-twilio-signature".parse().expect("a name"), HeaderValue::from_str(text).expect("a value"));
    let mut headers = HeaderMap::new();
    for (name, value) in signatures.iter().map(value) {
        headers.append::<reqwest::header::HeaderName>(name, value);
    }
    let body = encoded(form);
    let send_id = target.rsplit('/').next().and_then(|last| last.split('?').next());
    let callback = Callback { target, send_id, headers: &headers, body: body.as_bytes() };
    twilio_at(DEFAULT_BASE_URL.into()).read_callback(&callback)
}

fn signed(form: &[(&str, String)]) -> Result<Option<Report>, Misread> {
    read(TARGET, form, &[&signature(&format!("https://sign-up.example.com{TARGET}"), form, TOKEN)])
}

#[test]
fn what_twilio_signed_is_told() {
    let report = |delivery| Ok(Some(Report { send_id: "send-1".into(), reference: Some(SID.into()), delivery }));
    assert_eq!(signed(&form("delivered", "")), report(Delivery::Delivered { carrier: OTHER }));
    assert_eq!(signed(&form("sent", "")), report(Delivery::Waiting));
    let failed = |reason: &str| report(Delivery::Failed { reason: reason.into(), carrier: OTHER });
    assert_eq!(signed(&form("undelivered", "30003")), failed("30003 undelivered"));
    assert_eq!(signed(&form("failed", "654321")), failed("failed"), "no code of Twilio's");
    let more = [form("delivered", ""), vec![("RawDlrDoneDate", "2311142213".to_owned()), ("ChannelPrefix", "a b&c=d".to_owned())]];
    assert_eq!(signed(&more.concat()), report(Delivery::Delivered { carrier: OTHER }), "more may come, and is signed too");
}

#[test]
fn what_twilio_did_not_sign_is_not() {
    let (form, address) = (form("delivered", ""), format!("https://sign-up.example.com{TARGET}"));
    let good = signature(&address, &form, TOKEN);
    let changed: Vec<_> = form.iter().map(|(name, value)| (*name, value.replace("delivered", "failed"))).collect();
    let (of_another, of_http) =
        (signature(&address, &form, "another token"), signature(&address.replace("https", "http"), &form, TOKEN));
    for (what, target, form, signatures) in [
        ("none", TARGET, &form, vec![]),
        ("an empty one", TARGET, &form, vec![""]),
        ("no base64", TARGET, &form, vec!["§§"]),
        ("half of it", TARGET, &form, vec![&good[..14]]),
        ("two", TARGET, &form, vec![good.as_str(), good.as_str()]),
        ("of another form", TARGET, &changed, vec![good.as_str()]),
        ("of another send", "/hooks/twilio/send-2", &form, vec![good.as_str()]),
        ("of another query", "/hooks/twilio/send-1?a=b", &form, vec![good.as_str()]),
        ("of another token", TARGET, &form, vec![of_another.as_str()]),
        ("of another scheme", TARGET, &form, vec![of_http.as_str()]),
    ] {
        let signatures: Vec<_> = signatures.into_iter().map(|text| if text == "§§" { "??" } else { text }).collect();
        assert_eq!(read(target, form, &signatures), Err(Misread::Forged), "{what}");
    }
    let with_port = signature(&format!("https://sign-up.example.com:443{TARGET}"), &form, TOKEN);
    assert!(read(TARGET, &form, &[&with_port]).is_ok(), "Twilio may name the port");
}

#[test]
fn what_is_signed_and_no_callback_is_unreadable() {
    for missing in ["MessageStatus", "MessageSid"] {
        let form: Vec<_> = form("delivered", "").into_iter().filter(|(name, _)| *name != missing).collect();
        assert_eq!(signed(&form), Err(Misread::Unreadable), "{missing}");
    }
    let strange: Vec<_> = form("delivered", "").into_iter().map(|(name, value)| (name, value.replace("SM0", "XX0"))).collect();
    assert_eq!(signed(&strange), Err(Misread::Unreadable));
    assert_eq!(signed(&[]), Err(Misread::Unreadable));
}

#[test]
fn whoever_is_not_called_back_believes_nothing() {
    let settings = TwilioMessagingSettings { called_back_at: None, ..settings(DEFAULT_BASE_URL.into()) };
    let twilio = TwilioMessaging::new(client(), settings).expect("settings");
    let callback = Callback { target: TARGET, send_id: Some("send-1"), headers: &HeaderMap::new(), body: b"" };
    assert_eq!((twilio.calls_back(), twilio.read_callback(&callback)), (false, Err(Misread::Forged)));
}
