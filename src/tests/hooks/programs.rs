//! The operator's own program: `POST /hooks/sms`.

use reqwest::Method;

use super::{NOW_SECS, assert_refused, assert_taken, counted, delivery, told, with_messages, with_program};
use crate::databases::{Kind, on_both_databases};
use crate::fake_program::{SEND, report, report_as};
use crate::faults::{Fault, Gate};
use crate::world::{NUMBER, World};

on_both_databases!(
    what_a_program_reports_is_told_once,
    a_text_that_a_program_could_not_deliver_is_given_back,
    a_report_that_is_not_the_programs_is_refused_and_changes_nothing,
    a_report_of_no_text_changes_nothing,
    a_report_may_be_here_before_the_answer_to_its_send,
    a_text_whose_answer_was_lost_is_told_of_all_the_same,
    nobody_calls_back_who_is_not_set_up,
);

async fn what_a_program_reports_is_told_once(kind: Kind) {
    let (world, program) = with_program(kind).await;
    let person = world.browser();
    assert_eq!(person.asks(NUMBER).await.outcome(), "code_sent");
    assert_eq!(delivery(&person).await, "");
    let send_id = program.last().send_id;
    for status in ["delivered", "delivered", "failed", "delivered"] {
        assert_taken(&report(&world.browser(), NOW_SECS, &told(&send_id, status)).await);
        assert_eq!(delivery(&person).await, "delivered", "{status}");
    }
    assert_eq!((counted(&world, "delivered").await, counted(&world, "failed").await), (1, 0));
    assert_eq!(person.looks().await.status_field("sends_left"), 4);
    assert_eq!(person.checks(&program.last().sms.code).await.outcome(), "verified");
}

async fn a_text_that_a_program_could_not_deliver_is_given_back(kind: Kind) {
    let (world, program) = with_program(kind).await;
    let person = world.browser();
    person.asks(NUMBER).await;
    for _ in 0..2 {
        assert_taken(&report(&world.browser(), NOW_SECS, &told(&program.last().send_id, "failed")).await);
    }
    assert_eq!(delivery(&person).await, "failed");
    assert_eq!((counted(&world, "failed").await, person.looks().await.status_field("sends_left")), (1, 5.into()));
    assert_eq!(person.asks(NUMBER).await.outcome(), "code_sent", "at once");
    assert_eq!(delivery(&person).await, "", "another text has a story of its own");
}

async fn a_report_that_is_not_the_programs_is_refused_and_changes_nothing(kind: Kind) {
    let (world, program) = with_program(kind).await;
    let person = world.browser();
    person.asks(NUMBER).await;
    let (known, unknown) = (told(&program.last().send_id, "delivered"), told("1234567890123456789012", "delivered"));
    for body in [&known, &unknown] {
        for (why, secs) in [("too old", NOW_SECS - 301), ("from the future", NOW_SECS + 301)] {
            assert_refused(&report(&world.browser(), secs, body).await, 401, why);
        }
        for headers in [
            vec![],
            vec![("webhook-id", "evt"), ("webhook-timestamp", "1700000000"), ("webhook-signature", "v1,AAAA")],
            vec![("webhook-id", "evt"), ("webhook-timestamp", "soon"), ("webhook-signature", "v1,AAAA")],
            vec![("webhook-signature", "v1,AAAA")],
            vec![("webhook-id", "evt"), ("webhook-timestamp", "1700000000"), ("webhook-signature", "")],
        ] {
            assert_refused(&report_as(&world.browser(), &headers, body).await, 401, &format!("{headers:?}"));
        }
    }
    for body in ["", "{", "[]", "{}", &told("x", "sent"), r#"{"type":"sms.delivery","data":null}"#] {
        assert_refused(&report(&world.browser(), NOW_SECS, body).await, 400, body);
    }
    let large = world.browser();
    let large = large.send(large.request(Method::POST, "/hooks/sms").body("x".repeat(16 * 1024 + 1))).await;
    assert_refused(&large, 413, "too large");
    assert_eq!(delivery(&person).await, "");
}

async fn a_report_of_no_text_changes_nothing(kind: Kind) {
    let (world, program) = with_program(kind).await;
    let person = world.browser();
    person.asks(NUMBER).await;
    let own = program.last().send_id;
    let strange = [own.to_lowercase() + "x", String::new(), "\u{0}".into(), "' or 1=1 --".into(), "가".into(), "x".repeat(4000)];
    for send_id in strange {
        assert_taken(&report(&world.browser(), NOW_SECS, &told(&send_id, "delivered")).await);
    }
    assert_taken(&report(&world.browser(), NOW_SECS, r#"{"type":"sms.clicked","data":{}}"#).await);
    assert_eq!(delivery(&person).await, "");
    world.advance(90_000);
    world.sweep().await;
    assert_taken(&report(&world.browser(), NOW_SECS + 90_000, &told(&own, "delivered")).await);
}

async fn a_report_may_be_here_before_the_answer_to_its_send(kind: Kind) {
    let (world, program) = with_program(kind).await;
    let (person, gate) = (world.browser(), Gate::new());
    let twin = person.twin();
    program.faults.add(SEND, Fault::GateAfter(gate.clone()));
    let asking = tokio::spawn(async move { (twin.asks(NUMBER).await.outcome(), twin) });
    gate.arrival().await;
    assert_taken(&report(&world.browser(), NOW_SECS, &told(&program.last().send_id, "delivered")).await);
    gate.open();
    let (outcome, person) = asking.await.expect("the task ends");
    assert_eq!((outcome.as_str(), delivery(&person).await.as_str()), ("code_sent", "delivered"));
}

async fn a_text_whose_answer_was_lost_is_told_of_all_the_same(kind: Kind) {
    let (world, program) = with_program(kind).await;
    let person = world.browser();
    program.faults.add(SEND, Fault::LostAnswer);
    assert_eq!(person.asks(NUMBER).await.outcome(), "code_may_arrive");
    assert_taken(&report(&world.browser(), NOW_SECS, &told(&program.last().send_id, "delivered")).await);
    assert_eq!(delivery(&person).await, "delivered");
}

async fn nobody_calls_back_who_is_not_set_up(kind: Kind) {
    let outbox = World::new(kind).await;
    let (twilio, _messages) = with_messages(kind).await;
    let (http, _program) = with_program(kind).await;
    let body = told("1234567890123456789012", "delivered");
    for (world, paths) in [
        (&outbox, vec!["/hooks/sms", "/hooks/twilio/1234567890123456789012"]),
        (&twilio, vec!["/hooks/sms", "/hooks/twilio"]),
        (&http, vec!["/hooks/twilio/1234567890123456789012", "/hooks/sms/x"]),
    ] {
        for path in paths {
            let person = world.browser();
            let request = person.request(Method::POST, path).header("content-type", "application/json").body(body.clone());
            assert_eq!(person.send(request).await.status, 404, "{path}");
        }
    }
    let person = http.browser();
    assert_eq!(person.send(person.request(Method::GET, "/hooks/sms")).await.status, 405);
}
