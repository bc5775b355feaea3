//! `beonho report abuse`: what an operator is told of a day's sends.

use beonho::commands::abuse::Report;
use beonho::server::provider::outbox;
use beonho::verification::AbuseThresholds;
use jiff::SignedDuration;
use serde_json::Value;

use crate::databases::{Kind, on_both_databases};
use crate::process::PROGRAM;
use crate::world::World;

on_both_databases!(
    what_is_found_is_told_once,
    one_source_behind_many_numbers_is_told,
    what_honest_people_do_is_not_told,
    the_program_reports
);

async fn report(world: &World) -> (String, Value) {
    let verifier = &world.server.service.verifier;
    let now = verifier.clock.now();
    let since = now - SignedDuration::from_hours(24);
    let facts = verifier.store.find_abuse(since).await.expect("found");
    let report = Report::of(&facts, &AbuseThresholds::default(), now);
    (report.to_string(), serde_json::to_value(&report).expect("JSON"))
}

fn is_empty(list: &Value) -> bool {
    list.as_array().expect("a list").is_empty()
}

async fn one_source_behind_many_numbers_is_told(kind: Kind) {
    let world = World::new(kind).await;
    let one = world.browser();
    for last in 0..4 {
        assert_eq!(one.asks(&format!("010-1111-000{last}")).await.outcome(), "code_sent");
        world.advance(60);
    }
    for last in 4..10 {
        assert_eq!(world.browser().asks(&format!("010-1111-000{last}")).await.outcome(), "code_sent");
    }
    let (text, json) = report(&world).await;
    let [browser] = &json["browsers"].as_array().expect("a list")[..] else { panic!("one browser: {text}") };
    assert_eq!((&browser["numbers"], &browser["sends"], &browser["proven"]), (&4.into(), &4.into(), &0.into()), "{text}");
    assert_eq!((&json["addresses"][0]["source"], &json["addresses"][0]["browsers"]), (&"127.0.0.1".into(), &7.into()), "{text}");
    assert!(is_empty(&json["networks"]), "ten numbers are few for a network: {text}");
    assert_eq!(
        (&json["prefixes"][0]["source"], &json["countries"][0]["source"]),
        (&"+82101111****".into(), &"KR".into()),
        "{text}"
    );
    assert!(!text.contains("1111000") && !text.contains("11110009"), "no number is told whole: {text}");
    world.advance(24 * 3600);
    let (text, json) = report(&world).await;
    assert!(is_empty(&json["browsers"]) && is_empty(&json["countries"]), "a day later: {text}");
}

async fn what_honest_people_do_is_not_told(kind: Kind) {
    let world = World::new(kind).await;
    for last in 0..8 {
        world.browser().joins(&world, &format!("010-2222-000{last}")).await;
    }
    let (text, json) = report(&world).await;
    for list in ["browsers", "addresses", "networks", "prefixes", "bursts", "removed_again"] {
        assert!(is_empty(&json[list]), "{list}: {text}");
    }
    let country = &json["countries"][0];
    assert_eq!((&country["numbers"], &country["conversion_percent"]), (&8.into(), &100.into()), "{text}");
}

async fn the_program_reports(kind: Kind) {
    let world = World::new(kind).await;
    let run = |words: &[&str], thresholds: &str| {
        let mut command = std::process::Command::new(PROGRAM);
        let settings = [("DATABASE_URL", world.database_url()), ("ABUSE_THRESHOLDS", thresholds), ("RUST_LOG", "error")];
        command.args(["report", "abuse"]).args(words).env_clear().envs(settings).output().expect("the program runs")
    };
    let told = run(&[], "address=2");
    assert!(told.status.success() && String::from_utf8_lossy(&told.stdout).contains("countries: none"), "{told:?}");
    let json: Value = serde_json::from_slice(&run(&["--json", "--since", "1"], "address=2").stdout).expect("nothing but JSON");
    assert!(is_empty(&json["addresses"]));
    let wrong = run(&[], "adress=2");
    assert!(!wrong.status.success() && String::from_utf8_lossy(&wrong.stderr).contains("ABUSE_THRESHOLDS"), "{wrong:?}");
}

/// The server looks when it starts, and then now and then.
async fn what_is_found_is_told_once(kind: Kind) {
    let world = World::new(kind).await;
    let one = world.browser();
    for last in 0..4 {
        assert_eq!(one.asks(&format!("010-1111-000{last}")).await.outcome(), "code_sent");
        world.advance(60);
    }
    let mut world = world;
    for _ in 0..2 {
        world = world.restart(outbox::NAME, Vec::new(), &[("ABUSE_THRESHOLDS", "browser=4")]).await;
        let store = &world.server.service.verifier.store;
        let mut events = Vec::new();
        while events.is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            events = store.find_events(10).await.expect("told");
        }
        assert_eq!(events.len(), 1, "{events:?}");
        assert_eq!(
            (events[0].kind.as_str(), events[0].detail.as_str()),
            ("abuse.found", "browser: 4 sends to 4 numbers, 0 proven")
        );
    }
}
