//! Every answer of a program's own to a send, and what it means.

use super::super::super::matrix::{Column, Heard, assert_meanings};
use super::*;

fn error(http_code: &str) -> String {
    format!(r#"{{"error":{{"http_code":{http_code},"message":"m"}}}}"#)
}

fn told(http_code: &str) -> Script {
    Script::json(200, &error(http_code))
}

pub(in crate::server::provider) fn column() -> Column {
    Column {
        name: NAME,
        ask: |url, limit| {
            Box::pin(async move { Heard::of(&hook_at(url).send(&Parcel::new(TEXT).within(limit).message()).await, |_| "accepted") })
        },
        status: 200,
        whole: "{}".into(),
        error_inside: error("400"),
        of_another: None,
    }
}

#[tokio::test]
async fn every_answer_to_a_send_has_one_meaning() {
    let answers = [
        ("202 {}", Script::json(202, "{}"), "accepted"),
        ("200 with words of its own", Script::json(200, r#"{"ok":true,"id":7}"#), "accepted"),
        ("200 error: null", Script::json(200, r#"{"error":null}"#), "accepted"),
        ("200 error 403 inside", told("403"), "refused"),
        ("200 error 429 inside", told("429"), "quota exhausted"),
        ("200 error 500 inside", told("500"), "unavailable"),
        ("200 error 504 inside", told("504"), "unknown"),
        ("200 error 200 inside", told("200"), "unknown"),
        ("200 error with no code", Script::json(200, r#"{"error":{"message":"m"}}"#), "refused"),
        ("200 error with a code of words", told("\"429\""), "refused"),
        ("200 error 99999 inside", told("99999"), "refused"),
        ("202 error in words", Script::json(202, r#"{"error":"no credit"}"#), "refused"),
        ("201", Script::json(201, "{}"), "unknown"),
        ("206", Script::json(206, "{}"), "unknown"),
        ("400", Script::json(400, "{}"), "refused"),
        ("401", Script::json(401, "{}"), "refused"),
        ("500", Script::json(500, "{}"), "unavailable"),
    ];
    assert_meanings(&column(), answers).await;
}
