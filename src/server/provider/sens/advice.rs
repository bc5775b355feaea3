//! What the operator is told when SENS refuses: which setting to look at, or the clock. Never the vendor's words.

use jiff::Timestamp;

use super::super::exchange::VendorAnswer;
use super::super::report::clock_advice;
use super::gateway::error_code;

/// A service of SENS, as its settings are called.
pub(in crate::server::provider) struct Service {
    /// The setting of its id.
    pub id: &'static str,
    /// What it sends.
    pub kind: &'static str,
    /// What a 400 most likely means.
    pub bad_request: &'static str,
}

impl Service {
    /// Says in the log what a refusal of SENS most likely means.
    pub(in crate::server::provider) fn log_refusal(&self, answer: &VendorAnswer, now: Timestamp) {
        if let Some(advice) = self.advice(answer, now) {
            tracing::error!(status = answer.status.as_u16(), "{advice}");
        }
    }

    fn advice(&self, answer: &VendorAnswer, now: Timestamp) -> Option<String> {
        let code = answer.json().and_then(|body| error_code(&body));
        match (answer.status.as_u16(), code.as_deref()) {
            (401, code) => clock_advice("SENS", answer, now).or_else(|| Some(key_advice(code).into())),
            (403 | 404, _) => {
                Some(format!("SENS refused: {} is not a service of this account, or not one for {}", self.id, self.kind))
            }
            (400, _) => Some(self.bad_request.to_owned()),
            (429, _) => Some("SENS refused: the day's cap of texts at SENS is reached".into()),
            _ => None,
        }
    }
}

fn key_advice(code: Option<&str>) -> &'static str {
    match code {
        Some("210") => "SENS refused: the key has no permission for SENS; look at its sub-account in the console",
        _ => "SENS refused the signature: NAVER_ACCESS_KEY and NAVER_SECRET_KEY do not belong together",
    }
}

#[cfg(test)]
mod tests {
    use super::super::SERVICE;
    use super::*;

    #[test]
    fn each_refusal_names_what_to_look_at() {
        let advice = |status, body, date_secs, now_secs: i64| {
            SERVICE.advice(&VendorAnswer::of(status, body, date_secs), Timestamp::from_second(now_secs).expect("in range"))
        };
        for (status, body, now_secs, named) in [
            (401, r#"{"error":{"errorCode":"200"}}"#, 1_000_000, "do not belong together"),
            (401, r#"{"error":{"errorCode":"200"}}"#, 1_000_000 - 360, "360 s behind"),
            (401, r#"{"error":{"errorCode":"200"}}"#, 1_000_000 + 400, "400 s ahead"),
            (401, "", 1_000_061, "61 s ahead"),
            (401, r#"{"errorCode":"210"}"#, 1_000_000, "no permission"),
            (403, r#"{"status":403,"error":"Forbidden"}"#, 1_000_000, "NAVER_SERVICE_ID"),
            (404, "", 1_000_000, "NAVER_SERVICE_ID"),
            (400, r#"{"status":400}"#, 1_000_000, "SENDER_PHONE_NUMBER"),
        ] {
            let advice = advice(status, body, Some(1_000_000), now_secs).expect("advice");
            assert!(advice.contains(named), "{advice}");
        }
        assert_eq!(advice(500, "", None, 0), None);
    }
}
