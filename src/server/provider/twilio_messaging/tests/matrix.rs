//! Every answer of Twilio to a send, and what it means.

use super::super::super::matrix::{Column, Heard, assert_meanings};
use super::*;

pub(in crate::server::provider) fn column() -> Column {
    let whole = sms("queued", &Value::Null);
    Column {
        name: NAME,
        ask: |url, limit| {
            Box::pin(
                async move { Heard::of(&twilio_at(url).send(&Parcel::new(TEXT).within(limit).message()).await, |_| "accepted") },
            )
        },
        status: 201,
        error_inside: json!({"code": 21211, "message": "m", "more_info": "u", "status": 400}).to_string(),
        of_another: Some(whole.replace(NUMBER, "+821087654321")),
        whole,
    }
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
    let answers = cases.map(|(status, code, means)| (format!("{status} {code}"), error(status, code), means));
    assert_meanings(&column(), answers).await;
}

#[tokio::test]
async fn every_status_of_a_new_message_has_one_meaning() {
    let on_its_way = ["queued", "accepted", "scheduled", "sending", "sent"].map(|status| (status, "accepted"));
    let not = ["failed", "undelivered", "canceled", "receiving", "unheard of", ""].map(|status| (status, "unknown"));
    let cases = on_its_way.into_iter().chain(not);
    let answer = |(status, means)| (format!("201 {status}"), Script::json(201, &sms(status, &Value::Null)), means);
    assert_meanings(&column(), cases.map(answer)).await;
}

#[tokio::test]
async fn a_message_is_known_by_a_sid_of_its_own() {
    let whole = sms("queued", &Value::Null);
    let answers = [
        ("200 queued", Script::json(200, &whole), "accepted"),
        ("201 with a sid that is none", Script::json(201, &whole.replace(SID, "SM1")), "unknown"),
        ("201 with the sid of something else", Script::json(201, &whole.replace("SM0", "VE0")), "unknown"),
    ];
    assert_meanings(&column(), answers).await;
}
