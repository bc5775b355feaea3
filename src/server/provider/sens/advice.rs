//! What the operator is told when SENS refuses: which setting to look at, or the clock. Never the vendor's words.

use super::super::exchange::VendorAnswer;
use super::answers::error_code;

/// SENS refuses a signature whose time is five minutes off; what is off by a minute is on its way there.
const MAX_SKEW_SECS: i64 = 60;

/// Says in the log what a refusal of SENS most likely means.
pub(super) fn log_refusal(answer: &VendorAnswer, now_ms: i64) {
    if let Some(advice) = advice(answer, now_ms) {
        tracing::error!(status = answer.status.as_u16(), "{advice}");
    }
}

fn advice(answer: &VendorAnswer, now_ms: i64) -> Option<String> {
    let code = answer.json().and_then(|body| error_code(&body));
    let skew_secs = answer.date_secs.map_or(0, |date_secs| now_ms.div_euclid(1000) - date_secs);
    match (answer.status.as_u16(), code.as_deref()) {
        (401, _) if skew_secs.abs() > MAX_SKEW_SECS => {
            let way = if skew_secs < 0 { "behind" } else { "ahead of" };
            Some(format!(
                "SENS refused the signature, and this machine's clock is {} s {way} SENS's: set the clock",
                skew_secs.abs()
            ))
        }
        (401, Some("210")) => {
            Some("SENS refused: the key has no permission for SENS; look at its sub-account in the console".into())
        }
        (401, _) => Some("SENS refused the signature: NAVER_ACCESS_KEY and NAVER_SECRET_KEY do not belong together".into()),
        (403 | 404, _) => Some("SENS refused: NAVER_SERVICE_ID is not a service of this account, or not one for SMS".into()),
        (400, _) => Some(
            "SENS refused the request: is SENDER_PHONE_NUMBER registered and approved under Calling Number in the console?".into(),
        ),
        (429, _) => Some("SENS refused: the day's cap of texts at SENS is reached".into()),
        _ => None,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    #[test]
    fn each_refusal_names_what_to_look_at() {
        let at = |secs: i64| secs * 1000;
        for (status, body, now_ms, named) in [
            (401, r#"{"error":{"errorCode":"200"}}"#, at(1_000_000), "do not belong together"),
            (401, r#"{"error":{"errorCode":"200"}}"#, at(1_000_000 - 360), "360 s behind"),
            (401, r#"{"error":{"errorCode":"200"}}"#, at(1_000_000 + 400), "400 s ahead"),
            (401, "", at(1_000_061), "61 s ahead"),
            (401, r#"{"errorCode":"210"}"#, at(1_000_000), "no permission"),
            (403, r#"{"status":403,"error":"Forbidden"}"#, at(1_000_000), "NAVER_SERVICE_ID"),
            (404, "", at(1_000_000), "NAVER_SERVICE_ID"),
            (400, r#"{"status":400}"#, at(1_000_000), "SENDER_PHONE_NUMBER"),
        ] {
            let advice = advice(&VendorAnswer::of(status, body, Some(1_000_000)), now_ms).expect("advice");
            assert!(advice.contains(named), "{advice}");
        }
        assert_eq!(advice(&VendorAnswer::of(500, "", None), at(0)), None);
    }
}
