//! What SENS answers, and what it means. Fields are named as SENS names them.

use serde::Deserialize;
use serde_json::Value;

use super::super::exchange::{VendorAnswer, fault_by_status};
use super::super::{Delivery, ProviderFault, Receipt};
use crate::server::metrics::OTHER;

/// The answer to a send (SENS API v2, send): four fields, and no id of a message.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SendAnswer {
    request_id: Option<String>,
    status_code: Option<Value>,
    status_name: Option<String>,
}

/// The answer to both questions about a message (SENS API v2, list and get).
#[derive(Deserialize)]
struct MessagesAnswer {
    messages: Option<Vec<Sms>>,
}

/// A message and its way. Everything but the id may be missing before it is `COMPLETED`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sms {
    request_id: Option<String>,
    message_id: Option<String>,
    status: Option<String>,
    status_code: Option<Value>,
    status_name: Option<String>,
    status_message: Option<String>,
    telco_code: Option<String>,
}

/// Reads the answer to a send. "Accepted" needs all of: 2xx, a `requestId`, and 202 in the body too.
pub(super) fn receipt(answer: &VendorAnswer) -> Result<Receipt, ProviderFault> {
    let body: SendAnswer = success(answer)?;
    if body.status_name.as_deref() == Some("fail") {
        return Err(ProviderFault::Refused(answer.summary(Some("fail"))));
    }
    let is_accepted = body.status_code.as_ref().and_then(code).as_deref() == Some("202");
    match body.request_id.filter(|id| is_accepted && !id.is_empty()) {
        Some(id) => Ok(Receipt { reference: Some(id) }),
        None => Err(unreadable(answer)),
    }
}

/// Reads the list by request: the id of its one message, or none while SENS has no result yet.
pub(super) fn message_id(answer: &VendorAnswer, request_id: &str) -> Result<Option<String>, ProviderFault> {
    let messages = success::<MessagesAnswer>(answer)?.messages.unwrap_or_default();
    let of_request = |message: &Sms| message.request_id.as_deref().is_none_or(|id| id == request_id);
    Ok(messages.into_iter().find(of_request).and_then(|message| message.message_id))
}

/// Reads one message: delivered only if it is `COMPLETED` and `success`.
pub(super) fn delivery(answer: &VendorAnswer) -> Result<Delivery, ProviderFault> {
    let messages = success::<MessagesAnswer>(answer)?.messages.unwrap_or_default();
    let completed = messages.into_iter().next().filter(|message| message.status.as_deref() == Some("COMPLETED"));
    Ok(completed.map_or(Delivery::Waiting, |message| match message.status_name.as_deref() {
        Some("success") => Delivery::Delivered { carrier: carrier(&message) },
        None | Some("") => Delivery::Waiting,
        Some(_) => Delivery::Failed { reason: reason(&message), carrier: carrier(&message) },
    }))
}

fn success<T: serde::de::DeserializeOwned>(answer: &VendorAnswer) -> Result<T, ProviderFault> {
    if answer.status.is_success() { answer.json().ok_or_else(|| unreadable(answer)) } else { Err(refusal(answer)) }
}

/// A success that is not what SENS documents: it may come from something between us and SENS, so nothing is certain.
fn unreadable(answer: &VendorAnswer) -> ProviderFault {
    ProviderFault::Unknown(format!("{}, not an answer of SENS", answer.summary(None)))
}

/// Anything but 2xx: the HTTP status decides, the vendor's code is for the log (API Gateway, error table).
fn refusal(answer: &VendorAnswer) -> ProviderFault {
    let found = answer.json().and_then(|body| error_code(&body));
    tracing::debug!(status = answer.status.as_u16(), code = found, "SENS refused");
    fault_by_status(answer.status, answer.summary(found.as_deref()))
}

/// The gateway nests its code under `error`, SENS itself writes it at the top or gives only a `status`.
pub(super) fn error_code(body: &Value) -> Option<String> {
    ["/error/errorCode", "/errorCode", "/status"].iter().find_map(|place| body.pointer(place).and_then(code))
}

/// A code, which the documents call a number and the samples write as a text. Longer ones are no codes of SENS, and might be a
/// number or a one-time code that does not belong in a log.
fn code(value: &Value) -> Option<String> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    (1..=5).contains(&text.len()).then_some(text).filter(|text| text.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Which carrier it went to. SENS publishes no list of its codes; whatever is not a name of the three is [`OTHER`].
fn carrier(message: &Sms) -> &'static str {
    match message.telco_code.as_deref() {
        Some("SKT") => "SKT",
        Some("KT" | "KTF") => "KT",
        Some("LGT" | "LGU" | "LGU+") => "LGU+",
        Some(_) | None => OTHER,
    }
}

/// Code and words for the operator. Digits in the words are hidden: they might be the number or the one-time code.
fn reason(message: &Sms) -> String {
    let code = message.status_code.as_ref().and_then(code).unwrap_or_default();
    let words = message.status_message.as_deref().unwrap_or_default().chars().filter(|c| !c.is_control()).take(100);
    let words: String = words.map(|c| if c.is_numeric() { '*' } else { c }).collect();
    format!("{code} {words}").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_code_is_found_in_every_shape_of_error() {
        let cases = [
            (json!({"error": {"errorCode": "200", "message": "Authentication Failed"}}), Some("200")),
            (json!({"error": {"errorCode": 200}}), Some("200")),
            (json!({"errorCode": "210", "errorMessage": "Permission Denied"}), Some("210")),
            (json!({"status": 403, "error": "Forbidden", "message": "no access to this 'serviceId'"}), Some("403")),
            (json!({"errors": ["to"]}), None),
            (json!({"errorCode": "01012345678"}), None),
            (json!({"errorCode": {"a": 1}}), None),
            (json!("text"), None),
        ];
        for (body, expected) in cases {
            assert_eq!(error_code(&body).as_deref(), expected, "{body}");
        }
    }

    #[test]
    fn a_reason_hides_every_digit_of_its_words() {
        let message: Sms = serde_json::from_value(json!({
            "statusCode": "3001", "statusMessage": "no such number 01012345678\n"
        }))
        .expect("message");
        assert_eq!(reason(&message), "3001 no such number ***********");
    }
}
