//! What vendors tell of a text, made fit for a log and a metric.

use jiff::Timestamp;
use serde_json::Value;

use super::exchange::VendorAnswer;
use crate::server::metrics::OTHER;

/// Vendors refuse a signature whose time is five minutes (SENS) or 15 (Solapi) off; what is off by a minute is on its way there.
const MAX_SKEW_SECS: i64 = 60;

/// A code, which documents call a number and samples write as a text. Longer ones are no codes of a vendor, and might be a number or
/// a one-time code that does not belong in a log.
pub(super) fn code(value: &Value) -> Option<String> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    (1..=5).contains(&text.len()).then_some(text).filter(|text| text.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Which of the three carriers a text went to. No vendor publishes a list of its names; whatever is not one of these is [`OTHER`].
pub(super) fn carrier(name: Option<&str>) -> &'static str {
    match name {
        Some("SKT") => "SKT",
        Some("KT" | "KTF") => "KT",
        Some("LGT" | "LGU" | "LGU+") => "LGU+",
        Some(_) | None => OTHER,
    }
}

/// Code and words for the operator. Digits in the words are hidden: they might be the number or the one-time code.
pub(super) fn reason(code: Option<&str>, words: Option<&str>) -> String {
    let words = words.unwrap_or_default().chars().filter(|c| !c.is_control()).take(100);
    let words: String = words.map(|c| if c.is_numeric() { '*' } else { c }).collect();
    format!("{} {words}", code.unwrap_or_default()).trim().to_owned()
}

/// Whether two spellings name one recipient: with the country or the zero of home before it, or without.
pub(super) fn is_same_recipient(told: &str, sent: &str) -> bool {
    let (told, sent) = (told.trim_start_matches(['+', '0']), sent.trim_start_matches(['+', '0']));
    !sent.is_empty() && told.ends_with(sent)
}

/// What to do when this machine's clock is so far from the vendor's that it refuses; none where they agree, or where it did not tell.
pub(super) fn clock_advice(vendor: &str, answer: &VendorAnswer, now: Timestamp) -> Option<String> {
    let skew_secs = now.as_second() - answer.date_secs?;
    let way = if skew_secs < 0 { "behind" } else { "ahead of" };
    let advice = || {
        format!("{vendor} refused the signature, and this machine's clock is {} s {way} {vendor}'s: set the clock", skew_secs.abs())
    };
    (skew_secs.abs() > MAX_SKEW_SECS).then(advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_hides_every_digit_of_its_words() {
        assert_eq!(reason(Some("3001"), Some("no such number 01012345678\n")), "3001 no such number ***********");
        assert_eq!((reason(None, None), reason(None, Some("no answer"))), (String::new(), "no answer".to_owned()));
    }

    #[test]
    fn a_recipient_is_known_however_it_is_spelled() {
        for told in ["01012345678", "1012345678", "821012345678", "+821012345678"] {
            assert!(is_same_recipient(told, "01012345678"), "{told}");
        }
        for told in ["01012345679", "", "010", "5678"] {
            assert!(!is_same_recipient(told, "01012345678"), "{told}");
        }
        assert!(!is_same_recipient("01012345678", ""));
    }
}
