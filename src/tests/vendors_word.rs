//! What the vendor knows and we do not: verifications that are cancelled in its console, that outlive ours, that are told too late.

use std::sync::Arc;
use std::time::Duration;

use beonho::server::verifier::Errand;
use futures::future::join_all;
use tokio::time::sleep;

use crate::databases::{Kind, on_both_databases};
use crate::fake_twilio::{CHECK, FETCH, FakeTwilio};
use crate::faults::{Fault, Gate};
use crate::world::{NUMBER, OTHER_NUMBER, World};

on_both_databases!(
    whoever_waits_for_what_the_vendor_has_ended_gets_a_new_code_at_once,
    a_look_up_that_fails_changes_nothing,
    a_look_up_verifies_nobody,
    a_look_up_beside_a_right_code_loses_no_proof,
    looking_asks_the_vendor_nothing,
    fifty_who_ask_again_make_one_look_up_and_get_one_code,
    the_vendor_is_asked_now_and_then_only,
    what_lives_at_the_vendor_longer_than_here_is_cancelled_there,
    a_code_that_is_asked_for_as_the_old_one_ends_is_a_new_one,
    a_wait_in_line_takes_nothing_from_the_vendors_time,
);

async fn twilio(kind: Kind, settings: &[(&'static str, &str)]) -> World {
    World::with(kind, "twilio_verify", settings).await
}

async fn whoever_waits_for_what_the_vendor_has_ended_gets_a_new_code_at_once(kind: Kind) {
    let world = twilio(kind, &[]).await;
    let person = world.browser();
    person.asks(NUMBER).await;
    let old = world.code();
    world.advance(5);
    assert_eq!(person.asks(NUMBER).await.outcome(), "pending", "the vendor still has it");
    world.twilio.clear();
    world.advance(10);
    let again = person.asks(NUMBER).await;
    assert_eq!((again.outcome().as_str(), again.status_field("sends_left")), ("code_sent", 3.into()), "a send is a send");
    assert_eq!(again.status_field("attempts_left"), 5);
    assert_eq!(world.sms().len(), 2);
    if old != world.code() {
        assert_eq!(person.checks(&old).await.outcome(), "incorrect_code");
    }
    assert_eq!(person.checks(&world.code()).await.outcome(), "verified");
    let other = world.browser();
    world.advance(60);
    other.page("/").await;
    other.asks(OTHER_NUMBER).await;
    world.twilio.clear();
    let page = other.page("/").await;
    other.form("/api/resend", &page.hidden("resend-form")).await;
    assert_eq!((other.page("/").await.page_outcome().as_str(), world.sms().len()), ("code_sent", 4));
}

async fn a_look_up_that_fails_changes_nothing(kind: Kind) {
    let world = twilio(kind, &[("RESEND_COOLDOWN_SECS", "300")]).await;
    let person = world.browser();
    person.asks(NUMBER).await;
    let elsewhere = FakeTwilio::verification_of("VE00000000000000000000000000000000", "+821012345678", "canceled");
    let without_code = Fault::json(404, "{}");
    for fault in
        [Fault::status(500), Fault::Hang, Fault::Cut, Fault::html(), Fault::Redirect, Fault::status(429), elsewhere, without_code]
    {
        world.twilio.faults.add(FETCH, fault);
        world.advance(10);
        assert_eq!(person.asks(NUMBER).await.outcome(), "pending");
    }
    assert_eq!((world.sms().len(), person.looks().await.state().as_str()), (1, "pending"));
    assert_eq!(person.checks(&world.code()).await.outcome(), "verified");
}

async fn a_look_up_verifies_nobody(kind: Kind) {
    let world = twilio(kind, &[]).await;
    let person = world.browser();
    person.asks(NUMBER).await;
    let sid = world.twilio.live()[0].clone();
    world.twilio.faults.add(FETCH, FakeTwilio::verification_of(&sid, "+821012345678", "approved"));
    let again = person.asks(NUMBER).await;
    assert_eq!((again.outcome().as_str(), again.state().as_str()), ("pending", "pending"));
    assert_eq!(person.checks(&world.code()).await.outcome(), "verified", "it changed nothing else either");
}

/// Who presses for another code while the right one is looked at keeps the proof.
async fn a_look_up_beside_a_right_code_loses_no_proof(kind: Kind) {
    let world = twilio(kind, &[]).await;
    let person = world.browser();
    person.asks(NUMBER).await;
    let (at_check, at_fetch, twin, code) = (Gate::new(), Gate::new(), person.twin(), world.code());
    world.twilio.faults.add(CHECK, Fault::Gate(at_check.clone()));
    world.twilio.faults.add(FETCH, Fault::Gate(at_fetch.clone()));
    let checking = tokio::spawn(async move { (twin.checks(&code).await.outcome(), twin) });
    at_check.arrival().await;
    let asking = tokio::spawn(async move { person.asks(NUMBER).await });
    at_fetch.arrival().await;
    // The vendor forgets what it approves: so it answers the look-up before the proof is recorded, or after.
    at_check.open();
    at_fetch.open();
    let (checked, twin) = checking.await.expect("the task ends");
    let asked = asking.await.expect("the task ends");
    assert_eq!((checked.as_str(), twin.looks().await.state().as_str()), ("verified", "verified"));
    assert!(["already_verified", "pending"].contains(&asked.outcome().as_str()), "{asked:?}");
    assert_eq!(world.sms().len(), 1);
}

async fn looking_asks_the_vendor_nothing(kind: Kind) {
    let world = twilio(kind, &[]).await;
    let person = world.browser();
    person.asks(NUMBER).await;
    world.advance(20);
    person.looks().await;
    person.page("/").await;
    person.island("/api/status", &[]).await;
    assert_eq!(world.twilio.fetches(), 0);
    person.asks(OTHER_NUMBER).await;
    person.asks_to_sign_in(NUMBER).await;
    assert_eq!(world.twilio.fetches(), 0, "nor does a request for something else");
}

async fn fifty_who_ask_again_make_one_look_up_and_get_one_code(kind: Kind) {
    let world = twilio(kind, &[]).await;
    let person = world.browser();
    person.asks(NUMBER).await;
    let ended = world.twilio.live()[0].clone();
    world.advance(20);
    world.twilio.clear();
    let asked = join_all((0..50).map(|_| {
        let twin = person.twin();
        tokio::spawn(async move { twin.asks(NUMBER).await.outcome() })
    }));
    let asked: Vec<_> = asked.await.into_iter().map(|outcome| outcome.expect("the task ends")).collect();
    assert_eq!(asked.iter().filter(|outcome| *outcome == "code_sent").count(), 1, "{asked:?}");
    assert!(asked.iter().all(|outcome| outcome == "code_sent" || outcome == "pending"), "{asked:?}");
    assert_eq!((world.sms().len(), world.twilio.fetches_of(&ended)), (2, 1));
    // Whoever comes so late that the new code is out may make the vendor be asked about that one, once too.
    assert!(world.twilio.fetches() <= 2, "{}", world.twilio.fetches());
}

async fn the_vendor_is_asked_now_and_then_only(kind: Kind) {
    let world = twilio(kind, &[]).await;
    let person = world.browser();
    person.asks(NUMBER).await;
    for (pause, fetches) in [(1, 1), (9, 1), (1, 2), (5, 2), (5, 3)] {
        world.advance(pause);
        assert_eq!(person.asks(NUMBER).await.outcome(), "pending");
        assert_eq!(world.twilio.fetches(), fetches);
    }
}

async fn what_lives_at_the_vendor_longer_than_here_is_cancelled_there(kind: Kind) {
    let world = twilio(kind, &[("CODE_LIFETIME_SECS", "300")]).await;
    let person = world.browser();
    person.asks(NUMBER).await;
    let first = world.twilio.live();
    for _ in 0..4 {
        person.checks(&world.wrong_code()).await;
    }
    world.advance(301);
    assert_eq!(person.looks().await.state(), "expired");
    let again = person.asks(NUMBER).await;
    assert_eq!((again.outcome().as_str(), again.status_field("attempts_left")), ("code_sent", 5.into()));
    assert_ne!(world.twilio.live(), first, "the earlier one is over at the vendor too");
    for left in (1..5).rev() {
        let wrong = person.checks(&world.wrong_code()).await;
        assert_eq!((wrong.outcome().as_str(), wrong.status_field("attempts_left")), ("incorrect_code", left.into()));
    }
    assert_eq!(person.checks(&world.code()).await.outcome(), "verified");
}

async fn a_code_that_is_asked_for_as_the_old_one_ends_is_a_new_one(kind: Kind) {
    let world = twilio(kind, &[("CODE_LIFETIME_SECS", "599")]).await;
    let person = world.browser();
    person.asks(NUMBER).await;
    world.advance(599);
    assert_eq!(person.asks(NUMBER).await.outcome(), "code_sent");
    world.advance(60);
    assert_eq!(person.checks(&world.code()).await.outcome(), "verified", "it does not die with the old one");
}

/// Twelve are before it, two at a time for a second each: longer than the five seconds of one call.
async fn a_wait_in_line_takes_nothing_from_the_vendors_time(kind: Kind) {
    let world = twilio(kind, &[]).await;
    for _ in 0..12 {
        let verifier = Arc::clone(&world.server.service.verifier);
        tokio::spawn(async move {
            let turn = verifier.gates.enter(Errand::Send, "127.0.0.1").await;
            sleep(Duration::from_secs(1)).await;
            drop(turn);
        });
    }
    sleep(Duration::from_millis(200)).await;
    assert_eq!(world.browser().asks(NUMBER).await.outcome(), "code_sent");
}
