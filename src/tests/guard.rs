//! The guard against pumping, through the whole server: what it holds, what it leaves alone, and that it never stands in the way.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use beonho::server::guard::{Asked, Guard, GuardSettings};
use beonho::server::provider::{sens, twilio_verify};
use beonho::server::store::{CountedOf, Deed, Hold, StoreFault, Tallied};
use beonho::verification::guard::{Counts, HOLD, slot_of};
use beonho::verification::{GuardMode, HoldKey, PhoneNumber, Verdict};
use reqwest::Method;
use serde_json::json;

use crate::browser::{Answered, Browser};
use crate::databases::{Kind, on_both_databases};
use crate::faults::Fault;
use crate::metrics::Scrape;
use crate::world::World;

on_both_databases!(
    a_burst_in_a_prefix_is_held_and_its_neighbours_are_not,
    who_only_watches_writes_down_and_sends,
    proven_sends_hold_nothing,
    what_a_vendor_did_not_take_holds_nothing,
    a_hold_ends_by_itself,
    a_hold_is_lifted_and_kept_by_hand,
    a_country_that_nobody_proves_is_held_but_not_home,
    lists_go_before_the_rules,
    a_doubtful_requester_is_asked_for_work_and_its_neighbour_is_not,
    sends_go_on_when_the_tally_is_gone,
    what_is_being_written_counts_once,
    another_replica_knows_of_a_send_once_it_is_written,
    what_is_over_is_swept,
);

const ON: (&str, &str) = ("GUARD_MODE", "on");
/// Every person comes from an address of its own.
const PROXY: (&str, &str) = ("TRUSTED_PROXIES", "1");

/// Somebody new asks for a code.
async fn ask(world: &World, number: &str, from: u32) -> (Browser, Answered) {
    let person = world.browser();
    let request = person.request(Method::POST, "/v1/verification").header("x-forwarded-for", format!("10.{}.0.1", from % 250));
    let answered = person.send(request.json(&json!({"phone_number": number}))).await;
    (person, answered)
}

async fn outcome(world: &World, number: &str, from: u32) -> String {
    ask(world, number, from).await.1.outcome()
}

/// So many codes to a prefix that nobody gives back.
async fn pump(world: &World, prefix: &str, times: u32) {
    for n in 0..times {
        assert_eq!(outcome(world, &format!("{prefix}{n:04}"), n).await, "code_sent", "{n}");
    }
}

async fn holds(world: &World) -> Vec<Hold> {
    world.server.service.verifier.store.find_holds().await.expect("told")
}

async fn write(world: &World) {
    world.server.service.verifier.write_tally().await.expect("written");
}

async fn a_burst_in_a_prefix_is_held_and_its_neighbours_are_not(kind: Kind) {
    let world = World::with(kind, sens::NAME, &[ON, PROXY]).await;
    pump(&world, "0101234", 8).await;
    let (_, blocked) = ask(&world, "01012340008", 9).await;
    assert_eq!((blocked.outcome().as_str(), blocked.status), ("delivery_blocked", 403));
    assert_eq!(outcome(&world, "01012340009", 10).await, "delivery_blocked");
    assert_eq!(outcome(&world, "01012350000", 11).await, "code_sent");
    let found = holds(&world).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].key.clone(), found[0].rule.as_str()), (HoldKey::Prefix("+82101234".into()), "p1"));
    assert_eq!((found[0].mode, found[0].evidence.as_str()), (GuardMode::On, "0 of 8 sends proven in 10 minutes"));
    let events = world.server.service.verifier.store.find_events(10).await.expect("told");
    assert_eq!(
        events.iter().map(|event| (event.kind.as_str(), event.about.as_str())).collect::<Vec<_>>(),
        [("guard.held", "+82101234****")]
    );
    let scrape = Scrape::of(&world).await;
    scrape.expect(r#"beonho_guard_verdicts_total{rule="p1",verdict="hold",mode="on"}"#, 1.0);
    scrape.expect(r#"beonho_guard_held{kind="prefix"}"#, 1.0);
    scrape.expect(r#"beonho_sends_refused_total{reason="prefix_held",country="KR"}"#, 2.0);
}

async fn who_only_watches_writes_down_and_sends(kind: Kind) {
    let world = World::with(kind, sens::NAME, &[PROXY]).await;
    pump(&world, "0101234", 20).await;
    let found = holds(&world).await;
    assert_eq!(found.iter().map(|hold| hold.mode).collect::<Vec<_>>(), [GuardMode::Watch]);
    let world = world.restart(sens::NAME, Vec::new(), &[ON, PROXY]).await;
    assert_eq!(outcome(&world, "01012340030", 30).await, "delivery_blocked", "what was seen is acted on from now on");
    assert_eq!(holds(&world).await[0].mode, GuardMode::On);
}

async fn proven_sends_hold_nothing(kind: Kind) {
    let world = World::with(kind, sens::NAME, &[ON, PROXY]).await;
    for n in 0..20 {
        let (person, asked) = ask(&world, &format!("0101234{n:04}"), n).await;
        assert_eq!(asked.outcome(), "code_sent", "{n}");
        assert_eq!(person.checks(&world.code()).await.outcome(), "verified");
    }
    assert!(holds(&world).await.is_empty());
}

async fn what_a_vendor_did_not_take_holds_nothing(kind: Kind) {
    let world = World::with(kind, sens::NAME, &[ON, PROXY]).await;
    for n in 0..12 {
        world.sens.faults.add("send", Fault::status(503));
        assert_eq!(outcome(&world, &format!("0101234{n:04}"), n).await, "delivery_failed", "{n}");
    }
    assert_eq!(outcome(&world, "01012349999", 200).await, "code_sent");
    assert!(holds(&world).await.is_empty());
}

async fn a_hold_ends_by_itself(kind: Kind) {
    let world = World::with(kind, sens::NAME, &[ON, PROXY]).await;
    pump(&world, "0101234", 8).await;
    assert_eq!(outcome(&world, "01012340008", 9).await, "delivery_blocked");
    world.advance(HOLD.as_secs() - 1);
    assert_eq!(outcome(&world, "01012340008", 9).await, "delivery_blocked");
    world.advance(301);
    pump(&world, "0101234", 2).await;
    world.advance(900);
    assert_eq!(outcome(&world, "01012340008", 9).await, "delivery_blocked", "again, while it goes on: ten within a day");
}

async fn a_hold_is_lifted_and_kept_by_hand(kind: Kind) {
    let world = World::with(kind, sens::NAME, &[ON, PROXY]).await;
    pump(&world, "0101234", 8).await;
    assert_eq!(outcome(&world, "01012340008", 9).await, "delivery_blocked");
    let verifier = &world.server.service.verifier;
    let (key, now) = (HoldKey::Prefix("+82101234".into()), verifier.clock.now());
    let deed = Deed { actor: "mina".into(), reason: "a school class".into(), at: now };
    let other = HoldKey::Country("KR".into());
    assert!(!verifier.store.lift_hold(&other, &deed).await.expect("asked"), "nothing is held by that name");
    assert!(verifier.store.keep_hold(&key, now + HOLD * 5, &deed).await.expect("kept"));
    assert_eq!(holds(&world).await[0].until, now + HOLD * 5);
    assert!(verifier.store.lift_hold(&key, &deed).await.expect("lifted"));
    assert!(!verifier.store.lift_hold(&key, &deed).await.expect("asked"), "it is over");
    assert_eq!(outcome(&world, "01012340008", 9).await, "code_sent", "what was before is no evidence");
}

/// Tells the tally what it would know by now.
async fn tally(world: &World, key: &str, slots_ago: i64, sends: i64, proven: i64) {
    let verifier = &world.server.service.verifier;
    let counts = Counts { sends, verified: proven };
    let entry: Tallied = ((key.to_owned(), slot_of(verifier.clock.now()) - slots_ago), counts);
    verifier.store.add_tally(&[entry], 0).await.expect("written");
}

async fn a_country_that_nobody_proves_is_held_but_not_home(kind: Kind) {
    let world = World::with(kind, twilio_verify::NAME, &[ON, PROXY, ("ALLOWED_REGIONS", "KR,JP")]).await;
    tally(&world, "c:KR", 5, 60, 2).await;
    tally(&world, "c:JP", 5, 60, 2).await;
    assert_eq!(outcome(&world, "+819012345678", 1).await, "delivery_blocked");
    assert_eq!(holds(&world).await[0].key, HoldKey::Country("JP".into()));
    assert!(holds(&world).await.iter().all(|hold| hold.key != HoldKey::Country("KR".into())));
    world.advance(HOLD.as_secs() + 600);
    assert_eq!(outcome(&world, "+819012345678", 1).await, "delivery_blocked", "nobody has proven anything since");
    let verifier = &world.server.service.verifier;
    let deed = Deed { actor: "mina".into(), reason: "we launch there".into(), at: verifier.clock.now() };
    assert!(verifier.store.lift_hold(&HoldKey::Country("JP".into()), &deed).await.expect("lifted"));
    world.advance(6);
    assert_eq!(outcome(&world, "+819012345678", 1).await, "code_sent", "what was before the lift is no evidence");
}

async fn a_doubtful_requester_is_asked_for_work_and_its_neighbour_is_not(kind: Kind) {
    let world = World::with(kind, sens::NAME, &[ON, PROXY]).await;
    tally(&world, "i:10.1.0.1", 5, 12, 1).await;
    let (_, asked) = ask(&world, "01012340000", 1).await;
    assert_eq!((asked.outcome().as_str(), asked.status), ("challenge_required", 429));
    assert!(asked.json()["challenge"].is_object(), "{asked:?}");
    assert_eq!(outcome(&world, "01012340000", 2).await, "code_sent");
    let world = world.restart(sens::NAME, Vec::new(), &[ON, PROXY, ("GUARD_EXEMPT", "10.1.0.0/24")]).await;
    assert_eq!(outcome(&world, "01012350000", 1).await, "code_sent", "many share the address");
    let world = world.restart(sens::NAME, Vec::new(), &[PROXY]).await;
    assert_eq!(outcome(&world, "01012360000", 1).await, "code_sent", "it only watches");
    let scrape = Scrape::of(&world).await;
    scrape.expect(r#"beonho_guard_verdicts_total{rule="r1",verdict="challenge",mode="watch"}"#, 1.0);
}

async fn lists_go_before_the_rules(kind: Kind) {
    let lists = [PROXY, ("GUARD_DENY", "+82109999,10.7.0.0/16"), ("GUARD_ALLOW", "+82101234")];
    let world = World::with(kind, sens::NAME, &[&[ON], &lists[..]].concat()).await;
    pump(&world, "0101234", 12).await;
    assert_eq!(outcome(&world, "01099991234", 1).await, "delivery_blocked");
    assert_eq!(outcome(&world, "01055551234", 7).await, "delivery_blocked", "of a network that is denied");
    assert_eq!(outcome(&world, "01055551234", 8).await, "code_sent");
    let world = world.restart(sens::NAME, Vec::new(), &lists).await;
    assert_eq!(outcome(&world, "01099991234", 1).await, "delivery_blocked", "a list is meant, whatever the mode");
}

async fn sends_go_on_when_the_tally_is_gone(kind: Kind) {
    let world = World::with(kind, sens::NAME, &[ON, PROXY]).await;
    crate::database_faults::execute(world.database_url(), "drop table tally").await;
    pump(&world, "0101234", 12).await;
    let (person, asked) = ask(&world, "01055551234", 1).await;
    assert_eq!(asked.outcome(), "code_sent");
    assert_eq!(person.checks(&world.code()).await.outcome(), "verified");
}

/// Polls a write until the tally has what it writes, and it has not heard so. False where it was too fast.
async fn halts_before_it_hears<W: Future<Output = Result<(), StoreFault>>>(
    mut write: Pin<&mut W>,
    world: &World,
    prefix: &str,
) -> bool {
    let store = &world.server.service.verifier.store;
    while poll_fn(|context| Poll::Ready(write.as_mut().poll(context))).await.is_pending() {
        tokio::time::sleep(Duration::from_millis(10)).await;
        if store.find_prefix_slots(0).await.expect("told").iter().any(|((found, _), _)| found == prefix) {
            return true;
        }
    }
    false
}

async fn what_is_being_written_counts_once(kind: Kind) {
    let world = World::with(kind, sens::NAME, &[]).await;
    let verifier = &world.server.service.verifier;
    let (store, now) = (&*verifier.store, verifier.clock.now());
    for attempt in 1000.. {
        let number = PhoneNumber::from_stored(format!("+8210{attempt}5678"));
        let guard = Guard::new(GuardSettings { mode: GuardMode::On, ..GuardSettings::default() });
        for n in 0..5 {
            guard.count(&CountedOf { phone_number: number.clone(), requester: format!("10.0.{n}.1"), at: now }, Counts::SENT);
        }
        let mut write = pin!(guard.write(store));
        if !halts_before_it_hears(write.as_mut(), &world, number.prefix()).await {
            continue;
        }
        let asked = Asked { number: &number, country: "KR", requester: "10.1.0.1" };
        let late = async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            write.await
        };
        let (judged, written) = tokio::join!(guard.judge(store, &asked, now), late);
        assert_eq!((judged.said, written.is_ok()), (Verdict::Send, true), "five are not eight");
        return;
    }
}

async fn another_replica_knows_of_a_send_once_it_is_written(kind: Kind) {
    let world = World::with(kind, sens::NAME, &[ON, PROXY]).await;
    pump(&world, "0101234", 8).await;
    write(&world).await;
    let world = world.restart(sens::NAME, Vec::new(), &[ON, PROXY]).await;
    assert_eq!(outcome(&world, "01012340008", 9).await, "delivery_blocked");
}

async fn what_is_over_is_swept(kind: Kind) {
    let world = World::with(kind, sens::NAME, &[ON, PROXY]).await;
    pump(&world, "0101234", 8).await;
    assert_eq!(outcome(&world, "01012340008", 9).await, "delivery_blocked");
    write(&world).await;
    let rows = async |sql: &str| crate::database_faults::count(world.database_url(), sql).await;
    let requesters = "select count(*) from tally where substr(key, 1, 1) in ('i', 'n')";
    assert!(rows(requesters).await > 8);
    world.advance(25 * 3600);
    world.sweep().await;
    assert_eq!(rows(requesters).await, 0, "nobody's address is kept for longer than a day");
    assert_eq!(rows("select count(*) from tally").await, 2, "the country and the prefix are");
    world.advance(16 * 24 * 3600);
    world.sweep().await;
    for table in ["tally", "held", "events"] {
        assert_eq!(rows(&format!("select count(*) from {table}")).await, 0, "{table}");
    }
}
