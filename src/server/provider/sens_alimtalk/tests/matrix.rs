//! Every answer of SENS to a send, and what it means.

use super::super::super::matrix::{Column, Heard, assert_meanings};
use super::*;

pub(in crate::server::provider) fn column() -> Column {
    Column {
        name: NAME,
        ask: |url, limit| {
            Box::pin(
                async move { Heard::of(&alimtalk_at(url).send(&Parcel::new(TEXT).within(limit).message()).await, |_| "accepted") },
            )
        },
        status: 202,
        whole: accepted().to_string(),
        error_inside: r#"{"error":{"errorCode":"200"}}"#.into(),
        of_another: Some(changed(|a| a["messages"][0]["to"] = json!("01000000000"))),
    }
}

/// An answer that was accepted, but for one change.
fn changed(change: fn(&mut Value)) -> String {
    let mut answer = accepted();
    change(&mut answer);
    answer.to_string()
}

/// An answer that was accepted, but for the message.
fn requested(code: &Value, name: &Value) -> Script {
    let mut answer = accepted();
    answer["messages"][0]["requestStatusCode"] = code.clone();
    answer["messages"][0]["requestStatusName"] = name.clone();
    Script::json(202, &answer.to_string())
}

/// What SENS says of the request and of the message.
#[tokio::test]
async fn every_answer_to_a_send_has_one_meaning() {
    let changed = |change| Script::json(202, &changed(change));
    let answers = [
        ("400 code 100", Script::json(400, r#"{"error":{"errorCode":"100"}}"#), "refused"),
        ("401 code 200", Script::json(401, r#"{"error":{"errorCode":"200"}}"#), "refused"),
        ("403 of SENS itself", Script::json(403, r#"{"status":403,"error":"Forbidden"}"#), "refused"),
        ("429 code 400", Script::json(429, r#"{"error":{"errorCode":"400"}}"#), "quota exhausted"),
        ("500 code 900", Script::json(500, r#"{"error":{"errorCode":"900"}}"#), "unavailable"),
        ("503 code 500", Script::json(503, r#"{"error":{"errorCode":"500"}}"#), "unavailable"),
        ("504 code 510", Script::json(504, r#"{"error":{"errorCode":"510"}}"#), "unknown"),
        ("202 A000 without a name", requested(&json!("A000"), &json!(null)), "accepted"),
        ("202 success with another code", requested(&json!("0000"), &json!("success")), "accepted"),
        ("202 fail as a whole", Script::json(202, r#"{"statusCode":"202","statusName":"fail"}"#), "refused"),
        ("202 B101 fail", requested(&json!("B101"), &json!("fail")), "refused"),
        ("202 B101 without a name", requested(&json!("B101"), &json!("")), "refused"),
        ("202 E901 fail: an SMS may follow", requested(&json!("E901"), &json!("fail")), "unknown"),
        ("202 fail without a code", requested(&json!(null), &json!("fail")), "unknown"),
        ("202 A000 fail", requested(&json!("A000"), &json!("fail")), "unknown"),
        ("202 B101 success", requested(&json!("B101"), &json!("success")), "unknown"),
        ("202 with another status inside", changed(|a| a["statusCode"] = json!("400")), "unknown"),
        ("202, two messages", changed(|a| a["messages"] = json!([a["messages"][0], a["messages"][0]])), "unknown"),
        ("202, no message", changed(|a| a["messages"] = json!([])), "unknown"),
        ("202, no name", changed(|a| a["messages"][0]["messageId"] = json!("")), "unknown"),
    ];
    assert_meanings(&column(), answers).await;
}
