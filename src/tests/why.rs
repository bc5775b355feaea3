//! `beonho why NUMBER`: what an operator is told of a number, whatever happened to it.

use beonho::commands::why::Told;
use beonho::server::provider::{outbox, sens};
use beonho::server::store::Deed;
use beonho::verification::PhoneNumber;
use serde_json::Value;

use crate::databases::{Kind, on_both_databases};
use crate::faults::Fault;
use crate::process::{PROGRAM, Process};
use crate::test_server::START_MS;
use crate::world::{NUMBER, World};

on_both_databases!(
    five_resends_by_its_owner_are_told,
    a_stranger_who_used_it_up_is_told_apart,
    an_outage_of_the_vendor_is_told_with_its_words,
    a_removed_account_is_told_by_what_was_done,
    a_hold_is_told_with_what_lifts_it,
    the_program_tells_it_as_text_and_as_json,
);

const E164: &str = "+821012345678";

/// What an operator is told now, as text and as JSON.
async fn told(world: &World) -> (String, Value) {
    let verifier = &world.server.service.verifier;
    verifier.write_refusals().await.expect("written");
    let (number, now) = (PhoneNumber::from_stored(E164.to_owned()), verifier.clock.now());
    let story = verifier.store.tell_of(&number, now).await.expect("told");
    let told = Told::of(&number, story, &verifier.policy, now);
    let (text, json) = (told.to_string(), serde_json::to_value(&told).expect("JSON"));
    assert!(!text.replace("unlock +821012345678", "").contains("12345678"), "the number is masked: {text}");
    (text, json)
}

fn all<'a>(list: &'a Value, name: &str) -> Vec<&'a Value> {
    list.as_array().expect("a list").iter().map(|line| &line[name]).collect()
}

async fn five_resends_by_its_owner_are_told(kind: Kind) {
    let world = World::new(kind).await;
    let owner = world.browser();
    let (text, _) = told(&world).await;
    assert!(text.contains("account: none\na code: may be sent now\n") && text.contains("newest first: none"), "{text}");
    for _ in 0..5 {
        assert_eq!(owner.asks(NUMBER).await.outcome(), "code_sent");
        assert_eq!(owner.asks(NUMBER).await.outcome(), "pending");
        world.advance(60);
    }
    assert_eq!(owner.asks(NUMBER).await.outcome(), "sends_exhausted");
    let (text, json) = told(&world).await;
    let subjects = all(&json["sends"], "subject");
    assert!(subjects.len() == 5 && subjects.iter().all(|subject| *subject == subjects[0]), "{text}");
    assert_eq!(all(&json["refusals"], "rule"), ["subject_budget", "cooldown"]);
    assert_eq!(all(&json["refusals"], "times"), [1, 5]);
    let verdict = &json["verdict"];
    assert_eq!((&verdict["rule"], &verdict["counted_sends"]), (&"number_budget".into(), &5.into()), "{text}");
    assert_eq!((&verdict["not_before"], START_MS), (&"2023-11-15T22:13:20Z".into(), 1_700_000_000_000));
    assert!(text.contains("MAX_SENDS_PER_NUMBER of the number is spent\nlifted by: beonho unlock +821012345678"), "{text}");
    world.advance(24 * 3600 - 301);
    assert!(!told(&world).await.1["verdict"]["may_be_sent"].as_bool().expect("a verdict"), "a second too soon");
    world.advance(1);
    assert!(told(&world).await.1["verdict"]["may_be_sent"].as_bool().expect("a verdict"), "as it was told");
    assert_eq!(owner.asks(NUMBER).await.outcome(), "code_sent");
}

async fn a_stranger_who_used_it_up_is_told_apart(kind: Kind) {
    let world = World::new(kind).await;
    let (stranger, owner) = (world.browser(), world.browser());
    for _ in 0..5 {
        assert_eq!(stranger.asks(NUMBER).await.outcome(), "code_sent");
        world.advance(60);
    }
    assert_eq!(owner.asks(NUMBER).await.outcome(), "sends_exhausted");
    let (text, json) = told(&world).await;
    assert_eq!(all(&json["refusals"], "rule"), ["number_budget"]);
    assert_ne!(json["refusals"][0]["subject"], json["sends"][0]["subject"], "{text}");
    assert_eq!(json["sends"][0]["requester"], "127.0.0.1");
}

async fn an_outage_of_the_vendor_is_told_with_its_words(kind: Kind) {
    let world = World::with(kind, sens::NAME, &[]).await;
    for _ in 0..2 {
        world.sens.faults.add("send", Fault::status(503));
    }
    assert_eq!(world.browser().asks(NUMBER).await.outcome(), "delivery_failed");
    let (text, json) = told(&world).await;
    let send = &json["sends"][0];
    assert_eq!((&send["result"], &send["counts"]), (&"failed".into(), &false.into()), "{text}");
    assert!(
        text.contains("failed (the vendor is unavailable") && text.contains("503") && text.contains("does not count"),
        "{text}"
    );
    assert!(json["verdict"]["may_be_sent"].as_bool().expect("a verdict"), "{text}");
}

async fn a_removed_account_is_told_by_what_was_done(kind: Kind) {
    let world = World::with(kind, outbox::NAME, &[]).await;
    world.browser().joins(&world, NUMBER).await;
    assert_eq!(world.browser().asks(NUMBER).await.outcome(), "try_later");
    world.advance(60);
    assert_eq!(world.browser().asks(NUMBER).await.outcome(), "phone_number_taken");
    let (text, json) = told(&world).await;
    assert!(json["account_made_at"].is_string() && text.contains(", verified "), "{text}");
    assert_eq!(all(&json["refusals"], "rule"), ["number_taken", "number_resting"]);
    let verifier = &world.server.service.verifier;
    let deed = Deed { actor: "mina".into(), reason: "asked on the phone".into(), at: verifier.clock.now() };
    assert!(verifier.store.remove_account(&PhoneNumber::from_stored(E164.to_owned()), &deed).await.expect("removed"));
    let (text, json) = told(&world).await;
    assert!(json["account_made_at"].is_null() && text.matches("newest first: none").count() == 3, "{text}");
    assert!(text.contains("mina: account remove (asked on the phone)"), "{text}");
}

async fn a_hold_is_told_with_what_lifts_it(kind: Kind) {
    let world = World::with(kind, outbox::NAME, &[("GUARD_MODE", "on")]).await;
    for last in 0..8 {
        assert_eq!(world.browser().asks(&format!("0101234000{last}")).await.outcome(), "code_sent");
    }
    assert_eq!(world.browser().asks(NUMBER).await.outcome(), "delivery_blocked");
    let (text, json) = told(&world).await;
    assert_eq!(all(&json["refusals"], "rule"), ["prefix_held"]);
    let (verdict, hold) = (&json["verdict"], &json["holds"][0]);
    assert_eq!((&verdict["may_be_sent"], &verdict["rule"]), (&false.into(), &"prefix_held".into()), "{text}");
    assert_eq!((&hold["key"], &hold["rule"], &hold["mode"]), (&"+82101234****".into(), &"p1".into(), &"on".into()));
    assert_eq!(verdict["not_before"], hold["until"]);
    assert!(text.contains("the guard holds all numbers that begin alike\nlifted by: beonho guard lift '+82101234****'"), "{text}");
    assert!(text.contains("by p1 (on): 0 of 8 sends proven in 10 minutes"), "{text}");
}

async fn the_program_tells_it_as_text_and_as_json(kind: Kind) {
    let database = crate::databases::Database::fresh(kind).await;
    let mut process = Process::start(&vec![("DATABASE_URL", database.url.clone())]).await;
    let person = crate::browser::Browser::new(&process.base);
    assert_eq!(person.asks(NUMBER).await.outcome(), "code_sent");
    assert_eq!(person.asks(NUMBER).await.outcome(), "pending");
    // What waits to be written is written at the latest when the server stops.
    process.signal("TERM");
    assert!(process.wait().success());
    let why = |words: &[&str]| {
        let mut command = std::process::Command::new(PROGRAM);
        command.args(["why", NUMBER]).args(words).env_clear().env("DATABASE_URL", &database.url).env("RUST_LOG", "error");
        String::from_utf8(command.output().expect("the program runs").stdout).expect("text")
    };
    let (text, json) = (why(&[]), why(&["--json"]));
    assert!(text.contains("cooldown: the person asked a moment ago") && text.contains("sign_up by outbox: accepted"), "{text}");
    let json: Value = serde_json::from_str(&json).expect("nothing but JSON on standard output");
    assert_eq!((&json["refusals"][0]["rule"], &json["number"]), (&"cooldown".into(), &"+82 10-****-5678".into()));
}
