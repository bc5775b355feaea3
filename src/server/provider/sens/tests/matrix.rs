//! Every answer to a send, and what it means.

use super::super::super::fake_vendor::{Script, Then, kind_of, speaks_first};
use super::*;

fn kind(result: &Result<Receipt, ProviderFault>) -> &'static str {
    result.as_ref().map_or_else(kind_of, |_| "accepted")
}

/// Every answer of the gateway's table, both body shapes, and what is no answer at all.
fn answers() -> Vec<(&'static str, Script, &'static str)> {
    let html = "<!doctype html><title>Welcome</title>";
    vec![
        ("400 code 100", gateway_error(400, "\"100\""), "refused"),
        ("401 code 200", gateway_error(401, "\"200\""), "refused"),
        ("401 code 210 as a number", gateway_error(401, "210"), "refused"),
        ("403 of SENS itself", Script::json(403, r#"{"status":403,"error":"Forbidden"}"#), "refused"),
        ("404 code 300", gateway_error(404, "\"300\""), "refused"),
        ("413 code 430", gateway_error(413, "\"430\""), "refused"),
        ("429 code 400", gateway_error(429, "\"400\""), "quota exhausted"),
        ("429 code 410", gateway_error(429, "\"410\""), "quota exhausted"),
        ("429 code 420", Script::json(429, r#"{"errorCode":"420","errorMessage":"Rate Limited"}"#), "quota exhausted"),
        ("500 code 900", gateway_error(500, "\"900\""), "unavailable"),
        ("502 HTML", Script::answer(502, "", html), "unavailable"),
        ("503 code 500", gateway_error(503, "\"500\""), "unavailable"),
        ("504 code 510", gateway_error(504, "\"510\""), "unknown"),
        ("520", Script::answer(520, "", ""), "unknown"),
        ("302", Script::answer(302, "Location: https://example.com/\r\n", ""), "refused"),
        ("400, body cut", Script::promise(400, "{", Then::Close), "refused"),
        ("503, body hangs", Script::promise(503, "", Then::Hang), "unavailable"),
        ("202 success", Script::json(202, ACCEPTED), "accepted"),
        ("200 with a number for a status", Script::json(200, r#"{"requestId":"R","statusCode":202}"#), "accepted"),
        ("202 fail", Script::json(202, r#"{"requestId":"R","statusCode":"202","statusName":"fail"}"#), "refused"),
        ("202 with another status inside", Script::json(202, r#"{"requestId":"R","statusCode":"400"}"#), "unknown"),
        ("202 without requestId", Script::json(202, r#"{"statusCode":"202","statusName":"success"}"#), "unknown"),
        ("202 nulls", Script::json(202, r#"{"requestId":null,"statusCode":null,"statusName":null}"#), "unknown"),
        ("202 {}", Script::json(202, "{}"), "unknown"),
        ("202 empty", Script::json(202, ""), "unknown"),
        ("200 HTML", Script::answer(200, "Content-Type: text/html\r\n", html), "unknown"),
        ("202, body cut", Script::promise(202, ACCEPTED, Then::Close), "unknown"),
        ("202, body reset", Script::promise(202, ACCEPTED, Then::Reset), "unknown"),
        ("202, slow drip", Script::promise(202, ACCEPTED, Then::Drip), "unknown"),
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
    for (name, script, expected) in answers() {
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
    let refused = send_to(format!("http://{}", closed_address().await)).await;
    assert_eq!(kind(&refused), "unavailable", "{refused:?}");
    let no_tls = send_to(format!("https://{}", speaks_first(b"220 mail.example.com ESMTP\r\n").await)).await;
    assert_eq!(kind(&no_tls), "unavailable", "{no_tls:?}");
}

#[tokio::test]
async fn a_connection_that_never_opens_is_certain() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let mut sens = sens_at(format!("https://{}", silent.local_addr().expect("address")));
    let impatient = reqwest::Client::builder().no_proxy().connect_timeout(Duration::from_millis(50)).build();
    sens.gateway.client = impatient.expect("client");
    let fault = sens.send(&Parcel::new("text").message()).await.expect_err("fault");
    assert!(matches!(fault, ProviderFault::Unavailable(_)), "{fault}");
}
