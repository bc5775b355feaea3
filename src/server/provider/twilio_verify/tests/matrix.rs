//! Every answer of Twilio to a start and to a check, and what it means.

use super::super::super::fake_vendor::{Then, closed_address, kind_of};
use super::*;

async fn start_kind(script: Script) -> &'static str {
    vendor(script).await.1.start(&number(), Locale::Ko).await.as_ref().map_or_else(kind_of, |_| "accepted")
}

async fn check_kind(script: Script) -> &'static str {
    match vendor(script).await.1.check(&by_sid(), &code()).await {
        Ok(Verdict::Approved { .. }) => "approved",
        Ok(Verdict::Incorrect { .. }) => "incorrect",
        Ok(Verdict::TooManyAttempts) => "too many attempts",
        Ok(Verdict::Gone) => "gone",
        Err(fault) => kind_of(&fault),
    }
}

/// Prints a row; one that is not as expected comes back.
fn row(name: &str, found: [&'static str; 2], expected: [&str; 2]) -> Option<String> {
    println!("{name:34} start: {:16} check: {}", found[0], found[1]);
    (found != expected).then(|| format!("{name}: {found:?}, not {expected:?}"))
}

#[tokio::test]
async fn every_error_of_twilio_has_one_meaning() {
    let cases = [
        (401, 20003, ["refused", "refused"]),
        (404, 20404, ["refused", "gone"]),
        (400, 60200, ["invalid number", "refused"]),
        (429, 60202, ["quota exhausted", "too many attempts"]),
        (429, 60203, ["quota exhausted", "quota exhausted"]),
        (403, 60205, ["invalid number", "refused"]),
        (429, 60207, ["quota exhausted", "quota exhausted"]),
        (429, 60212, ["unavailable", "unavailable"]),
        (400, 60220, ["refused", "refused"]),
        (403, 60238, ["blocked", "blocked"]),
        (403, 60410, ["blocked", "blocked"]),
        (429, 60410, ["blocked", "blocked"]),
        (403, 60413, ["blocked", "blocked"]),
        (403, 60605, ["blocked", "blocked"]),
        (400, 21211, ["invalid number", "refused"]),
        (400, 21408, ["blocked", "blocked"]),
        (400, 21610, ["invalid number", "refused"]),
        (400, 21612, ["invalid number", "refused"]),
        (400, 21614, ["invalid number", "refused"]),
        (400, 30450, ["blocked", "blocked"]),
        (400, 99999, ["refused", "refused"]),
        (500, 60410, ["unavailable", "unavailable"]),
        (503, 20503, ["unavailable", "unavailable"]),
        (504, 20404, ["unknown", "unknown"]),
    ];
    let mut wrong = Vec::new();
    for (status, code, expected) in cases {
        let found = [start_kind(error(status, code)).await, check_kind(error(status, code)).await];
        wrong.extend(row(&format!("{status} {code}"), found, expected));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn every_status_of_a_verification_has_one_meaning() {
    let cases = [
        ("pending", false, ["accepted", "incorrect"]),
        ("pending", true, ["accepted", "unknown"]),
        ("approved", true, ["unknown", "approved"]),
        ("approved", false, ["unknown", "unknown"]),
        ("canceled", false, ["unknown", "gone"]),
        ("expired", false, ["unknown", "gone"]),
        ("deleted", false, ["unknown", "gone"]),
        ("failed", false, ["unknown", "gone"]),
        ("max_attempts_reached", false, ["unknown", "too many attempts"]),
        ("unheard of", true, ["unknown", "unknown"]),
    ];
    let mut wrong = Vec::new();
    for (status, valid, expected) in cases {
        let script = || Script::json(200, &verification(status, valid));
        let found = [start_kind(script()).await, check_kind(script()).await];
        wrong.extend(row(&format!("200 {status}, valid: {valid}"), found, expected));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What is no answer of Twilio at all, and what never arrives whole.
fn broken() -> Vec<(&'static str, Script, &'static str)> {
    let whole = verification("approved", true);
    let nulls = r#"{"sid":null,"to":null,"status":null,"valid":null}"#;
    let html = "<!doctype html><title>Welcome</title>";
    vec![
        ("200 {}", Script::json(200, "{}"), "unknown"),
        ("201 nulls", Script::json(201, nulls), "unknown"),
        ("200 null", Script::json(200, "null"), "unknown"),
        ("200 of another sid and number", Script::json(200, &other(&whole)), "unknown"),
        ("200 with a sid that is none", Script::json(200, &whole.replace(SID, "VE1")), "unknown"),
        ("200 HTML", Script::answer(200, "Content-Type: text/html\r\n", html), "unknown"),
        ("404 HTML", Script::answer(404, "Content-Type: text/html\r\n", html), "refused"),
        ("401 empty", Script::answer(401, "", ""), "refused"),
        ("302", Script::answer(302, "Location: https://example.com/\r\n", ""), "refused"),
        ("502 HTML", Script::answer(502, "", html), "unavailable"),
        ("200, body cut", Script::promise(200, &whole, Then::Close), "unknown"),
        ("200, body reset", Script::promise(200, &whole, Then::Reset), "unknown"),
        ("200, slow drip", Script::promise(200, &whole, Then::Drip), "unknown"),
        ("400, body hangs", Script::promise(400, "{\"code\":", Then::Hang), "refused"),
        ("10 MB of junk", Script::answer(200, "", &"{".repeat(10_000_000)), "unknown"),
        ("no answer", Script::raw("", Then::Hang), "unknown"),
        ("cut after the request", Script::raw("", Then::Close), "unknown"),
        ("reset after the request", Script::raw("", Then::Reset), "unknown"),
    ]
}

fn other(whole: &str) -> String {
    whole.replace(SID, OTHER_SID).replace("+821012345678", "+821087654321")
}

#[tokio::test]
async fn what_is_no_answer_of_twilio_approves_nothing() {
    let mut wrong = Vec::new();
    for (name, script, expected) in broken() {
        let found = [start_kind(script.clone()).await, check_kind(script).await];
        wrong.extend(row(name, found, [expected; 2]));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn a_start_for_another_number_and_a_check_of_another_are_unknown() {
    let pending_of_other = Script::json(201, &other(&verification("pending", false)));
    assert_eq!(start_kind(pending_of_other).await, "unknown");
    let (_vendor, twilio) = vendor(Script::json(200, &other(&verification("approved", true)))).await;
    let checked = twilio.check(&CheckTarget::Number(number()), &code()).await;
    assert!(matches!(&checked, Err(ProviderFault::Unknown(_))), "{checked:?}");
}

#[tokio::test]
async fn no_connection_is_certain() {
    let fault = twilio_at(format!("http://{}", closed_address().await)).start(&number(), Locale::Ko).await.expect_err("fault");
    assert_eq!((kind_of(&fault), fault.is_certain()), ("unavailable", true));
}
