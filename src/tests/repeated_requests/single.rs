//! Rows about one person in one browser.

use super::Column;
use crate::fake_sens::SEND;
use crate::fake_twilio::START;
use crate::faults::Fault;
use crate::world::{NUMBER, OTHER_NUMBER, wrong};

pub async fn not_yet_verified_and_asks_again(column: Column) {
    let world = column.world().await;
    let person = world.browser();
    assert_eq!(person.asks(NUMBER).await.outcome(), "code_sent");
    world.advance(25);
    let again = person.asks(NUMBER).await;
    assert_eq!((again.status, again.outcome().as_str(), again.state().as_str()), (202, "pending", "pending"));
    assert_eq!(again.json()["retry_after_secs"], 35);
    let left = [("resend_in_secs", 35), ("expires_in_secs", column.lifetime_secs() - 25), ("attempts_left", 5), ("sends_left", 4)];
    for (field, value) in left {
        assert_eq!(again.status_field(field), value, "{field}");
    }
    assert_eq!(world.sms().len(), 1);
    assert_eq!(person.checks(&world.code()).await.outcome(), "verified");
}

pub async fn asks_again_after_the_wait(column: Column) {
    let world = column.world().await;
    let person = world.browser();
    let first = person.asks(NUMBER).await.status_field("challenge_id");
    person.checks(&world.wrong_code()).await;
    let earlier = world.code();
    world.advance(60);
    let again = person.asks(NUMBER).await;
    assert_eq!((again.outcome().as_str(), again.status_field("challenge_id")), ("code_sent", first));
    assert_eq!(again.json()["message"].as_str().expect("a text").contains("the same code"), column.is_hosted());
    assert_eq!(again.status_field("attempts_left"), 4, "a resend refills nothing");
    let expiry = if column.is_hosted() { 540 } else { 300 };
    assert_eq!(again.status_field("expires_in_secs"), expiry, "the vendor repeats its code, which expires with the first start");
    assert_eq!((world.sms().len(), world.code() == earlier), (2, column.is_hosted()));
    assert_eq!(person.checks(&earlier).await.outcome(), "verified", "the text on its way must work");
}

pub async fn asks_with_another_number_while_waiting(column: Column) {
    let world = column.world().await;
    let person = world.browser();
    person.asks(NUMBER).await;
    let early = person.asks(OTHER_NUMBER).await;
    assert_eq!((early.outcome().as_str(), world.sms().len()), ("pending", 1));
    assert_eq!(early.status_field("phone_number"), "+82 10-****-5678");
    world.advance(60);
    let old_code = world.code();
    assert_eq!(person.asks(OTHER_NUMBER).await.outcome(), "code_sent");
    assert_eq!(world.sms()[1].to, "+821087654321");
    if old_code != world.code() {
        assert_eq!(person.checks(&old_code).await.outcome(), "incorrect_code");
    }
    let verified = person.checks(&world.code()).await;
    assert_eq!((verified.outcome().as_str(), verified.status_field("phone_number")), ("verified", "+82 10-****-4321".into()));
}

pub async fn already_verified_asks_again(column: Column) {
    let world = column.world().await;
    let person = world.browser();
    person.verifies(&world, NUMBER).await;
    world.advance(120);
    let again = person.asks(NUMBER).await;
    assert_eq!((again.status, again.outcome().as_str(), again.state().as_str()), (202, "already_verified", "verified"));
    assert_eq!(world.sms().len(), 1);
}

pub async fn already_verified_asks_with_another_number(column: Column) {
    let world = column.world().await;
    let person = world.browser();
    person.verifies(&world, NUMBER).await;
    world.advance(120);
    let again = person.asks(OTHER_NUMBER).await;
    assert_eq!(again.outcome(), "already_verified");
    assert_eq!((again.status_field("phone_number"), world.sms().len()), ("+82 10-****-5678".into(), 1));
    assert_eq!(person.signs_up("준호").await.outcome(), "signed_up");
    assert_eq!(person.asks(OTHER_NUMBER).await.outcome(), "already_verified");
}

pub async fn verified_then_checks_again(column: Column) {
    let world = column.world().await;
    let person = world.browser();
    person.verifies(&world, NUMBER).await;
    for code in [world.code(), world.wrong_code()] {
        let again = person.checks(&code).await;
        assert_eq!((again.status, again.outcome().as_str(), again.state().as_str()), (410, "code_expired", "verified"));
    }
    assert_eq!(person.signs_up("준호").await.outcome(), "signed_up");
}

pub async fn wrong_code_again_and_again(column: Column) {
    let world = column.world().await;
    let person = world.browser();
    person.asks(NUMBER).await;
    for left in (0..5).rev() {
        let answer = person.checks(&world.wrong_code()).await;
        assert_eq!((answer.outcome().as_str(), answer.status_field("attempts_left")), ("incorrect_code", left.into()));
    }
    for code in [world.wrong_code(), world.code()] {
        let answer = person.checks(&code).await;
        assert_eq!((answer.status, answer.outcome().as_str(), answer.state().as_str()), (429, "too_many_attempts", "exhausted"));
    }
    assert!(world.twilio.checks() <= 5);
}

pub async fn asks_again_after_expiry(column: Column) {
    let world = column.world().await;
    let person = world.browser();
    let first = person.asks(NUMBER).await.status_field("challenge_id");
    person.checks(&world.wrong_code()).await;
    world.advance(column.lifetime_secs());
    let old_code = world.code();
    let late = person.checks(&old_code).await;
    assert_eq!((late.status, late.outcome().as_str(), late.state().as_str()), (410, "code_expired", "expired"));
    let again = person.asks(NUMBER).await;
    assert_eq!((again.outcome().as_str(), again.status_field("attempts_left")), ("code_sent", 5.into()));
    assert_ne!(again.status_field("challenge_id"), first);
    assert_eq!(person.checks_for(first.as_str().expect("a challenge"), &old_code).await.outcome(), "code_expired");
    assert_eq!(person.checks(&world.code()).await.outcome(), "verified");
}

pub async fn asks_again_after_exhaustion(column: Column) {
    let world = column.world().await;
    let person = world.browser();
    person.asks(NUMBER).await;
    for _ in 0..5 {
        person.checks(&world.wrong_code()).await;
    }
    let old_code = world.code();
    assert_eq!(person.asks(NUMBER).await.outcome(), "pending");
    world.advance(60);
    let again = person.asks(NUMBER).await;
    assert_eq!((again.outcome().as_str(), again.status_field("attempts_left")), ("code_sent", 5.into()));
    if old_code != world.code() {
        assert_eq!(person.checks(&old_code).await.outcome(), "incorrect_code");
    }
    assert_eq!(person.checks(&world.code()).await.outcome(), "verified");
}

pub async fn starts_over_and_asks_again(column: Column) {
    let world = column.world().await;
    let person = world.browser();
    person.asks(NUMBER).await;
    let over = person.island("/api/start-over", &[]).await.compact();
    assert_eq!((over.state.as_str(), over.sends_left, over.resend_in_secs), ("none", 4, Some(60)));
    assert_eq!(person.checks(&world.code()).await.outcome(), "no_challenge");
    assert_eq!(person.asks(NUMBER).await.outcome(), "pending");
    world.advance(60);
    assert_eq!(person.asks(NUMBER).await.outcome(), "code_sent");
    assert_eq!(person.checks(&world.code()).await.outcome(), "verified");
}

pub async fn verified_waits_too_long(column: Column) {
    let world = column.world().await;
    let person = world.browser();
    person.verifies(&world, NUMBER).await;
    world.advance(1799);
    assert_eq!(person.looks().await.state(), "verified");
    world.advance(1);
    assert_eq!(person.looks().await.state(), "none");
    assert_eq!(person.signs_up("준호").await.outcome(), "not_verified");
    assert_eq!(person.asks(NUMBER).await.outcome(), "code_sent");
    assert_eq!(person.checks(&world.code()).await.outcome(), "verified");
    assert_eq!(person.signs_up("준호").await.outcome(), "signed_up");
}

pub async fn the_strict_rule_allows_one_request_per_window(column: Column) {
    let strict = [("RESEND_COOLDOWN_SECS", "600"), ("CODE_LIFETIME_SECS", "600")];
    let world = column.world_with(&strict).await;
    let person = world.browser();
    assert_eq!(person.asks(NUMBER).await.outcome(), "code_sent");
    for number in [NUMBER, OTHER_NUMBER] {
        let again = person.asks(number).await;
        assert_eq!((again.outcome().as_str(), again.json()["retry_after_secs"].as_u64()), ("pending", Some(600)));
    }
    world.advance(599);
    assert_eq!(person.asks(OTHER_NUMBER).await.outcome(), "pending");
    let wrong = person.checks(&wrong(&world.code())).await;
    assert_eq!((wrong.outcome().as_str(), wrong.state().as_str()), ("incorrect_code", "pending"));
    world.advance(1);
    assert_eq!(person.looks().await.state(), "expired");
    assert_eq!(person.asks(OTHER_NUMBER).await.outcome(), "code_sent");
    assert_eq!(world.sms().len(), 2);
}

/// The text arrives, the vendor's word does not.
pub async fn the_answer_to_a_send_never_arrives(column: Column) {
    let world = column.world().await;
    let person = world.browser();
    world.sens.faults.add(SEND, Fault::LostAnswer);
    world.twilio.faults.add(START, Fault::LostAnswer);
    let sent = person.asks(NUMBER).await;
    assert_eq!((sent.status, sent.outcome().as_str(), sent.state().as_str()), (202, "code_may_arrive", "pending"));
    assert_eq!(sent.status_field("sends_left"), 4);
    assert_eq!(person.asks(NUMBER).await.outcome(), "pending");
    assert_eq!(person.checks(&world.wrong_code()).await.outcome(), "incorrect_code");
    assert_eq!(person.checks(&world.code()).await.outcome(), "verified");
    assert_eq!(world.sms().len(), 1);
}
