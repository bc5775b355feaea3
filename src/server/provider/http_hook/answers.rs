//! What the program behind `SMS_HTTP_URL` answers, and what it means.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Map, Value};

use super::super::exchange::{VendorAnswer, fault_by_status};
use super::super::{ProviderFault, Receipt};

/// How long to wait before the same is asked again: only where the program says so, and that it took nothing (429, 503).
pub(super) fn wait_after(answer: &VendorAnswer) -> Option<Duration> {
    matches!(answer.status.as_u16(), 429 | 503).then_some(answer.retry_after).flatten()
}

/// Reads the answer to a send. "Accepted" is 200, 202 or 204 without an `error`; the program has no name for the text but ours.
pub(super) fn receipt(answer: &VendorAnswer, send_id: &str) -> Result<Receipt, ProviderFault> {
    match answer.status.as_u16() {
        204 => {}
        200 | 202 if answer.is_blank() => {}
        200 | 202 => {
            // A page in the place of an answer comes from something in between, which may have passed the text on.
            let body: Option<Map<String, Value>> = answer.json();
            let body = body.ok_or_else(|| ProviderFault::Unknown(format!("{}, not JSON", answer.summary(None))))?;
            if let Some(error) = body.get("error").filter(|error| !error.is_null()) {
                return Err(told_fault(answer, error));
            }
        }
        _ => return Err(fault_by_status(answer.status, answer.summary(None))),
    }
    Ok(Receipt { reference: Some(send_id.to_owned()) })
}

/// An error in a success: `{"error":{"http_code":…,"message":…}}` (Supabase, auth hooks). Its code decides as a status would.
fn told_fault(answer: &VendorAnswer, error: &Value) -> ProviderFault {
    let code = error.get("http_code").and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok());
    match code.and_then(|code| StatusCode::from_u16(code).ok()) {
        Some(status) => fault_by_status(status, answer.summary(Some(status.as_str()))),
        None => ProviderFault::Refused(format!("{}, with an error in it", answer.summary(None))),
    }
}

/// What the operator is told: which setting to look at.
pub(super) fn advice(answer: &VendorAnswer) -> Option<&'static str> {
    match answer.status.as_u16() {
        300..=399 => Some("SMS_HTTP_URL leads elsewhere, and no redirect is followed: set it to where it leads"),
        401 | 403 => {
            Some("the program behind SMS_HTTP_URL refused: does it know one of SMS_HTTP_SECRET, and are both clocks right?")
        }
        404 | 405 | 410 => Some("nothing takes texts at SMS_HTTP_URL"),
        _ => None,
    }
}
