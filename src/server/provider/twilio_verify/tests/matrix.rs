//! Every answer of Twilio to a start and to a check, and what it means.

use futures::future::BoxFuture;

use super::super::super::matrix::{Column, Heard, assert_meanings};
use super::*;

/// A start and a check.
pub(in crate::server::provider) fn columns() -> [Column; 2] {
    let column = |name, ask, whole: String| {
        let error_inside = json!({"code": 60200, "message": "m", "more_info": "u", "status": 400}).to_string();
        Column { name, ask, status: 200, error_inside, of_another: Some(other(&whole)), whole }
    };
    let start = |url, limit| -> BoxFuture<'static, Heard> {
        Box::pin(async move { Heard::of(&twilio_at(url).limited_to(limit).start(&number(), Locale::Ko).await, |_| "accepted") })
    };
    let check = |url, limit| -> BoxFuture<'static, Heard> {
        Box::pin(async move { Heard::of(&twilio_at(url).limited_to(limit).check(&by_sid(), &code()).await, judged) })
    };
    [
        column("twilio_verify start", start, verification("pending", false)),
        column("twilio_verify check", check, verification("approved", true)),
    ]
}

fn judged(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Approved { .. } => "approved",
        Verdict::Incorrect { .. } => "incorrect",
        Verdict::TooManyAttempts => "too many attempts",
        Verdict::Gone => "gone",
    }
}

fn other(whole: &str) -> String {
    whole.replace(SID, OTHER_SID).replace("+821012345678", "+821087654321")
}

/// What each answer means to a start, and what to a check.
async fn assert_all<const N: usize>(answers: [(String, Script, [&'static str; 2]); N]) {
    for (at, column) in columns().iter().enumerate() {
        assert_meanings(column, answers.iter().map(|(name, script, means)| (name.as_str(), script.clone(), means[at]))).await;
    }
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
    let answers = cases.map(|(status, code, means)| (format!("{status} {code}"), error(status, code), means));
    assert_all(answers).await;
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
    let answer =
        |(status, valid, means)| (format!("200 {status}, valid: {valid}"), Script::json(200, &verification(status, valid)), means);
    assert_all(cases.map(answer)).await;
}

#[tokio::test]
async fn a_verification_is_known_by_a_sid_of_its_own() {
    let whole = verification("approved", true);
    let answers = [
        ("200 of another sid and number", other(&whole)),
        ("200 with a sid that is none", whole.replace(SID, "VE1")),
        ("200 pending, with a sid that is none", verification("pending", false).replace(SID, "VE1")),
    ];
    assert_all(answers.map(|(name, body)| (name.to_owned(), Script::json(200, &body), ["unknown"; 2]))).await;
}

#[tokio::test]
async fn a_start_for_another_number_and_a_check_of_another_are_unknown() {
    let (_vendor, twilio) = vendor(Script::json(201, &other(&verification("pending", false)))).await;
    let started = twilio.start(&number(), Locale::Ko).await;
    assert!(matches!(&started, Err(ProviderFault::Unknown(_))), "{started:?}");
    let (_vendor, twilio) = vendor(Script::json(200, &other(&verification("approved", true)))).await;
    let checked = twilio.check(&CheckTarget::Number(number()), &code()).await;
    assert!(matches!(&checked, Err(ProviderFault::Unknown(_))), "{checked:?}");
}
