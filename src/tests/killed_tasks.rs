//! What goes on at the vendor while a browser leaves or the server is told to stop.

use beonho::server::provider::{sens, twilio_verify};

use crate::databases::{Kind, on_both_databases};
use crate::fake_sens::SEND;
use crate::fake_twilio::{CHECK, START};
use crate::faults::{Fault, Gate};
use crate::world::{NUMBER, World};

on_both_databases!(
    a_browser_that_leaves_changes_nothing,
    the_failure_of_a_send_whose_browser_left_is_recorded,
    a_check_whose_browser_left_is_recorded,
    a_graceful_stop_answers_what_is_under_way,
    a_graceful_stop_waits_for_work_that_nobody_waits_for,
    readiness_fails_while_requests_are_still_answered,
);

const VENDORS: [(&str, &str); 2] = [(sens::NAME, SEND), (twilio_verify::NAME, START)];

/// Asks for a code and leaves while the request stands at the vendor's gate.
async fn leaves_at(gate: &Gate, world: &World) -> crate::browser::Browser {
    let person = world.browser();
    person.page("/").await;
    let leaving = person.twin();
    let request = tokio::spawn(async move { leaving.asks(NUMBER).await });
    gate.arrival().await;
    request.abort();
    assert!(request.await.expect_err("nobody waits any more").is_cancelled());
    person
}

/// Waits for the work that outlives its request.
async fn until_recorded(world: &World) {
    while !world.server.service.verifier.tasks.is_empty() {
        tokio::task::yield_now().await;
    }
}

async fn a_browser_that_leaves_changes_nothing(kind: Kind) {
    for (provider, operation) in VENDORS {
        let (world, gate) = (World::with(kind, provider, &[]).await, Gate::new());
        world.twilio_or_sens(provider).add(operation, Fault::Gate(gate.clone()));
        let person = leaves_at(&gate, &world).await;
        assert_eq!(person.asks(NUMBER).await.outcome(), "pending", "the send is reserved");
        gate.open();
        until_recorded(&world).await;
        let status = person.looks().await;
        assert_eq!((status.state().as_str(), status.status_field("sends_left")), ("pending", 4.into()));
        assert_eq!(world.sms().len(), 1);
        assert_eq!(person.checks(&world.code()).await.outcome(), "verified");
    }
}

async fn the_failure_of_a_send_whose_browser_left_is_recorded(kind: Kind) {
    for (provider, operation) in VENDORS {
        let (world, gate) = (World::with(kind, provider, &[]).await, Gate::new());
        world.twilio_or_sens(provider).add(operation, Fault::GateThen(gate.clone(), 503));
        let person = leaves_at(&gate, &world).await;
        gate.open();
        until_recorded(&world).await;
        let status = person.looks().await;
        assert_eq!((status.state().as_str(), status.status_field("sends_left")), ("none", 5.into()), "it is given back");
        assert_eq!(person.asks(NUMBER).await.outcome(), "code_sent");
    }
}

async fn a_check_whose_browser_left_is_recorded(kind: Kind) {
    let (world, gate) = (World::with(kind, twilio_verify::NAME, &[]).await, Gate::new());
    let person = world.browser();
    person.page("/").await;
    person.asks(NUMBER).await;
    world.twilio.faults.add(CHECK, Fault::Gate(gate.clone()));
    let fields: Vec<_> = person.page("/").await.hidden("code-form").into_iter().chain([("code", world.code())]).collect();
    let (leaving, posted) = (person.twin(), fields.clone());
    let request = tokio::spawn(async move { leaving.form("/api/check", &posted).await });
    gate.arrival().await;
    request.abort();
    gate.open();
    until_recorded(&world).await;
    assert_eq!(person.form("/api/check", &fields).await.redirect(), "/", "the answer was lost, and loses nothing");
    assert_eq!((person.page("/").await.page_state().as_str(), world.twilio.checks()), ("verified", 1));
}

async fn a_graceful_stop_answers_what_is_under_way(kind: Kind) {
    for (provider, operation) in VENDORS {
        let (world, gate) = (World::with(kind, provider, &[]).await, Gate::new());
        world.twilio_or_sens(provider).add(operation, Fault::Gate(gate.clone()));
        let person = world.browser();
        let request = tokio::spawn(async move { person.asks(NUMBER).await });
        gate.arrival().await;
        world.server.tell_to_stop();
        crate::world::until_refused(&world.server.base).await;
        gate.open();
        assert_eq!(request.await.expect("it is answered").outcome(), "code_sent");
        world.server.stop().await;
        assert_eq!(world.sms().len(), 1);
    }
}

async fn a_graceful_stop_waits_for_work_that_nobody_waits_for(kind: Kind) {
    for (provider, operation) in VENDORS {
        let (world, gate) = (World::with(kind, provider, &[]).await, Gate::new());
        world.twilio_or_sens(provider).add(operation, Fault::Gate(gate.clone()));
        let person = leaves_at(&gate, &world).await;
        world.server.tell_to_stop();
        crate::world::until_refused(&world.server.base).await;
        assert!(!world.server.has_stopped());
        gate.open();
        world.server.stop().await;
        assert_eq!(world.sms().len(), 1);
        let world = world.restart(provider, Vec::new(), &[]).await;
        let person = person.at(&world.server.base);
        assert_eq!(person.checks(&world.code()).await.outcome(), "verified");
    }
}

async fn readiness_fails_while_requests_are_still_answered(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    assert_eq!((person.page("/healthz").await.status, person.page("/readyz").await.status), (200, 200));
    world.server.service.stopping.cancel();
    assert_eq!((person.page("/healthz").await.status, person.page("/readyz").await.status), (200, 503));
    assert_eq!(person.asks(NUMBER).await.outcome(), "code_sent");
}
