//! What a day of sends may cost, through the whole server.

use beonho::server::provider::{outbox, sens};
use beonho::verification::Money;

use crate::databases::{Kind, on_both_databases};
use crate::faults::Fault;
use crate::metrics::Scrape;
use crate::world::{NUMBER, World};

on_both_databases!(
    the_last_send_that_fits_is_made_and_none_after_it,
    what_a_vendor_did_not_take_costs_nothing,
    an_attack_on_sign_up_does_not_lock_out_who_has_an_account,
    countries_that_are_not_home_use_a_part,
    half_and_most_and_all_of_a_day_are_told_once,
    many_at_once_cost_what_they_are_counted_for,
);

const PRICES: (&str, &str) = ("PRICES", r#"{"KR": "10 KRW", "*": "100 KRW"}"#);
const NO_SHARE: (&str, &str) = ("BUDGET_SHARES", "sign_in=0");

async fn spent(world: &World) -> String {
    let costs = world.server.service.verifier.find_costs().await.expect("told").expect("prices");
    assert_eq!(costs.spent, costs.countries.iter().map(|(_, micros)| micros).sum::<i64>());
    Money { currency: "KRW".into(), micros: costs.spent }.to_string()
}

async fn ask(world: &World, last: u32) -> String {
    world.browser().asks(&format!("0101{:03}{last:04}", last % 1000)).await.outcome()
}

async fn the_last_send_that_fits_is_made_and_none_after_it(kind: Kind) {
    let world = World::with(kind, outbox::NAME, &[PRICES, ("BUDGET_PER_DAY", "35 KRW"), NO_SHARE]).await;
    for last in 0..3 {
        assert_eq!(ask(&world, last).await, "code_sent");
    }
    assert_eq!(ask(&world, 3).await, "unavailable");
    assert_eq!(spent(&world).await, "30 KRW");
    world.advance(25 * 3600);
    assert_eq!(ask(&world, 4).await, "code_sent", "a day later");
    let scrape = Scrape::of(&world).await;
    scrape.expect(r#"beonho_send_cost_micros_total{currency="KRW",country="KR",provider="outbox"}"#, 40_000_000.0);
    scrape.expect(r#"beonho_budget_spent_ratio{scope="money"}"#, 10.0 / 35.0);
    scrape.expect(r#"beonho_sends_refused_total{reason="money",country="KR"}"#, 1.0);
}

async fn what_a_vendor_did_not_take_costs_nothing(kind: Kind) {
    let world = World::with(kind, sens::NAME, &[PRICES, ("BUDGET_PER_DAY", "20 KRW"), NO_SHARE]).await;
    for last in 0..5 {
        world.sens.faults.add("send", Fault::status(503));
        assert_eq!(ask(&world, last).await, "delivery_failed");
    }
    assert_eq!(spent(&world).await, "0 KRW");
    assert_eq!(ask(&world, 10).await, "code_sent");
    assert_eq!(spent(&world).await, "10 KRW");
}

async fn an_attack_on_sign_up_does_not_lock_out_who_has_an_account(kind: Kind) {
    let world = World::with(kind, outbox::NAME, &[("MAX_SENDS_PER_DAY", "10"), ("BUDGET_SHARES", "sign_in=20")]).await;
    world.browser().joins(&world, NUMBER).await;
    world.advance(61);
    for last in 0..7 {
        assert_eq!(ask(&world, last).await, "code_sent");
    }
    assert_eq!(ask(&world, 7).await, "unavailable", "the rest is for accounts");
    let stranger = world.browser();
    for _ in 0..5 {
        assert_eq!(stranger.asks_to_sign_in("010-5555-0001").await.outcome(), "unavailable", "it has no account");
    }
    let told = stranger.asks_to_sign_in("010-5555-0002").await;
    assert_eq!(told.outcome(), "sends_exhausted", "who asks who has an account pays for the answers: {told:?}");
    let owner = world.browser();
    assert_eq!(owner.asks_to_sign_in(NUMBER).await.outcome(), "code_sent");
    assert_eq!(owner.checks(&world.code()).await.outcome(), "verified");
}

async fn countries_that_are_not_home_use_a_part(kind: Kind) {
    let settings = [PRICES, ("BUDGET_PER_DAY", "2000 KRW"), ("ALLOWED_REGIONS", "KR,JP,FR,IT"), ("GUARD_MODE", "off")];
    let world = World::with(kind, outbox::NAME, &settings).await;
    let ask = async |number: &str| world.browser().asks(number).await.outcome();
    for last in 0..2 {
        assert_eq!(ask(&format!("+81901234567{last}")).await, "code_sent");
    }
    assert_eq!(ask("+819012345679").await, "unavailable", "a tenth of the day");
    for number in ["+33612345678", "+33612345679", "+393123456789", "+393123456788"] {
        assert_eq!(ask(number).await, "code_sent");
    }
    assert_eq!(spent(&world).await, "600 KRW");
    assert_eq!(ask("+393123456787").await, "unavailable", "all of them have three tenths");
    assert_eq!(ask(NUMBER).await, "code_sent", "home keeps its part");
}

async fn half_and_most_and_all_of_a_day_are_told_once(kind: Kind) {
    let world = World::with(kind, outbox::NAME, &[PRICES, ("BUDGET_PER_DAY", "105 KRW"), NO_SHARE]).await;
    let verifier = &world.server.service.verifier;
    let mut told = Vec::new();
    for last in 0..10 {
        assert_eq!(ask(&world, last).await, "code_sent");
        verifier.warn_of_costs().await.expect("told");
        told.push(verifier.store.find_events(10).await.expect("events").len());
    }
    assert_eq!(told, [0, 0, 0, 0, 0, 1, 1, 1, 2, 3]);
    let events = verifier.store.find_events(10).await.expect("events");
    let details: Vec<_> = events.iter().map(|event| (event.kind.as_str(), event.detail.as_str())).collect();
    assert!(details.contains(&("budget.exhausted", "100 %: 100 KRW of BUDGET_PER_DAY, 105 KRW")), "{details:?}");
}

/// Every second is refused by the vendor meanwhile: counts go up and down at once, and nobody waits for another in a circle.
async fn many_at_once_cost_what_they_are_counted_for(kind: Kind) {
    let settings = [PRICES, ("BUDGET_PER_DAY", "100000 KRW"), ("MAX_SENDS_PER_REQUESTER", "1000"), ("GUARD_MODE", "off")];
    let world = World::with(kind, sens::NAME, &settings).await;
    for _ in 0..60 {
        world.sens.faults.add("send", Fault::status(400));
    }
    let outcomes = futures::future::join_all((0..120).map(|last| ask(&world, last))).await;
    let count = |outcome: &str| outcomes.iter().filter(|found| *found == outcome).count();
    assert_eq!((count("code_sent"), count("delivery_failed")), (60, 60), "{outcomes:?}");
    assert_eq!(spent(&world).await, "600 KRW");
    let book = "select cast(sum(price_micros) as bigint) from sends where result <> 'failed'";
    assert_eq!(crate::database_faults::count(world.database_url(), book).await, 600_000_000);
}
