//! The whole way as the islands go it: the same posts as the forms', answered in compact text.

use crate::databases::{Kind, on_both_databases};
use crate::world::{NUMBER, World};

on_both_databases!(a_person_signs_up_through_the_islands, an_island_is_told_how_long_to_wait, a_page_and_an_island_say_the_same);

fn fields(name: &'static str, value: &str) -> Vec<(&'static str, String)> {
    vec![(name, value.to_owned()), ("once", format!("once-{name}")), ("purpose", "sign_up".into())]
}

async fn a_person_signs_up_through_the_islands(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    person.page("/").await;
    let sent = person.island("/api/start", &fields("phone_number", NUMBER)).await;
    assert_eq!((sent.status, sent.header("content-type")), (200, "text/plain; charset=utf-8"));
    let answer = sent.compact();
    assert_eq!((answer.outcome.as_str(), answer.state.as_str(), answer.sends_left), ("code_sent", "pending", 4));
    let wrong = person.island("/api/check", &fields("code", &world.wrong_code())).await;
    assert_eq!((wrong.status, wrong.compact().attempts_left), (200, Some(4)));
    let verified = person.island("/api/check", &fields("code", &world.code())).await.compact();
    assert_eq!((verified.outcome.as_str(), verified.state.as_str()), ("verified", "verified"));
    let refused = person.island("/api/sign-up", &fields("nickname", "   ")).await;
    assert_eq!((refused.status, refused.compact().outcome.as_str()), (200, "invalid_nickname"));
    let joined = person.island("/api/sign-up", &fields("nickname", "준호")).await;
    assert_eq!((joined.status, joined.compact().state.as_str()), (200, "signed_up"));
}

async fn an_island_is_told_how_long_to_wait(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    person.page("/").await;
    person.island("/api/start", &fields("phone_number", NUMBER)).await;
    let again = person.island("/api/start", &fields("phone_number", NUMBER)).await;
    assert_eq!((again.status, again.header("retry-after")), (200, "60"));
    assert_eq!((again.compact().outcome.as_str(), again.compact().resend_in_secs), ("pending", Some(60)));
    assert_eq!(world.sms().len(), 1);
}

async fn a_page_and_an_island_say_the_same(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    person.page("/").await;
    person.island("/api/start", &fields("phone_number", NUMBER)).await;
    world.advance(10);
    let island = person.island("/api/status", &[]).await.compact();
    let page = person.page("/").await.attribute_after("<main", "data-answer");
    assert_eq!(page, island.encode());
    let json = person.looks().await;
    assert_eq!(json.status_field("expires_in_secs"), 290);
    assert_eq!(island.expires_in_secs, Some(290));
}
