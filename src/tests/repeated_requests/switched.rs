//! Rows about a server that comes back with another provider, on the same database.

use beonho::server::provider::{sens, twilio_verify};

use super::Column;
use crate::browser::Browser;
use crate::test_server::Settings;
use crate::world::{NUMBER, World};

/// A person whose challenge is pending on the column's provider, the code, and a server that has the other one now.
async fn switched(column: Column, is_account_kept: bool) -> (World, Browser, String) {
    let world = column.world().await;
    let person = world.browser();
    person.asks(NUMBER).await;
    let code = world.code();
    let account: Settings = if column.is_hosted() { world.twilio.settings() } else { world.sens.settings() };
    let accounts = if is_account_kept { account } else { Vec::new() };
    let other = if column.is_hosted() { sens::NAME } else { twilio_verify::NAME };
    let world = world.restart(other, accounts, &[]).await;
    let person = person.at(&world.server.base);
    (world, person, code)
}

pub async fn pending_on_a_provider_whose_settings_are_there(column: Column) {
    let (world, person, code) = switched(column, true).await;
    assert_eq!(person.looks().await.state(), "pending");
    let holder = if column.is_hosted() { "hosted_verifier" } else { "reporting_sender" };
    assert_eq!(person.island("/api/status", &[]).await.compact().provider, holder, "the words fit the code that was sent");
    assert_eq!(person.checks(&crate::world::wrong(&code)).await.outcome(), "incorrect_code");
    assert_eq!(person.checks(&code).await.outcome(), "verified");
    assert_eq!(person.signs_up("준호").await.outcome(), "signed_up");
    assert!(world.sms().is_empty());
}

pub async fn pending_on_a_provider_whose_settings_are_gone(column: Column) {
    let (world, person, code) = switched(column, false).await;
    if !column.is_hosted() {
        // A code of ours is good, whoever carried it.
        assert_eq!((person.looks().await.state().as_str(), person.page("/").await.page_state().as_str()), ("pending", "pending"));
        assert_eq!(person.checks(&crate::world::wrong(&code)).await.outcome(), "incorrect_code");
        assert_eq!(person.checks(&code).await.outcome(), "verified");
        return;
    }
    let looked = person.looks().await;
    assert_eq!((looked.state().as_str(), looked.status_field("expires_in_secs")), ("expired", serde_json::Value::Null));
    assert_eq!(person.page("/").await.page_state(), "expired");
    for _ in 0..6 {
        let answer = person.checks(&code).await;
        assert_eq!((answer.status, answer.outcome().as_str()), (410, "code_expired"));
    }
    world.advance(60);
    assert_eq!(person.asks(NUMBER).await.outcome(), "code_sent");
    assert_eq!(person.checks(&world.code()).await.outcome(), "verified");
}

pub async fn a_resend_goes_to_the_current_provider(column: Column) {
    let (world, person, code) = switched(column, true).await;
    let first = person.looks().await.status_field("challenge_id");
    world.advance(60);
    let resent = person.asks(NUMBER).await;
    assert_eq!((resent.outcome().as_str(), world.sms().len()), ("code_sent", 1));
    assert_ne!(resent.status_field("challenge_id"), first, "another judge opens a new challenge");
    if code != world.code() {
        assert_eq!(person.checks(&code).await.outcome(), "incorrect_code");
    }
    assert_eq!(person.checks_for(first.as_str().expect("a challenge"), &code).await.outcome(), "code_expired");
    assert_eq!(person.checks(&world.code()).await.outcome(), "verified");
}
