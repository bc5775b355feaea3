//! What the operator's program posts of a text: `{"type":"sms.delivery","data":{"send_id","status","reason"?}}`.

use serde::Deserialize;
use serde_json::Value;

use super::super::Delivery;
use super::super::callback::{Misread, Report};
use crate::server::metrics::OTHER;
use crate::verification::Delivered;

/// The most characters of a reason that are kept.
const MAX_REASON_CHARS: usize = 100;

#[derive(Deserialize)]
struct Event {
    r#type: String,
    #[serde(default)]
    data: Value,
}

#[derive(Deserialize)]
struct Told {
    send_id: String,
    status: Status,
    reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Delivered,
    Failed,
}

/// Reads a body whose signature is good. An event of another type is none of ours.
pub(super) fn read(body: &[u8]) -> Result<Option<Report>, Misread> {
    let event: Event = serde_json::from_slice(body).map_err(|_| Misread::Unreadable)?;
    if event.r#type != "sms.delivery" {
        return Ok(None);
    }
    let told: Told = serde_json::from_value(event.data).map_err(|_| Misread::Unreadable)?;
    let delivery = match told.status {
        Status::Delivered => Delivery::Delivered { carrier: OTHER },
        Status::Failed => Delivery::Failed { reason: reason(told.reason.as_deref()), carrier: OTHER },
    };
    Ok(Some(Report { send_id: told.send_id, reference: None, delivery }))
}

/// Words for the operator. Up to five digits may be a vendor's code; more might be the number or the one-time code, and none of them is kept.
fn reason(given: Option<&str>) -> String {
    let words: String = given.unwrap_or_default().chars().filter(|c| !c.is_control()).take(MAX_REASON_CHARS).collect();
    let is_telling = words.chars().filter(|c| c.is_numeric()).count() > 5;
    let words: String = words.chars().map(|c| if is_telling && c.is_numeric() { '*' } else { c }).collect();
    match words.trim() {
        // It would be read as the opposite.
        "" | "delivered" => Delivered::No.as_str().to_owned(),
        words => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read_of(event: &Value) -> Result<Option<Report>, Misread> {
        read(event.to_string().as_bytes())
    }

    fn told(data: &Value) -> Result<Option<Report>, Misread> {
        read_of(&json!({"type": "sms.delivery", "data": data}))
    }

    #[test]
    fn a_result_is_delivered_or_failed() {
        let report = |delivery| Ok(Some(Report { send_id: "s".into(), reference: None, delivery }));
        let delivered = report(Delivery::Delivered { carrier: OTHER });
        assert_eq!(told(&json!({"send_id": "s", "status": "delivered"})), delivered);
        assert_eq!(told(&json!({"send_id": "s", "status": "delivered", "reason": "x", "more": 1})), delivered);
        for (given, kept) in [
            (json!("3001 no such number"), "3001 no such number"),
            (json!("no such number 010-1234-5678\n"), "no such number ***-****-****"),
            (json!("code 654321"), "code ******"),
            (json!("٠١٢٣٤٥"), "******"),
            (json!(" \u{7}"), "failed"),
            (json!("delivered"), "failed"),
            (Value::Null, "failed"),
        ] {
            let failed = report(Delivery::Failed { reason: kept.into(), carrier: OTHER });
            assert_eq!(told(&json!({"send_id": "s", "status": "failed", "reason": given})), failed);
        }
        let long = told(&json!({"send_id": "s", "status": "failed", "reason": "가".repeat(1000)}));
        assert_eq!(long, report(Delivery::Failed { reason: "가".repeat(100), carrier: OTHER }));
    }

    #[test]
    fn an_event_of_another_type_is_passed_over_and_what_is_none_is_unreadable() {
        assert_eq!(read_of(&json!({"type": "sms.clicked", "data": {"send_id": "s"}})), Ok(None));
        assert_eq!(read_of(&json!({"type": "ping"})), Ok(None));
        for body in ["", "{", "null", "[]", "{}", r#"{"type":1}"#, r#"{"type":"sms.delivery"}"#, "type=sms.delivery"] {
            assert_eq!(read(body.as_bytes()), Err(Misread::Unreadable), "{body}");
        }
        for data in [
            json!({"status": "delivered"}),
            json!({"send_id": "s"}),
            json!({"send_id": "s", "status": "sent"}),
            json!({"send_id": 1, "status": "delivered"}),
            json!({"send_id": "s", "status": "failed", "reason": 3}),
        ] {
            assert_eq!(told(&data), Err(Misread::Unreadable), "{data}");
        }
    }
}
