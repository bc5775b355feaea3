//! Twilio: `POST /hooks/twilio/{send_id}`.

use std::time::Duration;

use tokio::time::sleep;

use super::{assert_refused, assert_taken, counted, delivery, with_messages};
use crate::databases::{Kind, on_both_databases};
use crate::fake_messages::{LOOK, SEND, TOKEN, call_back, call_back_with, form, signature};
use crate::faults::{Fault, Gate};
use crate::metrics::Scrape;
use crate::world::{NUMBER, OTHER_NUMBER};

on_both_databases!(
    what_twilio_tells_is_told_once_in_whatever_order,
    a_text_that_twilio_could_not_deliver_is_given_back_once_whoever_tells,
    a_callback_that_is_not_twilios_is_refused_and_changes_nothing,
    a_callback_of_another_text_changes_nothing,
    a_callback_may_be_here_before_the_answer_to_its_send,
);

async fn what_twilio_tells_is_told_once_in_whatever_order(kind: Kind) {
    let (world, messages) = with_messages(kind).await;
    let person = world.browser();
    assert_eq!(person.asks(NUMBER).await.outcome(), "code_sent");
    let text = messages.last();
    assert!(text.callback.starts_with("http://localhost:3000/hooks/twilio/"), "{}", text.callback);
    for (status, shown) in [
        ("queued", ""),
        ("sending", ""),
        ("sent", ""),
        ("delivered", "delivered"),
        ("sent", "delivered"),
        ("undelivered", "delivered"),
        ("delivered", "delivered"),
        ("unheard of", "delivered"),
    ] {
        assert_taken(&call_back(&person.stranger(), &text.callback, &form(&text.sid, status, "")).await);
        assert_eq!(delivery(&person).await, shown, "{status}");
    }
    assert_eq!((counted(&world, "delivered").await, counted(&world, "failed").await), (1, 0));
    assert_eq!(person.checks(&text.sms.code).await.outcome(), "verified");
}

async fn a_text_that_twilio_could_not_deliver_is_given_back_once_whoever_tells(kind: Kind) {
    let (world, messages) = with_messages(kind).await;
    let person = world.browser();
    person.asks(NUMBER).await;
    let text = messages.last();
    let gate = Gate::new();
    messages.tell("undelivered", 30003);
    messages.faults.add(LOOK, Fault::Gate(gate.clone()));
    world.advance(2);
    gate.arrival().await;
    assert_taken(&call_back(&person, &text.callback, &form(&text.sid, "undelivered", "30003")).await);
    gate.open();
    let asked = r#"beonho_vendor_request_duration_seconds_count{provider="twilio_messaging",operation="delivery",outcome="ok"}"#;
    while Scrape::of(&world).await.value(asked).is_none() {
        sleep(Duration::from_millis(10)).await;
    }
    // What was told by the other way is recorded by now, or never.
    sleep(Duration::from_millis(200)).await;
    assert_eq!(delivery(&person).await, "failed");
    assert_eq!((counted(&world, "failed").await, person.looks().await.status_field("sends_left")), (1, 5.into()));
    assert_eq!(person.asks(NUMBER).await.outcome(), "code_sent", "at once");
}

async fn a_callback_that_is_not_twilios_is_refused_and_changes_nothing(kind: Kind) {
    let (world, messages) = with_messages(kind).await;
    let person = world.browser();
    person.asks(NUMBER).await;
    let text = messages.last();
    let form = form(&text.sid, "delivered", "");
    let unknown = "http://localhost:3000/hooks/twilio/1234567890123456789012";
    for callback in [text.callback.as_str(), unknown] {
        let good = signature(TOKEN, callback, &form);
        for (why, signature) in [
            ("of another token", signature("another", callback, &form)),
            ("of another address", signature(TOKEN, "http://localhost:3000/hooks/twilio/", &form)),
            ("of another form", signature(TOKEN, callback, &form[1..])),
            ("empty", String::new()),
            ("half", good[..14].to_owned()),
            ("no base64", "!".to_owned()),
        ] {
            assert_refused(&call_back_with(&person, callback, &signature, &form).await, 401, why);
        }
        assert_refused(&call_back_with(&person, &format!("{callback}?a=b"), &good, &form).await, 401, "with a query");
        assert_refused(&call_back(&person, callback, &form[..1]).await, 400, "signed, and nothing in it");
    }
    assert_eq!(delivery(&person).await, "");
}

async fn a_callback_of_another_text_changes_nothing(kind: Kind) {
    let (world, messages) = with_messages(kind).await;
    let (person, other) = (world.browser(), world.browser());
    person.asks(NUMBER).await;
    let first = messages.last();
    other.asks(OTHER_NUMBER).await;
    let second = messages.last();
    let strange = "http://localhost:3000/hooks/twilio/%00%27--%EA%B0%80";
    for (callback, sid) in [
        (first.callback.as_str(), &second.sid),
        (second.callback.as_str(), &first.sid),
        ("http://localhost:3000/hooks/twilio/1234567890123456789012", &first.sid),
        (strange, &first.sid),
    ] {
        assert_taken(&call_back(&person, callback, &form(sid, "delivered", "")).await);
    }
    assert_eq!((delivery(&person).await, delivery(&other).await), (String::new(), String::new()));
}

async fn a_callback_may_be_here_before_the_answer_to_its_send(kind: Kind) {
    let (world, messages) = with_messages(kind).await;
    let (person, gate) = (world.browser(), Gate::new());
    let twin = person.twin();
    messages.faults.add(SEND, Fault::GateAfter(gate.clone()));
    let asking = tokio::spawn(async move { (twin.asks(NUMBER).await.outcome(), twin) });
    gate.arrival().await;
    let text = messages.last();
    assert_taken(&call_back(&world.browser(), &text.callback, &form(&text.sid, "delivered", "")).await);
    gate.open();
    let (outcome, person) = asking.await.expect("the task ends");
    assert_eq!((outcome.as_str(), delivery(&person).await.as_str()), ("code_sent", "delivered"));
}
