//! Rows about several people, tabs and pages.

use super::Column;
use crate::browser::Browser;
use crate::journey_forms::{asks_by_form, checks_by_form, fill};
use crate::world::{NUMBER, OTHER_NUMBER, World};

pub async fn another_browser_asks_for_the_same_number(column: Column) {
    let world = column.world().await;
    let (first, second) = (world.browser(), world.browser());
    first.asks(NUMBER).await;
    world.advance(10);
    let early = second.asks(NUMBER).await;
    assert_eq!((early.status, early.outcome().as_str(), early.state().as_str()), (429, "try_later", "none"));
    assert_eq!((early.json()["retry_after_secs"].as_u64(), world.sms().len()), (Some(50), 1));
    world.advance(50);
    assert_eq!(second.asks(NUMBER).await.outcome(), "code_sent");
    assert_eq!(second.checks(&world.code()).await.outcome(), "verified");
}

pub async fn a_number_that_has_an_account(column: Column) {
    let world = column.world().await;
    world.browser().joins(&world, NUMBER).await;
    world.advance(60);
    let person = world.browser();
    for left in (0..5).rev() {
        let told = person.asks(NUMBER).await;
        assert_eq!((told.status, told.outcome().as_str()), (409, "phone_number_taken"));
        assert_eq!(told.status_field("sends_left"), left, "numbers cannot be scanned");
    }
    assert_eq!(person.asks(NUMBER).await.outcome(), "sends_exhausted");
    let other = world.browser();
    assert_eq!(other.asks_to_sign_in(NUMBER).await.outcome(), "code_sent");
    let signed_in = other.checks(&world.code()).await;
    assert_eq!((signed_in.outcome().as_str(), signed_in.state().as_str()), ("verified", "signed_up"));
    assert_eq!(world.sms().len(), 2);
}

/// Reads the page twice and another page between, and expects the same state each time, and no text.
async fn reads(world: &World, person: &Browser, state: &str) {
    let sent = world.sms().len();
    for path in ["/", "/cookies", "/sign-in", "/", "/"] {
        let page = person.page(path).await;
        if path == "/" {
            assert_eq!(page.page_state(), state);
        }
    }
    assert_eq!((world.sms().len(), person.looks().await.state().as_str()), (sent, state));
}

pub async fn refresh_and_back_in_each_state(column: Column) {
    let world = column.world().await;
    let person = world.browser();
    reads(&world, &person, "none").await;
    asks_by_form(&person, NUMBER).await;
    reads(&world, &person, "pending").await;
    for _ in 0..5 {
        checks_by_form(&person, &world.wrong_code()).await;
    }
    reads(&world, &person, "exhausted").await;
    world.advance(60);
    let resent = person.form("/api/resend", &person.page("/").await.hidden("resend-form")).await;
    assert_eq!((resent.redirect(), world.sms().len()), ("/", 2));
    world.advance(column.lifetime_secs());
    reads(&world, &person, "expired").await;
    person.form("/api/resend", &person.page("/").await.hidden("resend-form")).await;
    checks_by_form(&person, &world.code()).await;
    reads(&world, &person, "verified").await;
    fill(&person, "/", "sign-up-form", "/api/sign-up", ("nickname", "준호")).await;
    assert_eq!(person.page("/").await.redirect(), "/welcome");
    assert_eq!((person.looks().await.state().as_str(), world.sms().len()), ("signed_up", 3));
}

pub async fn two_tabs_in_different_states(column: Column) {
    let world = column.world().await;
    let person = world.browser();
    let early_tab = person.page("/").await;
    asks_by_form(&person, NUMBER).await;
    let code_tab = person.page("/").await;
    let ask_again: Vec<_> =
        early_tab.hidden("number-form").into_iter().chain([("phone_number", OTHER_NUMBER.to_owned())]).collect();
    person.form("/api/start", &ask_again).await;
    assert_eq!((person.page("/").await.page_outcome().as_str(), world.sms().len()), ("pending", 1));
    let code = world.code();
    world.advance(60);
    person.form("/api/start", &ask_again).await;
    let stale: Vec<_> = code_tab.hidden("code-form").into_iter().chain([("code", code)]).collect();
    person.form("/api/check", &stale).await;
    let page = person.page("/").await;
    assert_eq!((page.page_outcome().as_str(), page.page_state().as_str()), ("code_expired", "pending"));
    assert_eq!(person.looks().await.status_field("attempts_left"), 5, "the code of an old tab costs nothing");
    checks_by_form(&person, &world.code()).await;
    assert_eq!(person.looks().await.status_field("phone_number"), "+82 10-****-4321");
}

/// A starts, B starts, B verifies, A looks and checks: A is never verified.
pub async fn two_subjects_and_one_number(column: Column) {
    let world = column.world().await;
    let (a, b) = (world.browser(), world.browser());
    let of_a = a.asks(NUMBER).await.status_field("challenge_id");
    let of_a = of_a.as_str().expect("a challenge");
    let code_of_a = world.code();
    world.advance(60);
    assert_eq!(b.asks(NUMBER).await.outcome(), "code_sent");
    let code_of_b = world.code();
    if code_of_a != code_of_b {
        assert_eq!(b.checks(&code_of_a).await.outcome(), "incorrect_code");
        assert_ne!(a.checks_for(of_a, &code_of_b).await.outcome(), "verified");
    }
    assert_eq!(b.checks(&code_of_b).await.outcome(), "verified");
    assert_ne!(a.looks().await.state(), "verified");
    assert_ne!(a.checks_for(of_a, &code_of_b).await.outcome(), "verified");
    assert_ne!(a.looks().await.state(), "verified");
    assert_eq!(a.signs_up("도둑").await.outcome(), "not_verified");
    assert_eq!(b.signs_up("주인").await.outcome(), "signed_up");
}

/// With a hosted verifier only the last that asked has a live verification; with our own codes each has their own.
pub async fn two_subjects_take_turns_with_one_number(column: Column) {
    let world = column.world().await;
    let (a, b) = (world.browser(), world.browser());
    a.asks(NUMBER).await;
    world.advance(60);
    b.asks(NUMBER).await;
    world.advance(60);
    assert_eq!(a.asks(NUMBER).await.outcome(), "code_sent");
    let code = world.code();
    if column.is_hosted() {
        assert_eq!((world.twilio.live().len(), b.looks().await.state().as_str()), (1, "none"));
    }
    assert_ne!(b.checks(&code).await.outcome(), "verified");
    assert_eq!(a.checks(&code).await.outcome(), "verified");
    assert_eq!(world.sms().len(), 3);
}
