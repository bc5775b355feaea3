//! Every answer to a send, and what it means.

use super::super::super::fake_vendor::{Then, kind_of, speaks_first};
use super::*;

fn kind(result: &Result<Receipt, ProviderFault>) -> &'static str {
    result.as_ref().map_or_else(kind_of, |_| "accepted")
}

fn told(http_code: &str) -> Script {
    Script::json(200, &format!(r#"{{"error":{{"http_code":{http_code},"message":"m"}}}}"#))
}

const HTML: &str = "<!doctype html><title>Welcome</title>";

/// Every body of a success.
fn successes() -> Vec<(&'static str, Script, &'static str)> {
    vec![
        ("204", Script::answer(204, "", ""), "accepted"),
        ("200 empty", Script::answer(200, "", ""), "accepted"),
        ("200 blank", Script::answer(200, "", " \r\n"), "accepted"),
        ("202 {}", Script::json(202, "{}"), "accepted"),
        ("200 with words of its own", Script::json(200, r#"{"ok":true,"id":7}"#), "accepted"),
        ("200 error: null", Script::json(200, r#"{"error":null}"#), "accepted"),
        ("200 error 400 inside", told("400"), "refused"),
        ("200 error 403 inside", told("403"), "refused"),
        ("200 error 429 inside", told("429"), "quota exhausted"),
        ("200 error 500 inside", told("500"), "unavailable"),
        ("200 error 504 inside", told("504"), "unknown"),
        ("200 error 200 inside", told("200"), "unknown"),
        ("200 error with no code", Script::json(200, r#"{"error":{"message":"m"}}"#), "refused"),
        ("200 error with a code of words", told("\"429\""), "refused"),
        ("200 error 99999 inside", told("99999"), "refused"),
        ("202 error in words", Script::json(202, r#"{"error":"no credit"}"#), "refused"),
        ("200 HTML", Script::answer(200, "Content-Type: text/html\r\n", HTML), "unknown"),
        ("200 of another kind", Script::json(200, "[]"), "unknown"),
        ("200 text", Script::json(200, "\"ok\""), "unknown"),
        ("200 null", Script::json(200, "null"), "unknown"),
    ]
}

/// Every other status, and what is no answer at all.
fn other_answers() -> Vec<(&'static str, Script, &'static str)> {
    vec![
        ("201", Script::json(201, "{}"), "unknown"),
        ("206", Script::json(206, "{}"), "unknown"),
        ("302", Script::answer(302, "Location: https://example.com/\r\n", ""), "refused"),
        ("308", Script::answer(308, "Location: https://example.com/\r\n", ""), "refused"),
        ("400", Script::json(400, "{}"), "refused"),
        ("401", Script::json(401, "{}"), "refused"),
        ("404 HTML", Script::answer(404, "Content-Type: text/html\r\n", HTML), "refused"),
        ("410", Script::answer(410, "", ""), "refused"),
        ("413", Script::answer(413, "", ""), "refused"),
        ("429", Script::answer(429, "", ""), "quota exhausted"),
        ("500", Script::json(500, "{}"), "unavailable"),
        ("502 HTML", Script::answer(502, "", HTML), "unavailable"),
        ("503", Script::answer(503, "", ""), "unavailable"),
        ("504", Script::answer(504, "", ""), "unknown"),
        ("520", Script::answer(520, "", ""), "unknown"),
        ("400, body cut", Script::promise(400, "{", Then::Close), "refused"),
        ("503, body hangs", Script::promise(503, "", Then::Hang), "unavailable"),
        ("200, body cut", Script::promise(200, "{}", Then::Close), "unknown"),
        ("200, body reset", Script::promise(200, "{}", Then::Reset), "unknown"),
        ("200, slow drip", Script::promise(200, "{}", Then::Drip), "unknown"),
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
    for (name, script, expected) in successes().into_iter().chain(other_answers()) {
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
    for address in
        [format!("http://{}", closed_address().await), format!("https://{}", speaks_first(b"220 mail.example.com ESMTP\r\n").await)]
    {
        let refused = hook_at(address).send(&Parcel::new(TEXT).message()).await;
        assert_eq!(kind(&refused), "unavailable", "{refused:?}");
    }
}
