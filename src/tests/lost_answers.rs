//! Answers that never arrive, posts that are made twice, pages that are older than their session: nothing is lost, and no word is false.

use jiff::SignedDuration;
use reqwest::Method;

use crate::databases::{Kind, on_both_databases};
use crate::journey_forms::{asks_by_form, checks_by_form};
use crate::world::{NUMBER, OTHER_NUMBER, World};

on_both_databases!(
    a_second_check_over_json_ends_where_the_first_did,
    a_second_sign_up_over_json_ends_where_the_first_did,
    a_grave_is_no_place_to_guess_codes,
    a_look_hands_out_a_cookie_and_a_look_at_the_head_does_not,
    a_page_older_than_its_session_begins_again,
    a_cookie_that_was_replaced_long_ago_begins_again,
    a_flow_that_begins_near_the_end_of_a_session_is_finished,
    a_session_with_an_account_that_is_used_does_not_end,
    a_message_outlives_a_look_at_the_head_and_a_prefetch,
);

async fn a_second_check_over_json_ends_where_the_first_did(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    person.asks(NUMBER).await;
    let (code, twin, planted) = (world.code(), person.twin(), person.twin());
    assert_eq!(person.checks(&code).await.outcome(), "verified");
    let late = twin.checks(&code).await;
    assert_eq!((late.outcome().as_str(), late.state().as_str()), ("verified", "verified"));
    assert_eq!(twin.cookie(), person.cookie());
    let other = planted.checks(&world.wrong_code()).await;
    assert_eq!((other.outcome().as_str(), other.new_cookie()), ("invalid_request", None), "nothing goes over a good cookie");
    world.advance(60);
    assert_eq!(planted.checks(&code).await.outcome(), "no_challenge");
    assert_eq!(twin.signs_up("준호").await.outcome(), "signed_up");
}

async fn a_second_sign_up_over_json_ends_where_the_first_did(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    person.verifies(&world, NUMBER).await;
    let twin = person.twin();
    assert_eq!(person.signs_up("준호").await.outcome(), "signed_up");
    let late = twin.signs_up("준호").await;
    assert_eq!((late.status, late.outcome().as_str(), twin.cookie()), (201, "signed_up", person.cookie()));
    assert!(twin.page("/welcome").await.body.contains("준호"));
}

async fn a_grave_is_no_place_to_guess_codes(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    person.asks(NUMBER).await;
    let (code, planted) = (world.code(), person.twin());
    person.checks(&code).await;
    for _ in 0..5 {
        assert_eq!(planted.twin().checks(&world.wrong_code()).await.new_cookie(), None);
    }
    let right = planted.checks(&code).await;
    assert_eq!((right.outcome().as_str(), right.new_cookie()), ("invalid_request", None));
}

async fn a_look_hands_out_a_cookie_and_a_look_at_the_head_does_not(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    let head = person.send(person.request(Method::HEAD, "/v1/verification")).await;
    assert_eq!((head.status, head.new_cookie()), (200, None));
    assert!(person.looks().await.new_cookie().is_some());
    assert_eq!(person.looks().await.new_cookie(), None, "one is enough");
    let lost = person.twin();
    assert_eq!(lost.asks(NUMBER).await.new_cookie(), None);
    assert_eq!(person.asks(NUMBER).await.outcome(), "pending", "a repeat is no stranger");
}

async fn a_page_older_than_its_session_begins_again(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    let fields: Vec<_> =
        person.page("/").await.hidden("number-form").into_iter().chain([("phone_number", NUMBER.into())]).collect();
    let island = person.twin();
    world.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(person.form("/api/start", &fields).await.redirect(), "/");
    let page = person.page("/").await;
    assert_eq!((page.page_state().as_str(), page.page_outcome().as_str()), ("none", "invalid_request"));
    assert!(page.body.contains("open for too long") && !page.body.contains("cookie"), "{}", page.body);
    assert_eq!(page.attribute_after("id=\"phone_number\"", "value"), NUMBER, "nothing typed is lost");
    let told = island.island("/api/start", &fields).await.compact();
    assert_eq!((told.outcome.as_str(), told.state.as_str(), told.sends_left), ("invalid_request", "none", 5));
    assert!(told.message.contains("start again"), "{}", told.message);
    assert!(world.sms().is_empty());
    assert_eq!(island.island("/api/start", &fields).await.compact().outcome, "code_sent");
    // A page that was fetched ahead may be the one that is shown.
    let ahead = world.browser();
    ahead.send(ahead.request(Method::GET, "/").header("accept", "text/html").header("sec-purpose", "prefetch;prerender")).await;
    assert_eq!(ahead.island("/api/start", &[("phone_number", OTHER_NUMBER.into())]).await.compact().outcome, "code_sent");
    let returning = world.browser();
    returning.page("/").await;
    world.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(returning.page("/").await.page_outcome(), "", "whoever comes back another day is greeted by no error");
}

async fn a_cookie_that_was_replaced_long_ago_begins_again(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    asks_by_form(&person, NUMBER).await;
    person.page("/").await;
    let old = person.twin();
    checks_by_form(&person, &world.code()).await;
    assert_eq!(old.twin().page("/").await.new_cookie(), None, "the answer may still be on its way");
    world.advance(70);
    let page = old.page("/").await;
    assert!(page.new_cookie().is_some() && page.body.contains("continued elsewhere"), "{}", page.body);
    assert_eq!(asks_by_form(&old, NUMBER).await.redirect(), "/");
    assert_eq!(old.page("/").await.page_state(), "pending", "the number is not locked by its own cooldown");
}

async fn a_flow_that_begins_near_the_end_of_a_session_is_finished(kind: Kind) {
    let world = World::new(kind).await;
    let (by_form, by_json) = (world.browser(), world.browser());
    by_form.page("/").await;
    by_json.looks().await;
    world.clock.advance(SignedDuration::from_mins(24 * 60 - 2));
    asks_by_form(&by_form, NUMBER).await;
    let code = world.code();
    by_json.asks(OTHER_NUMBER).await;
    world.clock.advance(SignedDuration::from_mins(3));
    assert_eq!(by_json.checks(&world.code()).await.outcome(), "verified");
    checks_by_form(&by_form, &code).await;
    assert_eq!(by_form.page("/").await.page_state(), "verified");
}

async fn a_session_with_an_account_that_is_used_does_not_end(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    person.joins(&world, NUMBER).await;
    for _ in 0..3 {
        world.clock.advance(SignedDuration::from_hours(29 * 24));
        assert_eq!(person.page("/").await.redirect(), "/welcome");
        assert!(person.page("/welcome").await.body.contains("먼저"));
    }
}

async fn a_message_outlives_a_look_at_the_head_and_a_prefetch(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    asks_by_form(&person, "02-123-4567").await;
    person.send(person.request(Method::HEAD, "/").header("accept", "text/html")).await;
    let prefetch = person.request(Method::GET, "/").header("accept", "text/html").header("sec-purpose", "prefetch;prerender");
    assert_eq!(person.send(prefetch).await.page_outcome(), "invalid_phone_number");
    assert_eq!(person.page("/").await.page_outcome(), "invalid_phone_number");
    assert_eq!(person.page("/").await.page_outcome(), "");
}
