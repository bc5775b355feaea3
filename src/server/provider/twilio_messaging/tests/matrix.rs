//! Every answer of Twilio to a send, and what it means.

use super::super::super::fake_vendor::{Then, kind_of};
use super::*;

fn kind(result: &Result<Receipt, ProviderFault>) -> &'static str {
    result.as_ref().map_or_else(kind_of, |_| "accepted")
}

async fn assert_meanings(cases: Vec<(String, Script, &'static str)>) {
    let mut wrong = Vec::new();
    for (name, script, expected) in cases {
        let result = answered(script).await;
        println!("{name:34} {:16} {result:?}", kind(&result));
        if kind(&result) != expected {
            wrong.push(format!("{name}: {result:?}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn every_error_of_twilio_has_one_meaning() {
    let cases = [
        (401, 20003, "refused"),
        (404, 20404, "refused"),
        (401, 20005, "refused"),
        (400, 21211, "invalid number"),
        (400, 21212, "refused"),
        (400, 21214, "invalid number"),
        (400, 21217, "invalid number"),
        (400, 21265, "invalid number"),
        (400, 21408, "blocked"),
        (403, 21408, "blocked"),
        (400, 21603, "refused"),
        (400, 21606, "refused"),
        (400, 21608, "refused"),
        (400, 21609, "refused"),
        (400, 21610, "invalid number"),
        (429, 21611, "quota exhausted"),
        (400, 21612, "invalid number"),
        (400, 21614, "invalid number"),
        (400, 21617, "refused"),
        (400, 21624, "refused"),
        (400, 21627, "refused"),
        (400, 21635, "invalid number"),
        (400, 21703, "refused"),
        (404, 21701, "refused"),
        (400, 21730, "unavailable"),
        (400, 30450, "blocked"),
        (429, 63038, "quota exhausted"),
        (429, 14107, "quota exhausted"),
        (429, 99999, "quota exhausted"),
        (400, 99999, "refused"),
        (500, 21610, "unavailable"),
        (503, 20503, "unavailable"),
        (504, 21211, "unknown"),
    ];
    assert_meanings(cases.map(|(status, code, kind)| (format!("{status} {code}"), error(status, code), kind)).into()).await;
}

#[tokio::test]
async fn every_status_of_a_new_message_has_one_meaning() {
    let on_its_way = ["queued", "accepted", "scheduled", "sending", "sent"].map(|status| (status, "accepted"));
    let not = ["failed", "undelivered", "canceled", "receiving", "unheard of", ""].map(|status| (status, "unknown"));
    let cases = on_its_way.into_iter().chain(not);
    let case = |(status, kind)| (format!("201 {status}"), Script::json(201, &sms(status, &Value::Null)), kind);
    assert_meanings(cases.map(case).collect()).await;
}

/// What is no answer of Twilio at all, and what never arrives whole.
#[tokio::test]
async fn what_is_no_answer_of_twilio_accepts_nothing() {
    let whole = sms("queued", &Value::Null);
    let html = "<!doctype html><title>Welcome</title>";
    let nulls = r#"{"sid":null,"to":null,"status":null,"error_code":null}"#;
    let cases = vec![
        ("200 queued", Script::json(200, &whole), "accepted"),
        ("201 {}", Script::json(201, "{}"), "unknown"),
        ("201 nulls", Script::json(201, nulls), "unknown"),
        ("201 to another number", Script::json(201, &whole.replace(NUMBER, "+821087654321")), "unknown"),
        ("201 with a sid that is none", Script::json(201, &whole.replace(SID, "SM1")), "unknown"),
        ("201 with the sid of something else", Script::json(201, &whole.replace("SM0", "VE0")), "unknown"),
        ("201 empty", Script::json(201, ""), "unknown"),
        ("200 HTML", Script::answer(200, "Content-Type: text/html\r\n", html), "unknown"),
        ("404 HTML", Script::answer(404, "Content-Type: text/html\r\n", html), "refused"),
        ("401 empty", Script::answer(401, "", ""), "refused"),
        ("302", Script::answer(302, "Location: https://example.com/\r\n", ""), "refused"),
        ("502 HTML", Script::answer(502, "", html), "unavailable"),
        ("201, body cut", Script::promise(201, &whole, Then::Close), "unknown"),
        ("201, body reset", Script::promise(201, &whole, Then::Reset), "unknown"),
        ("201, slow drip", Script::promise(201, &whole, Then::Drip), "unknown"),
        ("400, body hangs", Script::promise(400, "{\"code\":", Then::Hang), "refused"),
        ("10 MB of junk", Script::answer(201, "", &"{".repeat(10_000_000)), "unknown"),
        ("no answer", Script::raw("", Then::Hang), "unknown"),
        ("cut after the request", Script::raw("", Then::Close), "unknown"),
        ("reset after the request", Script::raw("", Then::Reset), "unknown"),
    ];
    assert_meanings(cases.into_iter().map(|(name, script, kind)| (name.to_owned(), script, kind)).collect()).await;
}

#[tokio::test]
async fn no_connection_is_certain() {
    let twilio = twilio_at(format!("http://{}", closed_address().await));
    let fault = twilio.send(&Parcel::new(TEXT).message()).await.expect_err("fault");
    assert_eq!((kind_of(&fault), fault.is_certain()), ("unavailable", true));
}
