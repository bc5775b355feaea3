//! Requests that bring an `Idempotency-Key`: carried out once, answered the same for a day, whatever cookie they come with.

use std::time::Duration;

use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::browser::{Answered, Browser};
use crate::databases::{Kind, on_both_databases};
use crate::world::{NUMBER, OTHER_NUMBER, World};

on_both_databases!(
    a_first_post_whose_answer_was_lost_is_repeated_by_its_key,
    a_short_key_is_no_secret,
    a_key_is_answered_the_same_for_a_day,
    a_key_of_another_request_is_refused,
    an_unreadable_key_is_refused,
    many_posts_of_one_key_are_carried_out_once,
    a_refusal_is_judged_anew_under_its_key,
    many_posts_of_one_key_all_end_where_the_first_did,
    a_repeat_after_signing_out_hands_out_no_cookie,
    a_key_is_good_with_a_cookie_that_was_replaced_long_ago,
    a_secret_key_may_be_repeated_often_and_a_short_one_may_not,
    a_key_brings_no_cookie_back_once_its_session_is_forgotten,
    whoever_looked_before_the_repeat_is_answered_the_same,
    a_caller_that_leaves_leaves_its_key_free,
);

pub const KEY: &str = "6f1c1d1e-3b0f-4a53-9d5b-2f9a1c7b8e10";
pub const OTHER_KEY: &str = "0d3c62a1-6a3c-4f0e-8b55-93f1f0a8c2aa";

pub async fn keyed(person: &Browser, key: &str, path: &str, body: &Value) -> Answered {
    person.send(person.request(Method::POST, path).header("idempotency-key", key).json(body)).await
}

fn start() -> Value {
    json!({"phone_number": NUMBER})
}

/// Posts the same eight times at once, from the same cookie.
async fn at_once(person: &Browser, key: &'static str, path: &'static str, body: &Value) -> Vec<(Answered, Option<String>)> {
    let posts = (0..8).map(|_| {
        let (twin, body) = (person.twin(), body.clone());
        tokio::spawn(async move { (keyed(&twin, key, path, &body).await, twin.cookie()) })
    });
    futures::future::join_all(posts).await.into_iter().map(|answer| answer.expect("the task ends")).collect()
}

async fn a_first_post_whose_answer_was_lost_is_repeated_by_its_key(kind: Kind) {
    let world = World::new(kind).await;
    let lost = keyed(&world.browser(), KEY, "/v1/verification", &start()).await;
    let person = world.browser();
    world.advance(5);
    let again = keyed(&person, KEY, "/v1/verification", &start()).await;
    assert_eq!((again.status, &again.body), (lost.status, &lost.body));
    assert_eq!(world.sms().len(), 1);
    assert_eq!(person.checks(&world.code()).await.outcome(), "verified");
    let elsewhere = json!({"phone_number": OTHER_NUMBER});
    assert_ne!(
        keyed(&world.browser(), KEY, "/v1/verification", &elsewhere).await.status_field("challenge_id"),
        lost.status_field("challenge_id")
    );
}

async fn a_short_key_is_no_secret(kind: Kind) {
    let world = World::new(kind).await;
    let (first, second) = (world.browser(), world.browser());
    assert_eq!(keyed(&first, "1", "/v1/verification", &start()).await.outcome(), "code_sent");
    assert_eq!(keyed(&second, "1", "/v1/verification", &start()).await.outcome(), "try_later");
    assert_ne!(first.cookie(), second.cookie());
}

async fn a_key_is_answered_the_same_for_a_day(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    let sent = keyed(&person, "start", "/v1/verification", &start()).await;
    let code = json!({"code": world.code()});
    let before = person.twin();
    let verified = keyed(&person, "check", "/v1/verification/check", &code).await;
    let proven = person.twin();
    let account = json!({"nickname": "준호"});
    let joined = keyed(&person, "join", "/v1/accounts", &account).await;
    assert_eq!(joined.outcome(), "signed_up");
    world.clock.advance(SignedDuration::from_hours(23));
    for (who, key, path, body, first) in [
        (before.twin(), "check", "/v1/verification/check", &code, &verified),
        (before.twin(), "start", "/v1/verification", &start(), &sent),
        (proven.twin(), "join", "/v1/accounts", &account, &joined),
        (person.twin(), "join", "/v1/accounts", &account, &joined),
        (person.twin(), "check", "/v1/verification/check", &code, &verified),
    ] {
        let again = keyed(&who, key, path, body).await;
        assert_eq!((again.status, &again.body), (first.status, &first.body), "{key}");
        assert!(again.new_cookie().is_none_or(|cookie| Some(cookie) == person.cookie()), "{key}: only a cookie that lives");
    }
    assert_eq!(keyed(&proven, "join", "/v1/accounts", &account).await.new_cookie(), person.cookie());
    assert_eq!(world.sms().len(), 1);
}

async fn a_key_of_another_request_is_refused(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    keyed(&person, KEY, "/v1/verification", &start()).await;
    let other = keyed(&person, KEY, "/v1/verification", &json!({"phone_number": OTHER_NUMBER})).await;
    assert_eq!((other.status, other.outcome().as_str(), world.sms().len()), (422, "invalid_request", 1));
    let elsewhere = keyed(&person, KEY, "/v1/verification/check", &json!({"code": world.code()})).await;
    assert_eq!((elsewhere.status, elsewhere.state().as_str()), (422, "pending"));
    assert_eq!(keyed(&world.browser(), "another-key-of-its-own", "/v1/verification", &start()).await.outcome(), "try_later");
}

async fn an_unreadable_key_is_refused(kind: Kind) {
    let world = World::new(kind).await;
    let (long, quoted) = ("k".repeat(256), format!("\"{KEY}\""));
    for key in ["", "\"\"", "열쇠", long.as_str()] {
        let refused = keyed(&world.browser(), key, "/v1/verification", &start()).await;
        assert_eq!((refused.status, refused.outcome().as_str()), (400, "invalid_request"), "{key}");
    }
    assert!(world.sms().is_empty());
    let sent = keyed(&world.browser(), &quoted, "/v1/verification", &start()).await;
    assert_eq!(keyed(&world.browser(), KEY, "/v1/verification", &start()).await.body, sent.body, "quotes are none of it");
}

async fn many_posts_of_one_key_are_carried_out_once(kind: Kind) {
    let world = World::new(kind).await;
    let posts = (0..20).map(|_| {
        let person = world.browser();
        tokio::spawn(async move { (keyed(&person, KEY, "/v1/verification", &start()).await, person.cookie()) })
    });
    let answers = futures::future::join_all(posts).await;
    let answers: Vec<_> = answers.into_iter().map(|answer| answer.expect("the task ends")).collect();
    let (first, cookie) = &answers[0];
    assert_eq!(first.outcome(), "code_sent");
    assert!(answers.iter().all(|(answer, _)| answer.body == first.body), "{answers:#?}");
    assert_eq!(world.sms().len(), 1);
    let person = world.browser();
    person.set_cookie(cookie.clone());
    assert_eq!(person.checks(&world.code()).await.outcome(), "verified");
}

async fn a_refusal_is_judged_anew_under_its_key(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    person.asks(OTHER_NUMBER).await;
    assert_eq!(keyed(&person, KEY, "/v1/verification", &start()).await.outcome(), "pending");
    world.advance(60);
    assert_eq!(keyed(&person, KEY, "/v1/verification", &start()).await.outcome(), "code_sent");
}

async fn many_posts_of_one_key_all_end_where_the_first_did(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    person.asks(NUMBER).await;
    let code = json!({"code": world.code()});
    for (key, path, body, outcome, state) in [
        (KEY, "/v1/verification/check", code, "verified", "verified"),
        (OTHER_KEY, "/v1/accounts", json!({"nickname": "준호"}), "signed_up", "signed_up"),
    ] {
        let before = person.cookie();
        let answers = at_once(&person, key, path, &body).await;
        for (answer, cookie) in &answers {
            assert_eq!((answer.outcome().as_str(), cookie), (outcome, &answers[0].1));
        }
        assert_ne!(answers[0].1, before);
        person.set_cookie(answers[0].1.clone());
        assert_eq!(person.looks().await.state(), state);
    }
}

async fn a_repeat_after_signing_out_hands_out_no_cookie(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    person.verifies(&world, NUMBER).await;
    let proven = person.twin();
    let account = json!({"nickname": "준호"});
    let joined = keyed(&person, KEY, "/v1/accounts", &account).await;
    person.form("/api/sign-out", &[]).await;
    let again = keyed(&proven, KEY, "/v1/accounts", &account).await;
    assert_eq!((&again.body, again.new_cookie()), (&joined.body, None));
}

async fn a_key_is_good_with_a_cookie_that_was_replaced_long_ago(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    person.asks(OTHER_NUMBER).await;
    let old = person.twin();
    person.checks(&world.code()).await;
    world.advance(61);
    let lost = keyed(&old.twin(), KEY, "/v1/verification", &start()).await;
    assert_eq!(lost.outcome(), "code_sent");
    let again = keyed(&old, KEY, "/v1/verification", &start()).await;
    assert_eq!((&again.body, again.new_cookie().is_some()), (&lost.body, true));
    assert_eq!(world.sms().len(), 2, "one for each of the two numbers");
    assert_eq!(old.checks(&world.code()).await.outcome(), "verified");
}

async fn a_secret_key_may_be_repeated_often_and_a_short_one_may_not(kind: Kind) {
    let world = World::new(kind).await;
    for (number, key, has_cookie) in [(NUMBER, KEY, true), (OTHER_NUMBER, "1", false)] {
        let person = world.browser();
        person.asks(number).await;
        let (old, code) = (person.twin(), json!({"code": world.code()}));
        let wrong = json!({"code": world.wrong_code()});
        keyed(&person, key, "/v1/verification/check", &code).await;
        for _ in 0..6 {
            let told = keyed(&old.twin(), key, "/v1/verification/check", &wrong).await;
            assert!(matches!(told.status, 409 | 422) && told.new_cookie().is_none(), "{told:?}");
        }
        let told = keyed(&old.twin(), key, "/v1/verification/check", &code).await;
        let right = if has_cookie { ("verified", person.cookie()) } else { ("invalid_request", None) };
        assert_eq!((told.outcome().as_str(), told.new_cookie()), right);
    }
}

/// Whoever chose the key may have planted the cookie that came of it.
async fn a_key_brings_no_cookie_back_once_its_session_is_forgotten(kind: Kind) {
    let world = World::new(kind).await;
    let planter = world.browser();
    keyed(&planter, KEY, "/v1/verification", &start()).await;
    let victim = planter.twin();
    victim.checks(&world.code()).await;
    world.clock.advance(SignedDuration::from_hours(25));
    world.sweep().await;
    victim.asks(OTHER_NUMBER).await;
    let again = world.browser();
    keyed(&again, KEY, "/v1/verification", &start()).await;
    assert_ne!(again.cookie().map(|cookie| cookie[..21].to_owned()), planter.cookie().map(|cookie| cookie[..21].to_owned()));
}

async fn whoever_looked_before_the_repeat_is_answered_the_same(kind: Kind) {
    let world = World::new(kind).await;
    let lost = keyed(&world.browser(), KEY, "/v1/verification", &start()).await;
    let person = world.browser();
    person.looks().await;
    let again = keyed(&person, KEY, "/v1/verification", &start()).await;
    assert_eq!((&again.body, world.sms().len()), (&lost.body, 1));
    assert_eq!(person.checks(&world.code()).await.outcome(), "verified");
}

async fn a_caller_that_leaves_leaves_its_key_free(kind: Kind) {
    let world = World::new(kind).await;
    for number in 0..20 {
        let (person, body) = (world.browser(), json!({"phone_number": format!("010-7777-{number:04}")}));
        let gone = person.twin();
        let asked = body.clone();
        let leaving = tokio::spawn(async move { keyed(&gone, KEY, "/v1/verification", &asked).await.status });
        sleep(Duration::from_millis(number)).await;
        leaving.abort();
        assert_ne!(keyed(&person, KEY, "/v1/verification", &body).await.status, 409, "after {number} ms");
    }
}
