//! What people do is counted once, where it belongs.

use beonho::server::provider::{outbox, sens, twilio_verify};

use super::Scrape;
use crate::databases::{Kind, on_both_databases};
use crate::fake_sens::{LOOK, SEND};
use crate::faults::Fault;
use crate::world::{NUMBER, OTHER_NUMBER, World};

on_both_databases!(
    a_journey_counts_what_it_should,
    a_refused_send_is_counted_with_its_reason,
    what_becomes_of_a_challenge_is_counted_once,
    what_a_vendor_says_of_a_send_is_counted,
    what_a_carrier_says_of_a_text_is_counted,
    the_day_and_the_database_are_told_at_each_scrape,
);

async fn a_journey_counts_what_it_should(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    assert_eq!(person.asks(NUMBER).await.outcome(), "code_sent");
    world.advance(7);
    assert_eq!(person.checks(&world.wrong_code()).await.outcome(), "incorrect_code");
    assert_eq!(person.checks(&world.code()).await.outcome(), "verified");
    assert_eq!(person.signs_up("민지").await.outcome(), "signed_up");
    world.browser().page("/").await;
    let scrape = Scrape::of(&world).await;
    let of = r#"country="KR",provider="outbox""#;
    scrape.expect(&format!(r#"beonho_sends_total{{{of},channel="sms",purpose="sign_up",result="accepted"}}"#), 1.0);
    scrape.expect(&format!(r#"beonho_verifications_total{{{of},purpose="sign_up",result="verified"}}"#), 1.0);
    scrape.expect(r#"beonho_time_to_verify_seconds_bucket{le="5"}"#, 0.0);
    scrape.expect(r#"beonho_time_to_verify_seconds_bucket{le="10"}"#, 1.0);
    scrape.expect("beonho_time_to_verify_seconds_sum", 7.0);
    let sent = r#"beonho_vendor_request_duration_seconds_count{provider="outbox",operation="send",outcome="ok"}"#;
    scrape.expect(sent, 1.0);
    scrape.expect(r#"http_requests_total{route="/v1/verification",method="POST",status="202"}"#, 1.0);
    scrape.expect(r#"http_requests_total{route="/v1/verification/check",method="POST",status="200"}"#, 1.0);
    scrape.expect(r#"http_requests_total{route="/",method="GET",status="200"}"#, 1.0);
    scrape.expect(r#"http_request_duration_seconds_count{route="/v1/verification/check"}"#, 2.0);
    scrape.expect(&format!(r#"beonho_build_info{{version="{}"}}"#, env!("CARGO_PKG_VERSION")), 1.0);
    assert_eq!(scrape.series("beonho_verifications_total").len(), 1, "{}", scrape.0);
}

async fn a_refused_send_is_counted_with_its_reason(kind: Kind) {
    let world = World::with(kind, outbox::NAME, &[("MAX_SENDS_PER_DAY", "2")]).await;
    let person = world.browser();
    assert_eq!(person.asks(NUMBER).await.outcome(), "code_sent");
    assert_eq!(person.asks(NUMBER).await.outcome(), "pending");
    assert_eq!(person.asks(NUMBER).await.outcome(), "pending");
    assert_eq!(world.browser().asks(NUMBER).await.outcome(), "try_later");
    assert_eq!(world.browser().asks(OTHER_NUMBER).await.outcome(), "code_sent");
    assert_eq!(world.browser().asks("010-5555-0001").await.outcome(), "unavailable");
    assert_eq!(world.browser().asks("+81 90-1234-5678").await.outcome(), "invalid_phone_number");
    assert_eq!(world.browser().asks("nonsense").await.outcome(), "invalid_phone_number");
    let scrape = Scrape::of(&world).await;
    scrape.expect(r#"beonho_sends_refused_total{reason="cooldown",country="KR"}"#, 2.0);
    scrape.expect(r#"beonho_sends_refused_total{reason="number_resting",country="KR"}"#, 1.0);
    scrape.expect(r#"beonho_sends_refused_total{reason="day_budget",country="KR"}"#, 1.0);
    scrape.expect(r#"beonho_sends_refused_total{reason="country",country="other"}"#, 1.0);
    assert_eq!(scrape.series("beonho_sends_refused_total").len(), 4, "{}", scrape.0);
}

async fn what_becomes_of_a_challenge_is_counted_once(kind: Kind) {
    for provider in [outbox::NAME, twilio_verify::NAME] {
        let world = World::with(kind, provider, &[]).await;
        let (guesser, late) = (world.browser(), world.browser());
        assert_eq!(guesser.asks(NUMBER).await.outcome(), "code_sent");
        for _ in 0..5 {
            assert_eq!(guesser.checks(&world.wrong_code()).await.outcome(), "incorrect_code");
        }
        assert_eq!(guesser.checks(&world.code()).await.outcome(), "too_many_attempts");
        assert_eq!(late.asks(OTHER_NUMBER).await.outcome(), "code_sent");
        world.advance(601);
        assert_eq!(late.checks(&world.code()).await.outcome(), "code_expired");
        let scrape = Scrape::of(&world).await;
        let of = |result| {
            format!(r#"beonho_verifications_total{{country="KR",provider="{provider}",purpose="sign_up",result="{result}"}}"#)
        };
        scrape.expect(&of("exhausted"), 1.0);
        scrape.expect(&of("expired"), 1.0);
        assert_eq!(scrape.value("beonho_time_to_verify_seconds_count"), Some(0.0));
    }
}

async fn what_a_vendor_says_of_a_send_is_counted(kind: Kind) {
    let world = World::with(kind, sens::NAME, &[]).await;
    for (last, fault, result, outcome) in [
        (1, Fault::status(503), "failed", "unavailable"),
        (2, Fault::status(400), "refused_vendor", "refused"),
        (3, Fault::status(429), "refused_vendor", "quota_exhausted"),
        (4, Fault::Cut, "unknown", "unknown"),
    ] {
        let before = Scrape::of(&world).await;
        world.sens.faults.add(SEND, fault);
        world.browser().asks(&format!("010-5555-000{last}")).await;
        let after = Scrape::of(&world).await;
        for series in [
            format!(r#"beonho_sends_total{{country="KR",provider="sens",channel="sms",purpose="sign_up",result="{result}"}}"#),
            format!(r#"beonho_vendor_request_duration_seconds_count{{provider="sens",operation="send",outcome="{outcome}"}}"#),
        ] {
            after.expect(&series, before.value(&series).unwrap_or(0.0) + 1.0);
        }
    }
}

async fn what_a_carrier_says_of_a_text_is_counted(kind: Kind) {
    let world = World::with(kind, sens::NAME, &[]).await;
    assert_eq!(world.browser().asks(NUMBER).await.outcome(), "code_sent");
    let scrape = until_lost(&world).await;
    scrape.expect(LOST, 1.0);
    assert_eq!(scrape.series("beonho_delivery_total").len(), 1, "{}", scrape.0);
}

const LOST: &str = r#"beonho_delivery_total{country="KR",provider="sens",carrier="LGU+",result="failed"}"#;

/// Waits until SENS was asked about the newest text, in the background, and said that it was lost.
pub(super) async fn until_lost(world: &World) -> Scrape {
    let listed = r#"{"statusCode":"202","messages":[{"requestId":"RSSA-1","messageId":"m"}]}"#;
    let told = r#"{"messages":[{"status":"COMPLETED","statusCode":"3018","statusName":"fail","telcoCode":"LGT"}]}"#;
    for answer in [listed, told] {
        world.sens.faults.add(LOOK, Fault::json(200, answer));
    }
    world.advance(2);
    let mut scrape = Scrape::of(world).await;
    while scrape.value(LOST).is_none() {
        tokio::task::yield_now().await;
        scrape = Scrape::of(world).await;
    }
    scrape
}

async fn the_day_and_the_database_are_told_at_each_scrape(kind: Kind) {
    let world = World::with(kind, outbox::NAME, &[("MAX_SENDS_PER_DAY", "4")]).await;
    let scrape = Scrape::of(&world).await;
    scrape.expect("beonho_database_up", 1.0);
    scrape.expect(r#"beonho_budget_spent_ratio{scope="day"}"#, 0.0);
    assert_eq!(world.browser().asks(NUMBER).await.outcome(), "code_sent");
    Scrape::of(&world).await.expect(r#"beonho_budget_spent_ratio{scope="day"}"#, 0.25);
    if kind == Kind::Sqlite {
        let path = world.database_url().trim_start_matches("sqlite://").to_owned();
        std::fs::rename(&path, format!("{path}.away")).expect("moved");
        let scrape = Scrape::of(&world).await;
        scrape.expect("beonho_database_up", 0.0);
        assert_eq!(scrape.value(r#"beonho_budget_spent_ratio{scope="day"}"#), None, "what is not known is not told");
    }
}
