//! `X-Twilio-Signature`: who posts a callback knows the account's auth token (Twilio, secure webhooks).

use std::collections::BTreeSet;

use base64::{Engine, prelude::BASE64_STANDARD};
use reqwest::Url;
use ring::hmac;

/// Whether a signature is that of a form posted to a target at our origin: HMAC-SHA1 in base64 over the address and the parameters, each name
/// with its value, by the alphabet and each pair once. Twilio's libraries look for the address with its port and without, because Twilio is
/// not of one mind.
pub(in crate::server::provider) fn is_signed(
    auth_token: &str,
    origin: &Url,
    target: &str,
    form: &[(String, String)],
    signature: &str,
) -> bool {
    let Ok(given) = BASE64_STANDARD.decode(signature) else { return false };
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, auth_token.as_bytes());
    let pairs: BTreeSet<_> = form.iter().collect();
    let parameters: String = pairs.into_iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]).collect();
    let is_of = |address: String| hmac::verify(&key, format!("{address}{target}{parameters}").as_bytes(), &given).is_ok();
    let (scheme, host) = (origin.scheme(), origin.host_str().unwrap_or_default());
    let port = origin.port_or_known_default().unwrap_or_default();
    is_of(format!("{scheme}://{host}")) || is_of(format!("{scheme}://{host}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn is_good(origin: &str, target: &str, pairs: &[(&str, &str)], signature: &str) -> bool {
        is_signed("12345", &Url::parse(origin).expect("an origin"), target, &form(pairs), signature)
    }

    const TARGET: &str = "/myapp.php?foo=1&bar=2";

    fn call(number: &'static str) -> [(&'static str, &'static str); 5] {
        [("To", "+18005551212"), ("CallSid", "CA1234567890ABCDE"), ("Digits", "1234"), ("From", number), ("Caller", number)]
    }

    /// Those of Twilio's documentation, through three of its editions.
    #[test]
    fn the_signatures_of_twilios_examples_are_good() {
        for (number, signature) in [
            ("+14158675309", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
            ("+14158675310", "GvWf1cFY/Q7PnoempGyD5oXAezc="),
            ("+12349013030", "0/KCTR6DLpKmkAf8muzZqo1nDgQ="),
        ] {
            assert!(is_good("https://mycompany.com", TARGET, &call(number), signature), "{number}");
            for (origin, target, signature) in [
                ("http://mycompany.com", TARGET, signature),
                ("https://mycompany.co", TARGET, signature),
                ("https://mycompany.com:8443", "/myapp.php?foo=1", signature),
                ("https://mycompany.com", "/myapp.php?foo=1&bar=3", signature),
                ("https://mycompany.com", TARGET, ""),
                ("https://mycompany.com", TARGET, &signature[..27]),
            ] {
                assert!(!is_good(origin, target, &call(number), signature), "{origin}{target}");
            }
            assert!(!is_good("https://mycompany.com", TARGET, &call(number)[1..], signature));
        }
    }

    /// Made with `openssl dgst -sha1 -hmac 12345`.
    #[test]
    fn the_address_may_have_its_port_or_not_and_a_pair_counts_once() {
        let with_port = "hfIKBLEIzh/fcbQ4MSVOm+mrfoI=";
        let without = "KcBWLtfIRJcmIt6RelAD6PN1xcA=";
        for signature in [with_port, without] {
            assert!(is_good("https://a.example:8443", "/x", &[("b", "2"), ("a", "1"), ("b", "1"), ("a", "1")], signature));
            assert!(!is_good("https://a.example:8443", "/x", &[("b", "2"), ("a", "1")], signature));
        }
        assert!(is_good("https://a.example", "/x", &[("a", "1"), ("b", "1"), ("b", "2")], without));
    }
}
