//! Every answer to a send, and what it means.

use super::super::super::fake_vendor::{Then, kind_of, speaks_first};
use super::*;

fn kind(result: &Result<Receipt, ProviderFault>) -> &'static str {
    result.as_ref().map_or_else(kind_of, |_| "accepted")
}

/// An answer that was accepted, but for the message.
fn requested(code: &Value, name: &Value) -> Script {
    let mut answer = accepted();
    answer["messages"][0]["requestStatusCode"] = code.clone();
    answer["messages"][0]["requestStatusName"] = name.clone();
    Script::json(202, &answer.to_string())
}

/// An answer that was accepted, but for one change.
fn changed(change: fn(&mut Value)) -> Script {
    let mut answer = accepted();
    change(&mut answer);
    Script::json(202, &answer.to_string())
}

/// What SENS says of the request and of the message.
fn documented() -> Vec<(&'static str, Script, &'static str)> {
    vec![
        ("400 code 100", Script::json(400, r#"{"error":{"errorCode":"100"}}"#), "refused"),
        ("401 code 200", Script::json(401, r#"{"error":{"errorCode":"200"}}"#), "refused"),
        ("403 of SENS itself", Script::json(403, r#"{"status":403,"error":"Forbidden"}"#), "refused"),
        ("404 empty", Script::json(404, ""), "refused"),
        ("429 code 400", Script::json(429, r#"{"error":{"errorCode":"400"}}"#), "quota exhausted"),
        ("500 code 900", Script::json(500, r#"{"error":{"errorCode":"900"}}"#), "unavailable"),
        ("503 code 500", Script::json(503, r#"{"error":{"errorCode":"500"}}"#), "unavailable"),
        ("504 code 510", Script::json(504, r#"{"error":{"errorCode":"510"}}"#), "unknown"),
        ("202", Script::json(202, &accepted().to_string()), "accepted"),
        ("202 A000 without a name", requested(&json!("A000"), &json!(null)), "accepted"),
        ("202 success with another code", requested(&json!("0000"), &json!("success")), "accepted"),
        ("202 fail as a whole", Script::json(202, r#"{"statusCode":"202","statusName":"fail"}"#), "refused"),
        ("202 B101 fail", requested(&json!("B101"), &json!("fail")), "refused"),
        ("202 B101 without a name", requested(&json!("B101"), &json!("")), "refused"),
        ("202 E901 fail: an SMS may follow", requested(&json!("E901"), &json!("fail")), "unknown"),
        ("202 fail without a code", requested(&json!(null), &json!("fail")), "unknown"),
        ("202 A000 fail", requested(&json!("A000"), &json!("fail")), "unknown"),
        ("202 B101 success", requested(&json!("B101"), &json!("success")), "unknown"),
    ]
}

/// What it does not say, and what is no answer at all.
fn others() -> Vec<(&'static str, Script, &'static str)> {
    let html = "<!doctype html><title>Welcome</title>";
    let accepted = accepted().to_string();
    vec![
        ("502 HTML", Script::answer(502, "", html), "unavailable"),
        ("520", Script::answer(520, "", ""), "unknown"),
        ("302", Script::answer(302, "Location: https://example.com/\r\n", ""), "refused"),
        ("400, body cut", Script::promise(400, "{", Then::Close), "refused"),
        ("503, body hangs", Script::promise(503, "", Then::Hang), "unavailable"),
        ("202 with an error inside", Script::json(202, r#"{"error":{"errorCode":"200"}}"#), "unknown"),
        ("202 with another status inside", changed(|a| a["statusCode"] = json!("400")), "unknown"),
        ("202, another recipient", changed(|a| a["messages"][0]["to"] = json!("01000000000")), "unknown"),
        ("202, two messages", changed(|a| a["messages"] = json!([a["messages"][0], a["messages"][0]])), "unknown"),
        ("202, no message", changed(|a| a["messages"] = json!([])), "unknown"),
        ("202, no name", changed(|a| a["messages"][0]["messageId"] = json!("")), "unknown"),
        ("202 nulls", Script::json(202, r#"{"statusCode":null,"statusName":null,"messages":null}"#), "unknown"),
        ("202 {}", Script::json(202, "{}"), "unknown"),
        ("202 empty", Script::json(202, ""), "unknown"),
        ("200 HTML", Script::answer(200, "Content-Type: text/html\r\n", html), "unknown"),
        ("202, body cut", Script::promise(202, &accepted, Then::Close), "unknown"),
        ("202, body reset", Script::promise(202, &accepted, Then::Reset), "unknown"),
        ("202, slow drip", Script::promise(202, &accepted, Then::Drip), "unknown"),
        ("10 MB of junk", Script::answer(202, "", &"{".repeat(10_000_000)), "unknown"),
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
        println!("{name:34} {:16} {result:?}", kind(&result));
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
        let result = alimtalk_at(base_url).send(&Parcel::new(TEXT).message()).await;
        assert_eq!(kind(&result), "unavailable", "{result:?}");
    }
}
