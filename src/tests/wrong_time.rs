//! A clock that was wrong: it is set back while people wait.

use crate::databases::{Kind, on_both_databases};
use crate::world::{NUMBER, World};

on_both_databases!(a_clock_that_is_set_back_lengthens_no_wait_and_no_code, a_proof_from_the_future_is_none);

async fn a_clock_that_is_set_back_lengthens_no_wait_and_no_code(kind: Kind) {
    let world = World::new(kind).await;
    let (person, stranger) = (world.browser(), world.browser());
    person.asks(NUMBER).await;
    let code = world.code();
    world.advance(-36_000);
    let seen = person.looks().await;
    assert_eq!(seen.state(), "expired");
    assert!(seen.status_field("resend_in_secs").is_null() && seen.status_field("expires_in_secs").is_null(), "{seen:?}");
    assert_eq!(person.checks(&code).await.outcome(), "code_expired");
    assert_eq!(person.asks(NUMBER).await.outcome(), "code_sent", "another may be asked for at once");
    assert_eq!(stranger.asks(NUMBER).await.json()["retry_after_secs"], 60);
    assert_eq!(person.checks(&code).await.outcome(), "incorrect_code", "the old one is over for good");
    assert_eq!(person.checks(&world.code()).await.outcome(), "verified");
}

async fn a_proof_from_the_future_is_none(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    person.verifies(&world, NUMBER).await;
    world.advance(-36_000);
    assert_eq!(person.signs_up("준호").await.outcome(), "not_verified");
}
