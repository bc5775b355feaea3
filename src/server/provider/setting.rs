//! The settings of a vendor, checked once at start.

use reqwest::{Url, header::HeaderValue};

/// A vendor's setting that cannot work. The text names the setting and never shows a secret.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("{setting} {problem}")]
pub(crate) struct InvalidSetting {
    /// Which setting, in words: `the base URL of SENS`.
    pub setting: &'static str,
    /// What is wrong with it: `is not an http or https address`.
    pub problem: &'static str,
}

/// Reads the address that a vendor's paths are appended to. Query, fragment and credentials have no place in it.
pub(super) fn base_url(setting: &'static str, text: &str) -> Result<Url, InvalidSetting> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let plain = url.filter(|url| url.query().is_none() && url.fragment().is_none() && url.username().is_empty());
    plain.ok_or(InvalidSetting { setting, problem: "is not a plain http or https address" })
}

/// Whether a text can stand in a header (RFC 9110, section 5.5).
#[must_use]
pub(crate) fn is_header_text(text: &str) -> bool {
    text.trim() == text && text.is_ascii() && HeaderValue::from_str(text).is_ok()
}

/// A text that must not be empty and can stand in a header (RFC 9110, section 5.5).
pub(super) fn header_text(setting: &'static str, text: &str) -> Result<(), InvalidSetting> {
    if text.trim().is_empty() {
        return Err(InvalidSetting { setting, problem: "is missing" });
    }
    let problem = "has spaces around it or characters that cannot be sent";
    if is_header_text(text) { Ok(()) } else { Err(InvalidSetting { setting, problem }) }
}

/// The number of a sender in digits, as vendors of Korea take it; hyphens and spaces are dropped.
pub(in crate::server) fn sender_digits(text: &str) -> Result<String, InvalidSetting> {
    let digits: String = text.chars().filter(|c| !matches!(c, '-' | ' ')).collect();
    let is_number = (3..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let problem = "is not a number in digits, as it is registered in the console";
    if is_number { Ok(digits) } else { Err(InvalidSetting { setting: "the sender's phone number", problem }) }
}

/// `base` with path segments appended. Each is encoded where it must be, so that none can climb out of its place; a colon stays raw.
pub(super) fn at_path(base: &Url, segments: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_is_an_address_and_nothing_else() {
        for text in ["https://sens.apigw.ntruss.com", "http://127.0.0.1:4010/", "http://emulator:80/sens"] {
            assert!(base_url("it", text).is_ok(), "{text}");
        }
        for text in ["", "sens.apigw.ntruss.com", "ftp://a", "https://a?b=c", "https://a#b", "https://user@a", "data:,a"] {
            assert!(base_url("it", text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_path_keeps_its_colons_and_its_place() {
        let base = base_url("it", "http://a/").expect("address");
        assert_eq!(at_path(&base, &["services", "ncp:sms:kr:1:x"]).as_str(), "http://a/services/ncp:sms:kr:1:x");
        assert_eq!(at_path(&base, &["s", "a/../b?c#d"]).as_str(), "http://a/s/a%2F..%2Fb%3Fc%23d");
    }

    #[test]
    fn a_key_that_no_header_can_carry_is_refused() {
        assert!(header_text("the key", "AKIA0001").is_ok());
        for text in ["", "  ", " key", "key\n", "열쇠"] {
            assert!(header_text("the key", text).is_err(), "{text:?}");
        }
    }
}
