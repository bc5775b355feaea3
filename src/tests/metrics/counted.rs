//! Where the metrics are told, and that they tell nothing of anybody.

use std::net::SocketAddr;
use std::process::Command;

use reqwest::Method;
use tokio::net::TcpListener;

use super::{Scrape, get};
use crate::databases::{Database, Kind, on_both_databases};
use crate::process::{PROGRAM, Process};
use crate::test_server::SECRET_KEY;
use crate::world::{NUMBER, World};

on_both_databases!(no_scrape_has_a_number_a_cookie_or_a_code);

async fn no_scrape_has_a_number_a_cookie_or_a_code(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    assert_eq!(person.asks(NUMBER).await.outcome(), "code_sent");
    let mut secrets = vec![world.code(), person.cookie().expect("a cookie"), "127.0.0.1".to_owned()];
    let challenge = person.looks().await.status_field("challenge_id");
    secrets.push(challenge.as_str().expect("a challenge").to_owned());
    person.page("/01012345678?number=01012345678").await;
    person.page("/pkg/01012345678.js").await;
    person.island("/api/01012345678", &[]).await;
    assert_eq!(person.checks(&world.code()).await.outcome(), "verified");
    secrets.push(person.cookie().expect("a cookie"));
    let scrape = Scrape::of(&world).await.0;
    assert!(scrape.contains("beonho_sends_total{"), "it was counted: {scrape}");
    for secret in secrets.iter().map(String::as_str).chain(["12345678", "1234-5678", "10-1234", "5678"]) {
        let line = scrape.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret} is in the scrape");
    }
}

#[tokio::test]
async fn labels_have_few_values_whatever_somebody_asks_for() {
    let world = World::new(Kind::Sqlite).await;
    let person = world.browser();
    for n in 0..30 {
        let method = Method::from_bytes(format!("MADE{n}").as_bytes()).expect("a method");
        for path in [format!("/made/up/{n}"), format!("/api/made-{n}"), format!("/pkg/made-{n}.js")] {
            person.send(person.request(Method::GET, &path)).await;
            person.send(person.request(method.clone(), &path)).await;
            person.send(person.request(Method::POST, &path)).await;
        }
    }
    person.island("/api/status", &[]).await;
    let scrape = Scrape::of(&world).await;
    let mut routes: Vec<_> = scrape.series("http_requests_total").iter().filter_map(|series| series.split('"').nth(1)).collect();
    routes.dedup();
    routes.sort_unstable();
    routes.dedup();
    assert_eq!(routes, ["/api/status", "/api/{name}", "/pkg/{file}", "other"]);
    let unknown = r#"http_requests_total{route="other",method="other",status="404"}"#;
    scrape.expect(unknown, 30.0);
    assert!(scrape.series("http_requests_total").len() < 15, "{}", scrape.0);
}

#[tokio::test]
async fn the_metrics_are_told_at_their_own_address_and_nothing_else_is() {
    let world = World::new(Kind::Sqlite).await;
    assert_eq!(world.browser().page("/metrics").await.status, 404, "never in public");
    let base = world.server.metrics.trim_end_matches("/metrics").to_owned();
    for path in ["/", "/inbox", "/v1/verification", "/metrics/x", "/healthz"] {
        assert_eq!(get(&format!("{base}{path}")).await.status(), 404, "{path}");
    }
    world.server.stop().await;
    let address: SocketAddr = base.trim_start_matches("http://").parse().expect("an address");
    assert!(tokio::net::TcpStream::connect(address).await.is_err(), "they end with the server");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_metrics_port_in_use_is_told_and_off_opens_none() {
    let taken = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let (address, database) = (taken.local_addr().expect("an address").to_string(), Database::fresh(Kind::Sqlite).await);
    let mut program = Command::new(PROGRAM);
    program.env_clear().envs([("LEPTOS_SITE_ADDR", "127.0.0.1:0"), ("SECRET_KEY", SECRET_KEY), ("METRICS_ADDR", &address)]);
    let output = program.env("DATABASE_URL", &database.url).output().expect("the program runs");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{told}");
    let line = told.lines().find(|line| line.contains("METRICS_ADDR")).unwrap_or_default();
    assert!(line.contains(&address) && line.contains("in use") && line.contains("off"), "{told}");
    let path = database.url.trim_start_matches("sqlite://");
    assert!(!std::path::Path::new(path).exists(), "nothing was made yet");
    let process = Process::start(&vec![("DATABASE_URL", database.url.clone()), ("METRICS_ADDR", "off".into())]).await;
    assert!(process.log().contains("metrics=\"off\""), "{}", process.log());
}
