//! Every answer of Solapi to a send, and what it means.

use super::super::super::matrix::{Column, Heard, assert_meanings};
use super::*;

pub(in crate::server::provider) fn column() -> Column {
    Column {
        name: NAME,
        ask: |url, limit| {
            Box::pin(
                async move { Heard::of(&solapi_at(url).send(&Parcel::new(TEXT).within(limit).message()).await, |_| "accepted") },
            )
        },
        status: 200,
        whole: accepted().to_string(),
        error_inside: error("NotEnoughBalance"),
        of_another: Some(failed("01000000000", "1062").to_string()),
    }
}

fn error(code: &str) -> String {
    json!({"errorCode": code, "errorMessage": "m"}).to_string()
}

fn refusal(status: u16, code: &str) -> Script {
    Script::json(status, &error(code))
}

/// An answer that was accepted, but for one change.
fn changed(change: fn(&mut Value)) -> Script {
    let mut answer = accepted();
    change(&mut answer);
    Script::json(200, &answer.to_string())
}

fn ours(status_code: &str) -> Script {
    Script::json(200, &failed("01012345678", status_code).to_string())
}

#[tokio::test]
async fn every_answer_to_a_send_has_one_meaning() {
    let answers = [
        ("403 InvalidAPIKey", refusal(403, "InvalidAPIKey"), "refused"),
        ("403 SignatureDoesNotMatch", refusal(403, "SignatureDoesNotMatch"), "refused"),
        ("403 RequestTimeTooSkewed", refusal(403, "RequestTimeTooSkewed"), "refused"),
        ("403 DuplicatedSignature", refusal(403, "DuplicatedSignature"), "unknown"),
        ("400 ValidationError", refusal(400, "ValidationError"), "refused"),
        ("400 FailedToAddMessage", refusal(400, "FailedToAddMessage"), "refused"),
        ("402 NotEnoughBalance", refusal(402, "NotEnoughBalance"), "quota exhausted"),
        ("402 empty", Script::json(402, ""), "quota exhausted"),
        ("400 BalanceInsufficient", refusal(400, "BalanceInsufficient"), "quota exhausted"),
        ("429 TooManyRequests", refusal(429, "TooManyRequests"), "quota exhausted"),
        ("500 InternalServerError", refusal(500, "InternalServerError"), "unavailable"),
        ("200, failed 1062", ours("1062"), "refused"),
        ("200, failed 1043", ours("1043"), "refused"),
        ("200, failed 1030", ours("1030"), "quota exhausted"),
        ("200, failed 1060", ours("1060"), "blocked"),
        ("200, failed 1061", ours("1061"), "invalid number"),
        ("200, failed 3010", ours("3010"), "invalid number"),
        ("200, failed 1024", ours("1024"), "unavailable"),
        ("200, failed without a code", ours(""), "refused"),
    ];
    assert_meanings(&column(), answers).await;
}

/// What it does not document: a success that contradicts itself, or says too little.
#[tokio::test]
async fn half_a_success_is_none() {
    let nameless = |answer: &mut Value| {
        answer["messageList"] = json!([]);
        answer["groupInfo"]["groupId"] = json!("");
    };
    let answers = [
        ("200, failed and registered", changed(|a| a["failedMessageList"] = json!([{"to": "01012345678"}])), "unknown"),
        ("200, one of two failed", changed(|a| a["groupInfo"]["count"]["registeredFailed"] = json!(1)), "unknown"),
        ("200, nothing registered", changed(|a| a["groupInfo"]["count"]["registeredSuccess"] = json!(0)), "unknown"),
        ("200, registered as 1062", changed(|a| a["messageList"][0]["statusCode"] = json!("1062")), "unknown"),
        ("200, no names", changed(nameless), "unknown"),
        ("200, no count", changed(|a| a["groupInfo"] = json!({"groupId": GROUP_ID})), "unknown"),
    ];
    assert_meanings(&column(), answers).await;
}
