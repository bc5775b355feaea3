//! Answers that come late, beside others, or from another replica: none puts a cookie over a better one, and none that a repeat may have is lost.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::json;
use tokio::time::sleep;

use beonho::server::provider::{sens, twilio_verify};
use beonho::verification::secret_keys::digest;

use crate::browser::Browser;
use crate::databases::{Kind, on_both_databases};
use crate::fake_sens::SEND;
use crate::fake_twilio::CHECK;
use crate::faults::{Fault, Gate};
use crate::journey_forms::{asks_by_form, checks_by_form};
use crate::keyed_requests::{KEY, keyed};
use crate::world::{NUMBER, OTHER_NUMBER, World};

on_both_databases!(
    a_look_within_the_minute_shows_no_other_step,
    a_prolonged_cookie_that_is_late_goes_over_no_other,
    a_late_repeat_hands_out_no_cookie_that_was_replaced,
    a_double_tap_at_the_last_attempt_ends_where_the_first_did,
    who_went_on_a_moment_ago_is_told_nothing_false_later,
    who_asks_with_an_old_cookie_is_told_that_it_is_over,
    guesses_beside_a_check_are_counted,
    no_door_makes_a_guess_a_secret,
    a_double_tap_waits_for_as_long_as_the_vendor_takes,
);

/// The fields of the code's form as it stands on the page, filled in.
async fn code_form(person: &Browser, code: &str) -> Vec<(&'static str, String)> {
    let mut fields = person.page("/").await.hidden("code-form");
    fields.push(("code", code.to_owned()));
    fields
}

async fn a_look_within_the_minute_shows_no_other_step(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    asks_by_form(&person, NUMBER).await;
    let fields = code_form(&person, &world.code()).await;
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
    let fields = code_form(&person, &world.code()).await;
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

async fn a_double_tap_at_the_last_attempt_ends_where_the_first_did(kind: Kind) {
    for _ in 0..4 {
        let world = World::new(kind).await;
        let person = world.browser();
        asks_by_form(&person, NUMBER).await;
        for _ in 0..4 {
            checks_by_form(&person, &world.wrong_code()).await;
        }
        let fields = code_form(&person, &world.code()).await;
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
    let fields = code_form(&person, &world.code()).await;
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
