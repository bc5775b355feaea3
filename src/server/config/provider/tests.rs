//! Which accounts are whole, and what is told of those that are not.

use super::super::tests::read;
use crate::server::provider::twilio_messaging::TwilioFrom;

const HTTP: [(&str, &str); 2] =
    [("SMS_HTTP_URL", "https://sms.example.com/send?key=s3cret"), ("SMS_HTTP_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")];
const ACCOUNT: &str = "AC0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a";
const API_KEY: &str = "SK0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a";
const VERIFY: (&str, &str) = ("TWILIO_VERIFY_SERVICE_SID", "VA0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a");
const FROM: (&str, &str) = ("TWILIO_FROM", "+15005550006");
const SERVICE: (&str, &str) = ("TWILIO_MESSAGING_SERVICE_SID", "MG0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a");

fn twilio<'a>(sid: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [&[("TWILIO_ACCOUNT_SID", sid), ("TWILIO_AUTH_TOKEN", "s3cret-token")], more].concat()
}

/// The settings that are complained of, in order.
fn wrong_with(settings: &[(&str, &str)]) -> Vec<String> {
    let wrong = read(settings).err().unwrap_or_default();
    assert!(!wrong.join("\n").contains("s3cret") && !wrong.join("\n").contains("MfKQ"), "{wrong:?}");
    wrong.iter().filter_map(|line| Some(line.split_once(':')?.0.to_owned())).collect()
}

#[test]
fn the_twilio_account_is_for_verify_for_messages_or_for_both() {
    for (more, verifies, texts) in
        [(vec![VERIFY], true, false), (vec![FROM], false, true), (vec![SERVICE], false, true), (vec![VERIFY, FROM], true, true)]
    {
        let provider = read(&twilio(ACCOUNT, &more)).expect("whole").provider;
        assert_eq!((provider.twilio.is_some(), provider.twilio_messaging.is_some()), (verifies, texts), "{more:?}");
    }
    let messaging = read(&twilio(ACCOUNT, &[SERVICE, ("TWILIO_MAX_PRICE", "0.05")])).expect("whole").provider.twilio_messaging;
    let messaging = messaging.expect("messages");
    assert_eq!((messaging.from, messaging.max_price.as_deref()), (TwilioFrom::Service(SERVICE.1.into()), Some("0.05")));
}

#[test]
fn what_is_half_or_wrong_of_twilio_is_named() {
    let chosen = |name| [("SMS_PROVIDER", name)];
    assert_eq!(
        wrong_with(&chosen("twilio_messaging")),
        ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM"],
        "none of it is there"
    );
    assert_eq!(wrong_with(&[FROM]), ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"]);
    assert_eq!(wrong_with(&[("TWILIO_MAX_PRICE", "0.05")]), ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM"]);
    assert_eq!(wrong_with(&twilio(ACCOUNT, &[])), ["TWILIO_VERIFY_SERVICE_SID"], "nobody is to send");
    assert_eq!(wrong_with(&twilio(ACCOUNT, &[FROM, SERVICE])), ["TWILIO_FROM"], "two of one");
    assert_eq!(wrong_with(&twilio(ACCOUNT, &[("TWILIO_FROM", "15005550006")])), ["TWILIO_FROM"]);
    assert_eq!(wrong_with(&twilio(ACCOUNT, &[("TWILIO_MESSAGING_SERVICE_SID", "MG1")])), ["TWILIO_MESSAGING_SERVICE_SID"]);
    assert_eq!(wrong_with(&twilio(ACCOUNT, &[FROM, ("TWILIO_MAX_PRICE", "cheap")])), ["TWILIO_MAX_PRICE"]);
    assert_eq!(wrong_with(&twilio(API_KEY, &[VERIFY])), [""; 0], "Verify takes an API key");
    assert_eq!(wrong_with(&twilio(API_KEY, &[FROM])), ["TWILIO_ACCOUNT_SID"], "messages do not");
    assert_eq!(wrong_with(&twilio("AC1", &[VERIFY])), ["TWILIO_ACCOUNT_SID"]);
    let elsewhere = ("TWILIO_MESSAGING_BASE_URL", "http://api.example.com");
    assert_eq!(wrong_with(&twilio(ACCOUNT, &[FROM, elsewhere])), ["TWILIO_MESSAGING_BASE_URL"]);
}

#[test]
fn twilio_calls_back_where_it_can_reach_us() {
    let called_back_at = |origin, base| {
        let own = [FROM, ("TWILIO_MESSAGING_BASE_URL", base), ("PUBLIC_ORIGIN", origin), ("TRUSTED_PROXIES", "1")];
        let rest = [("SMS_PROVIDER", "twilio_messaging"), ("INSECURE_HTTP", "1"), ("SECRET_KEY", KEY)];
        let settings = twilio(ACCOUNT, &[own, [rest[0], rest[1], rest[2], ("RUST_LOG", "info")]].concat());
        read(&settings).expect("whole").provider.twilio_messaging.expect("messages").called_back_at
    };
    let (twilio, emulator) = ("https://api.twilio.com", "http://127.0.0.1:4020");
    for (origin, base, is_called) in [
        ("https://sign-up.example.com", twilio, true),
        ("https://sign-up.example.com:8443", twilio, true),
        ("http://sign-up.example.com", twilio, false),
        ("http://localhost:3000", twilio, false),
        ("https://localhost:3000", twilio, false),
        ("http://localhost:3000", emulator, true),
    ] {
        assert_eq!(called_back_at(origin, base), is_called.then(|| origin.to_owned()), "{origin} {base}");
    }
}

const KEY: &str = "abababababababababababababababababababababababababababababababab";

#[test]
fn the_program_behind_http_is_whole_or_named() {
    let provider = read(&[HTTP[0], HTTP[1], ("SMS_PROVIDER", "http")]).expect("whole").provider;
    assert!(provider.http.is_some_and(|http| http.url == HTTP[0].1 && !http.reports));
    assert!(read(&HTTP).expect("beside another").provider.http.is_some());
    assert!(read(&[HTTP[0], HTTP[1], ("SMS_HTTP_REPORTS", "yes")]).expect("whole").provider.http.is_some_and(|http| http.reports));
    let both = ["SMS_HTTP_URL", "SMS_HTTP_SECRET"];
    assert_eq!(wrong_with(&[("SMS_PROVIDER", "http")]), both);
    assert_eq!(wrong_with(&[("SMS_HTTP_REPORTS", "yes")]), both);
    assert_eq!(wrong_with(&[HTTP[0]]), ["SMS_HTTP_SECRET"]);
    assert_eq!(wrong_with(&[HTTP[1]]), ["SMS_HTTP_URL"]);
    assert_eq!(wrong_with(&[HTTP[0], HTTP[1], ("SMS_HTTP_REPORTS", "maybe")]), ["SMS_HTTP_REPORTS"]);
    for url in ["http://sms.example.com", "sms.example.com", "https://a:s3cret@sms.example.com", "https://sms.example.com/#x"] {
        assert_eq!(wrong_with(&[("SMS_HTTP_URL", url), HTTP[1]]), ["SMS_HTTP_URL"], "{url}");
    }
    for secret in ["s3cret", "whsec_MfKQ", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw s3cret"] {
        assert_eq!(wrong_with(&[HTTP[0], ("SMS_HTTP_SECRET", secret)]), ["SMS_HTTP_SECRET"], "{secret}");
    }
    for url in ["http://127.0.0.1:9000/send", "http://localhost:9000", "http://[::1]:9000/"] {
        assert_eq!(wrong_with(&[("SMS_HTTP_URL", url), HTTP[1]]), [""; 0], "{url}");
    }
    let shown = format!("{:?}", read(&HTTP).expect("whole"));
    assert!(!shown.contains("s3cret") && !shown.contains("MfKQ"), "{shown}");
}
