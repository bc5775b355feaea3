//! The signature of Standard Webhooks: of what we post, and of what is posted back.

use base64::engine::general_purpose::GeneralPurpose;
use base64::engine::{DecodePaddingMode, GeneralPurposeConfig};
use base64::{Engine, alphabet, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;

use super::super::callback::Callback;
use super::super::setting::InvalidSetting;

/// How far the time of a callback may be off, in seconds: what is older may be a replay (Standard Webhooks, verifying webhook authenticity).
const MAX_SKEW_SECS: u64 = 300;

/// How long a secret is (Standard Webhooks, signature scheme).
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// Secrets are written with padding and without.
const TOLERANT: GeneralPurpose =
    GeneralPurpose::new(&alphabet::STANDARD, GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent));

/// `SMS_HTTP_SECRET`: all of them sign, any of them checks. `Debug` shows how many they are.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct HookSecrets(Vec<Vec<u8>>);

impl std::fmt::Debug for HookSecrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HookSecrets({})", self.0.len())
    }
}

impl HookSecrets {
    /// Reads secrets with spaces between them, each `whsec_` and base64, also in Supabase's spelling (`v1,whsec_…`).
    pub(crate) fn parse(text: &str) -> Result<Self, InvalidSetting> {
        let secrets: Option<Vec<_>> = text.split_whitespace().map(decode).collect();
        let problem = "is not whsec_ and 24 to 64 bytes in base64, or several of these with spaces between them";
        let wrong = InvalidSetting { setting: "the secret of the address that texts are posted to", problem };
        secrets.filter(|secrets| !secrets.is_empty()).map(Self).ok_or(wrong)
    }

    /// `webhook-signature`: one for each secret.
    pub(super) fn sign(&self, id: &str, timestamp: &str, body: &[u8]) -> String {
        let signatures = self.0.iter().map(|secret| {
            let tag = mac(secret, id, timestamp, body).finalize().into_bytes();
            format!("v1,{}", BASE64_STANDARD.encode(tag))
        });
        signatures.collect::<Vec<_>>().join(" ")
    }

    /// Whether a callback is signed by one of the secrets, and of now.
    pub(super) fn has_signed(&self, callback: &Callback<'_>, now: Timestamp) -> bool {
        let header = |name| callback.header(name).filter(|value| !value.is_empty());
        let (Some(id), Some(timestamp), Some(signatures)) =
            (header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"))
        else {
            return false;
        };
        let is_of_now = timestamp.parse::<i64>().is_ok_and(|secs| secs.abs_diff(now.as_second()) <= MAX_SKEW_SECS);
        // Some senders join them with a comma and a space.
        let given = signatures
            .split_whitespace()
            .filter_map(|signature| BASE64_STANDARD.decode(signature.strip_prefix("v1,")?.trim_end_matches(',')).ok());
        let is_ours =
            |tag: &Vec<u8>| self.0.iter().any(|secret| mac(secret, id, timestamp, callback.body).verify_slice(tag).is_ok());
        is_of_now && given.collect::<Vec<_>>().iter().any(is_ours)
    }
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let encoded = text.strip_prefix("v1,").unwrap_or(text).strip_prefix("whsec_")?;
    TOLERANT.decode(encoded).ok().filter(|secret| SECRET_BYTES.contains(&secret.len()))
}

fn mac(secret: &[u8], id: &str, timestamp: &str, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes a key of any length");
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    mac
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderMap, HeaderName};

    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const OTHER: &str = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    const ID: &str = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W";
    const BODY: &[u8] = br#"{"user":{"phone":"821012345678"},"sms":{"otp":"123456"}}"#;
    const SIGNATURE: &str = "v1,+CkOTPXr8U6kTqjJZF1Ixl+iAAtBTKFWDzgLEHP0ROQ=";

    fn secrets(text: &str) -> HookSecrets {
        HookSecrets::parse(text).expect("secrets")
    }

    fn headers(id: &str, timestamp: &str, signature: &str) -> HeaderMap {
        let named = [("webhook-id", id), ("webhook-timestamp", timestamp), ("webhook-signature", signature)];
        named.map(|(name, value)| (HeaderName::from_static(name), value.parse().expect("a value"))).into_iter().collect()
    }

    fn has_signed(secret: &str, headers: &HeaderMap, body: &[u8]) -> bool {
        let now = Timestamp::from_second(1_700_000_100).expect("in range");
        secrets(secret).has_signed(&Callback { target: "/hooks/sms", send_id: None, headers, body }, now)
    }

    /// Made by `standardwebhooks` of npm; Node's crypto gives the same.
    #[test]
    fn the_signature_is_the_one_that_the_reference_library_makes() {
        assert_eq!(secrets(SECRET).sign(ID, "1700000000", BODY), SIGNATURE);
        let both = secrets(&format!("{OTHER} {SECRET}")).sign(ID, "1700000000", BODY);
        let (first, second) = both.split_once(' ').expect("two");
        assert_eq!((first, second), (secrets(OTHER).sign(ID, "1700000000", BODY).as_str(), SIGNATURE));
    }

    #[test]
    fn whatever_one_of_the_secrets_signed_a_moment_ago_is_believed() {
        let good = |signature: &str| has_signed(SECRET, &headers(ID, "1700000000", signature), BODY);
        assert!(good(SIGNATURE));
        assert!(good(&format!("v1,AAAA v1a,{SIGNATURE} {SIGNATURE}")), "other versions and keys are passed over");
        assert!(good(&format!("{SIGNATURE}, v1,AAAA")), "Supabase joins them so");
        assert!(has_signed(&format!("{OTHER} v1,{SECRET}"), &headers(ID, "1700000000", SIGNATURE), BODY));
    }

    #[test]
    fn nothing_else_is() {
        let of = |id, timestamp, signature| headers(id, timestamp, signature);
        let other_time = secrets(SECRET).sign(ID, "1699999799", BODY);
        let future = secrets(SECRET).sign(ID, "1700000401", BODY);
        let other_version = SIGNATURE.replace("v1,", "v2,");
        for (what, headers, body) in [
            ("another id", of("msg_3", "1700000000", SIGNATURE), BODY),
            ("another time", of(ID, "1700000001", SIGNATURE), BODY),
            ("another body", of(ID, "1700000000", SIGNATURE), b"{}".as_slice()),
            ("301 s old", of(ID, "1699999799", &other_time), BODY),
            ("301 s ahead", of(ID, "1700000401", &future), BODY),
            ("no time", of(ID, "soon", SIGNATURE), BODY),
            ("a time beyond all", of(ID, "9223372036854775808", SIGNATURE), BODY),
            ("no signature", of(ID, "1700000000", ""), BODY),
            ("another version", of(ID, "1700000000", &other_version), BODY),
            ("a part of it", of(ID, "1700000000", &SIGNATURE[..20]), BODY),
        ] {
            assert!(!has_signed(SECRET, &headers, body), "{what}");
        }
        let mut twice = of(ID, "1700000000", SIGNATURE);
        twice.append("webhook-id", ID.parse().expect("a value"));
        assert!(!has_signed(SECRET, &twice, BODY), "an id that stands twice");
        assert!(!has_signed(SECRET, &HeaderMap::new(), BODY), "no header");
        assert!(!has_signed(OTHER, &of(ID, "1700000000", SIGNATURE), BODY), "another secret");
    }

    #[test]
    fn the_oldest_and_the_newest_that_is_believed_is_five_minutes_off() {
        for timestamp in ["1699999800", "1700000400"] {
            let signature = secrets(SECRET).sign(ID, timestamp, BODY);
            assert!(has_signed(SECRET, &headers(ID, timestamp, &signature), BODY), "{timestamp}");
        }
    }

    #[test]
    fn what_is_no_secret_is_refused() {
        let of_bytes = |count: usize| format!("whsec_{}", BASE64_STANDARD.encode(vec![7; count]));
        for good in [SECRET.to_owned(), format!("v1,{SECRET}"), of_bytes(24), of_bytes(64), of_bytes(32).replace('=', "")] {
            assert!(HookSecrets::parse(&good).is_ok(), "{good}");
        }
        let (short, long, half) = (of_bytes(23), of_bytes(65), format!("{SECRET} secret"));
        for bad in ["", " ", "secret", "whsec_", "whsec_§", &SECRET[6..], &short, &long, &half] {
            let wrong = HookSecrets::parse(bad).expect_err(bad).to_string();
            assert!(!wrong.contains("MfKQ"), "{wrong}");
        }
        assert_eq!(format!("{:?}", secrets(SECRET)), "HookSecrets(1)");
    }
}
