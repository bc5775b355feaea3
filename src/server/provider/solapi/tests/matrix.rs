//! Every answer to a send, and what it means.

use super::super::super::fake_vendor::{Then, kind_of, speaks_first};
use super::*;

fn kind(result: &Result<Receipt, ProviderFault>) -> &'static str {
    result.as_ref().map_or_else(kind_of, |_| "accepted")
}

fn error(status: u16, code: &str) -> Script {
    Script::json(status, &json!({"errorCode": code, "errorMessage": "m"}).to_string())
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

/// What Solapi documents.
fn documented() -> Vec<(&'static str, Script, &'static str)> {
    vec![
        ("200", Script::json(200, &accepted().to_string()), "accepted"),
        ("403 InvalidAPIKey", error(403, "InvalidAPIKey"), "refused"),
        ("403 SignatureDoesNotMatch", error(403, "SignatureDoesNotMatch"), "refused"),
        ("403 RequestTimeTooSkewed", error(403, "RequestTimeTooSkewed"), "refused"),
        ("403 DuplicatedSignature", error(403, "DuplicatedSignature"), "unknown"),
        ("400 ValidationError", error(400, "ValidationError"), "refused"),
        ("400 FailedToAddMessage", error(400, "FailedToAddMessage"), "refused"),
        ("402 NotEnoughBalance", error(402, "NotEnoughBalance"), "quota exhausted"),
        ("400 BalanceInsufficient", error(400, "BalanceInsufficient"), "quota exhausted"),
        ("200, failed 1062", ours("1062"), "refused"),
        ("200, failed 1043", ours("1043"), "refused"),
        ("200, failed 1030", ours("1030"), "quota exhausted"),
        ("200, failed 1060", ours("1060"), "blocked"),
        ("200, failed 1061", ours("1061"), "invalid number"),
        ("200, failed 3010", ours("3010"), "invalid number"),
        ("200, failed 1024", ours("1024"), "unavailable"),
        ("200, failed without a code", ours(""), "refused"),
    ]
}

/// What it does not, and what is no answer at all.
fn others() -> Vec<(&'static str, Script, &'static str)> {
    let html = "<!doctype html><title>Welcome</title>";
    let accepted = accepted().to_string();
    vec![
        ("402 empty", Script::json(402, ""), "quota exhausted"),
        ("429", error(429, "TooManyRequests"), "quota exhausted"),
        ("401", Script::json(401, ""), "refused"),
        ("404 HTML", Script::answer(404, "", html), "refused"),
        ("500", error(500, "InternalServerError"), "unavailable"),
        ("502 HTML", Script::answer(502, "", html), "unavailable"),
        ("503", Script::json(503, ""), "unavailable"),
        ("504", Script::json(504, ""), "unknown"),
        ("520", Script::answer(520, "", ""), "unknown"),
        ("302", Script::answer(302, "Location: https://example.com/\r\n", ""), "refused"),
        ("400, body cut", Script::promise(400, "{", Then::Close), "refused"),
        ("503, body hangs", Script::promise(503, "", Then::Hang), "unavailable"),
        ("200 with an error inside", error(200, "NotEnoughBalance"), "unknown"),
        ("200, another recipient failed", Script::json(200, &failed("01000000000", "1062").to_string()), "unknown"),
        ("200, failed and registered", changed(|a| a["failedMessageList"] = json!([{"to": "01012345678"}])), "unknown"),
        ("200, one of two failed", changed(|a| a["groupInfo"]["count"]["registeredFailed"] = json!(1)), "unknown"),
        ("200, nothing registered", changed(|a| a["groupInfo"]["count"]["registeredSuccess"] = json!(0)), "unknown"),
        ("200, registered as 1062", changed(|a| a["messageList"][0]["statusCode"] = json!("1062")), "unknown"),
        (
            "200, no names",
            changed(|a| {
                a["messageList"] = json!([]);
                a["groupInfo"]["groupId"] = json!("");
            }),
            "unknown",
        ),
        ("200, no count", changed(|a| a["groupInfo"] = json!({"groupId": GROUP_ID})), "unknown"),
        ("200 nulls", Script::json(200, r#"{"failedMessageList":null,"groupInfo":null,"messageList":null}"#), "unknown"),
        ("200 {}", Script::json(200, "{}"), "unknown"),
        ("200 empty", Script::json(200, ""), "unknown"),
        ("200 HTML", Script::answer(200, "Content-Type: text/html\r\n", html), "unknown"),
        ("200, body cut", Script::promise(200, &accepted, Then::Close), "unknown"),
        ("200, body reset", Script::promise(200, &accepted, Then::Reset), "unknown"),
        ("200, slow drip", Script::promise(200, &accepted, Then::Drip), "unknown"),
        ("10 MB of junk", Script::answer(200, "", &"{".repeat(10_000_000)), "unknown"),
        ("not HTTP", Script::raw("SSH-2.0-OpenSSH_9.6\r\n", Then::Close), "unknown"),
        ("no answer", Script::raw("", Then::Hang), "unknown"),
        ("cut after the request", Script::raw("", Then::Close), "unknown"),
        ("reset after the request", Script::raw("", Then::Reset), "unknown"),
    ]
}

#[tokio::test]
async fn every_answer_to_a_send_has_one_meaning() {
    let mut wrong = Vec::new();
    for (name, script, expected) in documented().into_iter().chain(others()) {
        let result = answered(script).await;
        println!("{name:32} {:16} {result:?}", kind(&result));
        if kind(&result) != expected {
            wrong.push(format!("{name}: {result:?}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn no_connection_and_no_tls_are_certain() {
    let nobody = format!("http://{}", closed_address().await);
    let no_tls = format!("https://{}", speaks_first(b"220 mail.example.com ESMTP\r\n").await);
    for base_url in [nobody, no_tls] {
        let result = send_to(&solapi_at(base_url), "+821012345678").await;
        assert_eq!(kind(&result), "unavailable", "{result:?}");
    }
}
