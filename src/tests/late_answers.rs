//! Answers that come late, beside others, or from another replica: none puts a cookie over a better one, and none that a repeat may have is lost.

use std::time::Duration;

use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::sleep;

use beonho::server::provider::{sens, twilio_verify};
use beonho::verification::secret_keys::digest;

use crate::browser::{Answered, Browser};
use crate::databases::{Kind, on_both_databases};
use crate::fake_sens::SEND;
use crate::fake_twilio::CHECK;
use crate::faults::{Fault, Gate};
use crate::journey_forms::{asks_by_form, checks_by_form};
use crate::world::{NUMBER, OTHER_NUMBER, World};

on_both_databases!(
    a_look_within_the_minute_shows_no_other_step,
    many_posts_of_one_key_all_end_where_the_first_did,
    a_prolonged_cookie_that_is_late_goes_over_no_other,
    a_late_repeat_hands_out_no_cookie_that_was_replaced,
    a_repeat_after_signing_out_hands_out_no_cookie,
    a_key_is_good_with_a_cookie_that_was_replaced_long_ago,
    a_secret_key_may_be_repeated_often_and_a_short_one_may_not,
    a_key_brings_no_cookie_back_once_its_session_is_forgotten,
    a_double_tap_at_the_last_attempt_ends_where_the_first_did,
    whoever_looked_before_the_repeat_is_answered_the_same,
    a_caller_that_leaves_leaves_its_key_free,
    who_went_on_a_moment_ago_is_told_nothing_false_later,
    who_asks_with_an_old_cookie_is_told_that_it_is_over,
    guesses_beside_a_check_are_counted,
    no_door_makes_a_guess_a_secret,
    a_double_tap_waits_for_as_long_as_the_vendor_takes,
);

pub const KEY: &str = "6f1c1d1e-3b0f-4a53-9d5b-2f9a1c7b8e10";
pub const OTHER_KEY: &str = "0d3c62a1-6a3c-4f0e-8b55-93f1f0a8c2aa";

pub async fn keyed(person: &Browser, key: &str, path: &str, body: &Value) -> Answered {
    person.send(person.request(Method::POST, path).header("idempotency-key", key).json(body)).await
}

fn start() -> Value {
    json!({"phone_number": NUMBER})
}

async fn a_look_within_the_minute_shows_no_other_step(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    asks_by_form(&person, NUMBER).await;
    let page = person.page("/").await;
    let mut fields = page.hidden("code-form");
    fields.push(("code", world.code()));
    let (island, other_tab) = (person.twin(), person.twin());
    assert_eq!(person.form("/api/check", &fields).await.redirect(), "/");
    let told = island.island("/api/status", &[("purpose", "sign_up".into())]).await;
    assert_eq!((told.compact().outcome.as_str(), told.compact().state.as_str()), ("invalid_request", ""), "the form stays");
    assert_eq!(told.new_cookie(), None);
    for path in ["/", "/sign-in"] {
        let page = other_tab.page(path).await;
        assert_eq!((page.status, page.new_cookie(), page.header("refresh")), (200, None, "5"), "{}", page.body);
        assert!(page.body.contains("One moment") && !page.body.contains("number-form"), "{}", page.body);
        assert!(page.body.contains(&format!("<p><a href=\"{path}\" class=\"button\">")), "{}", page.body);
    }
    let looked = other_tab.looks().await;
    assert_eq!((looked.status, looked.outcome().as_str(), looked.new_cookie()), (409, "invalid_request", None));
    assert_eq!(island.island("/api/check", &fields).await.compact().outcome, "verified");
    assert_eq!(island.cookie(), person.cookie());
    world.advance(60);
    assert!(other_tab.page("/").await.body.contains("number-form"));
}

/// Posts the same eight times at once, from the same cookie.
async fn at_once(person: &Browser, key: &'static str, path: &'static str, body: &Value) -> Vec<(Answered, Option<String>)> {
    let posts = (0..8).map(|_| {
        let (twin, body) = (person.twin(), body.clone());
        tokio::spawn(async move { (keyed(&twin, key, path, &body).await, twin.cookie()) })
    });
    futures::future::join_all(posts).await.into_iter().map(|answer| answer.expect("the task ends")).collect()
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

async fn a_prolonged_cookie_that_is_late_goes_over_no_other(kind: Kind) {
    let world = World::with(kind, sens::NAME, &[]).await;
    let person = world.browser();
    person.page("/").await;
    world.clock.advance(SignedDuration::from_hours(2));
    let early = person.twin();
    asks_by_form(&person, NUMBER).await;
    let code = world.code();
    world.advance(60);
    let gate = Gate::new();
    world.sens.faults.add(SEND, Fault::Gate(gate.clone()));
    let late = tokio::spawn(async move {
        let answer = early.island("/api/resend", &[("purpose", "sign_up".into())]).await;
        (answer.new_cookie(), early)
    });
    gate.arrival().await;
    checks_by_form(&person, &code).await;
    gate.open();
    let (cookie, early) = late.await.expect("the task ends");
    assert_eq!(cookie, None, "its session was replaced meanwhile");
    early.set_cookie(person.cookie());
    assert_eq!(early.looks().await.state(), "verified");
}

async fn a_late_repeat_hands_out_no_cookie_that_was_replaced(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    asks_by_form(&person, NUMBER).await;
    let mut fields = person.page("/").await.hidden("code-form");
    fields.push(("code", world.code()));
    let (late, by_key) = (person.twin(), person.twin());
    person.form("/api/check", &fields).await;
    person.signs_up("준호").await;
    let told = late.island("/api/check", &fields).await;
    assert_eq!((told.compact().outcome.as_str(), told.new_cookie()), ("invalid_request", None));
    assert_eq!(keyed(&by_key, KEY, "/v1/verification/check", &json!({"code": world.code()})).await.new_cookie(), None);

    let other = world.browser();
    other.asks(OTHER_NUMBER).await;
    let (late, code) = (other.twin(), json!({"code": world.code()}));
    let first = keyed(&other, KEY, "/v1/verification/check", &code).await;
    assert_eq!(other.signs_up("민지").await.outcome(), "signed_up");
    let again = keyed(&late, KEY, "/v1/verification/check", &code).await;
    assert_eq!((&again.body, again.new_cookie()), (&first.body, None));
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

async fn a_double_tap_at_the_last_attempt_ends_where_the_first_did(kind: Kind) {
    for _ in 0..4 {
        let world = World::new(kind).await;
        let person = world.browser();
        asks_by_form(&person, NUMBER).await;
        for _ in 0..4 {
            checks_by_form(&person, &world.wrong_code()).await;
        }
        let mut fields = person.page("/").await.hidden("code-form");
        fields.push(("code", world.code()));
        let taps = [person.twin(), person.twin(), person.twin()].map(|tap| {
            let fields = fields.clone();
            async move {
                tap.form("/api/check", &fields).await;
                tap.page("/").await.page_state()
            }
        });
        assert_eq!(futures::future::join_all(taps).await, ["verified"; 3]);
    }
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

async fn who_went_on_a_moment_ago_is_told_nothing_false_later(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    asks_by_form(&person, NUMBER).await;
    let old = person.twin();
    checks_by_form(&person, &world.code()).await;
    old.form("/api/resend", &[]).await;
    world.advance(61);
    let page = old.page("/").await;
    assert!(page.body.contains("start again here") && !page.body.contains("went on a moment"), "{}", page.body);
}

async fn who_asks_with_an_old_cookie_is_told_that_it_is_over(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    person.asks(NUMBER).await;
    let old = person.twin();
    person.checks(&world.code()).await;
    world.advance(61);
    let told = old.island("/api/status", &[]).await;
    let answer = told.compact();
    assert_eq!((answer.outcome.as_str(), answer.state.as_str()), ("status", "none"));
    assert!(answer.message.contains("start again here") && told.new_cookie().is_some(), "{answer:?}");
}

/// Who planted the cookie asks beside the owner, with every code but the right one, and once with that.
async fn guesses_beside_a_check_are_counted(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    person.asks(NUMBER).await;
    let (planted, code) = (person.twin(), world.code());
    person.checks(&code).await;
    for guess in 0..5 {
        planted.twin().checks(&format!("{:06}", (code.parse::<u32>().expect("digits") + 1 + guess) % 1_000_000)).await;
    }
    assert_eq!(planted.checks(&code).await.new_cookie(), None);
}

/// The value that names a request can be worked out from a guess; a form of that value is no repeat of the request.
async fn no_door_makes_a_guess_a_secret(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    person.asks(NUMBER).await;
    let (planted, code) = (person.twin(), world.code());
    let body = json!({"code": code}).to_string();
    person.post("/v1/verification/check", "application/json", "*/*", body.clone()).await;
    let request = digest(["/v1/verification/check\n", &body].concat().as_bytes());
    let fields = [("code", "x".to_owned()), ("once", digest(format!("{request}\n").as_bytes()))];
    assert_eq!(planted.island("/api/check", &fields).await.new_cookie(), None);
    assert_eq!(planted.checks(&code).await.outcome(), "verified", "the request itself may be repeated");
}

/// The vendor takes over a second over the last attempt.
async fn a_double_tap_waits_for_as_long_as_the_vendor_takes(kind: Kind) {
    let world = World::with(kind, twilio_verify::NAME, &[]).await;
    let person = world.browser();
    asks_by_form(&person, NUMBER).await;
    for _ in 0..4 {
        checks_by_form(&person, &world.wrong_code()).await;
    }
    let mut fields = person.page("/").await.hidden("code-form");
    fields.push(("code", world.code()));
    let gate = Gate::new();
    world.twilio.faults.add(CHECK, Fault::Gate(gate.clone()));
    let tap = |tap: Browser| {
        let fields = fields.clone();
        tokio::spawn(async move {
            tap.form("/api/check", &fields).await;
            tap.page("/").await.page_state()
        })
    };
    let first = tap(person.twin());
    gate.arrival().await;
    let second = tap(person.twin());
    sleep(Duration::from_millis(1500)).await;
    gate.open();
    assert_eq!((first.await.expect("it ends").as_str(), second.await.expect("it ends").as_str()), ("verified", "verified"));
}
