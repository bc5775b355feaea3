//! Without JavaScript: a minute's wait, and another press.

use crate::browser::{Answered, Browser};
use crate::databases::{Kind, on_both_databases};
use crate::world::{NUMBER, OTHER_NUMBER, World};

on_both_databases!(
    whoever_waits_a_minute_is_sent_a_code,
    a_number_is_sent_one_code_a_day_for_a_wait,
    a_wait_is_for_one_number_and_one_person,
    a_resend_costs_a_wait_too,
);

/// A page, and what its form says of a wait.
async fn page(person: &Browser) -> (Answered, String) {
    let page = person.page("/").await;
    let wait = page.attribute_after("name=\"proof\"", "value");
    (page, wait)
}

async fn presses(person: &Browser, number: &str, wait: &str) -> (Answered, String) {
    let form = [("phone_number", number.to_owned()), ("purpose", "sign_up".into()), ("proof", wait.to_owned())];
    assert_eq!(person.form("/api/start", &form).await.redirect(), "/");
    page(person).await
}

fn message(page: &Answered) -> String {
    let line = page.body.split_once("id=\"message\"").expect("a line").1;
    let text = line.split_once('>').and_then(|(_, rest)| rest.split_once('<')).expect("a text").0;
    text.to_owned()
}

async fn whoever_waits_a_minute_is_sent_a_code(kind: Kind) {
    let world = super::world(kind).await;
    let person = world.browser();
    page(&person).await;
    let (told, wait) = presses(&person, NUMBER, "").await;
    assert_eq!((told.page_outcome().as_str(), told.page_state().as_str()), ("challenge_required", "none"));
    assert!(message(&told).ends_with("Please wait, and press the button again in 1 minute."), "{}", message(&told));
    assert_eq!(told.attribute_after("id=\"phone_number\"", "value"), NUMBER, "what was typed stays");
    assert!(!told.body.contains("aria-invalid"), "and is not wrong");
    world.advance(59);
    let (told, same) = presses(&person, NUMBER, &wait).await;
    assert!(message(&told).ends_with("again in 1 second."), "{}", message(&told));
    assert_eq!(same, wait, "pressed too early, it goes on");
    world.advance(1);
    let (told, wait) = presses(&person, NUMBER, &wait).await;
    assert_eq!((told.page_outcome().as_str(), told.page_state().as_str(), wait.as_str()), ("code_sent", "pending", ""));
    assert_eq!(world.sms().len(), 1);
}

/// The tests begin at 22:13:20, and the second press comes three minutes later.
async fn a_number_is_sent_one_code_a_day_for_a_wait(kind: Kind) {
    let world = super::world(kind).await;
    let mut told = Vec::new();
    for _ in 0..2 {
        let person = world.browser();
        page(&person).await;
        let (_, wait) = presses(&person, NUMBER, "").await;
        world.advance(60);
        told.push(presses(&person, NUMBER, &wait).await.0);
        world.advance(60);
    }
    assert_eq!([told[0].page_outcome(), told[1].page_outcome()], ["code_sent", "challenge_required"]);
    assert!(message(&told[1]).ends_with("again in 1 hour and 44 minutes."), "{}", message(&told[1]));
    world.advance(2 * 3_600);
    let person = world.browser();
    page(&person).await;
    let (_, wait) = presses(&person, NUMBER, "").await;
    world.advance(900);
    assert_eq!(presses(&person, NUMBER, &wait).await.0.page_outcome(), "code_sent", "another day");
    assert_eq!(world.sms().len(), 2);
}

async fn a_wait_is_for_one_number_and_one_person(kind: Kind) {
    let world = super::world(kind).await;
    let (person, stranger) = (world.browser(), world.browser());
    page(&person).await;
    page(&stranger).await;
    let (_, wait) = presses(&person, NUMBER, "").await;
    world.advance(60);
    assert_eq!(presses(&person, OTHER_NUMBER, &wait).await.0.page_outcome(), "challenge_required");
    assert_eq!(presses(&stranger, NUMBER, &wait).await.0.page_outcome(), "challenge_required");
    world.advance(841);
    assert_eq!(presses(&person, NUMBER, &wait).await.0.page_outcome(), "challenge_required", "too long ago");
    assert!(world.sms().is_empty());
}

async fn a_resend_costs_a_wait_too(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    page(&person).await;
    assert_eq!(presses(&person, NUMBER, "").await.0.page_outcome(), "code_sent");
    let cookie = person.cookie();
    let world = world.restart(beonho::server::provider::outbox::NAME, Vec::new(), &[("CHALLENGE", "always")]).await;
    let person = world.browser();
    person.set_cookie(cookie);
    world.advance(60);
    let resend = async |wait: String| {
        let form = [("purpose", "sign_up".to_owned()), ("proof", wait)];
        person.form("/api/resend", &form).await;
        let page = person.page("/").await;
        let resend = Answered { body: page.body.split_once("id=\"resend-form\"").expect("a form").1.to_owned(), ..page.clone() };
        (page, resend.attribute_after("name=\"proof\"", "value"))
    };
    let (told, wait) = resend(String::new()).await;
    assert_eq!((told.page_outcome().as_str(), told.page_state().as_str()), ("challenge_required", "pending"));
    world.advance(60);
    assert_eq!(resend(wait).await.0.page_outcome(), "code_sent");
}
