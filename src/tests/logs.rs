//! The log of whole journeys, from the finest level on, searched for what must never be in it.

use std::io::Write;
use std::sync::{Arc, Mutex};

use beonho::server::provider::{outbox, sens, twilio_verify};
use beonho::server::telemetry;
use tracing_subscriber::util::SubscriberInitExt;

use crate::databases::Kind;
use crate::fake_sens::{self, SEND};
use crate::fake_twilio::{self, CHECK, START};
use crate::faults::Fault;
use crate::journey_forms::{asks_by_form, checks_by_form, fill};
use crate::test_server::SECRET_KEY;
use crate::world::{NUMBER, World};

/// What was logged.
#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("lock").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What a journey must not leave in the log.
#[derive(Default)]
struct Secrets {
    codes: Vec<String>,
    cookies: Vec<String>,
}

/// What is logged meanwhile, without the instants, whose digits may be anything. A test that asks has one thread for everything, so that the
/// log has the lines of the server and of its libraries.
pub async fn log_of(journeys: impl Future<Output = ()>) -> String {
    // With a single subscriber, tracing lets the thread that comes first decide for all whether a line is logged.
    let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::new());
    let log = Captured::default();
    let writer = log.clone();
    let finest = "trace,rlibphonenumber::phonenumberutil=trace";
    let guard = telemetry::subscriber(finest, move || writer.clone()).set_default();
    journeys.await;
    drop(guard);
    let log = String::from_utf8_lossy(&log.0.lock().expect("lock")).into_owned();
    log.lines().map(|line| line.split_once(' ').map_or(line, |(_, rest)| rest)).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn no_log_has_a_code_a_full_number_a_cookie_or_a_secret() {
    let mut secrets = Secrets::default();
    let log = log_of(async {
        for kind in Kind::ALL {
            for provider in [outbox::NAME, sens::NAME, twilio_verify::NAME] {
                Box::pin(journey(kind, provider, &mut secrets)).await;
            }
        }
    })
    .await;
    search(&log, &secrets);
}

/// A whole journey with mistakes, and with vendors that repeat what they were told.
async fn journey(kind: Kind, provider: &'static str, secrets: &mut Secrets) {
    let world = World::with(kind, provider, &[]).await;
    let person = world.browser();
    let echo = format!(r#"{{"code":654321,"message":"bad +821012345678 {NUMBER} [654321]","to":"+821012345678"}}"#);
    for operation in [SEND, START, CHECK] {
        let faults = if operation == SEND { &world.sens.faults } else { &world.twilio.faults };
        for status in [400, 200, 503] {
            faults.add(operation, Fault::json(status, echo.clone()));
        }
    }
    secrets.codes.push("654321".into());
    for _ in 0..4 {
        asks_by_form(&person, NUMBER).await;
        secrets.cookies.extend(person.cookie());
        world.advance(60);
    }
    asks_by_form(&person, "010-1234-56789").await;
    for code in [world.wrong_code(), world.code(), world.code(), world.code(), world.code()] {
        secrets.codes.push(code.clone());
        if person.looks().await.state() == "pending" {
            checks_by_form(&person, &code).await;
        }
    }
    secrets.cookies.extend(person.cookie());
    assert_eq!(person.looks().await.state(), "verified", "{provider}");
    fill(&person, "/", "sign-up-form", "/api/sign-up", ("nickname", "준호")).await;
    assert_eq!(person.page("/welcome").await.status, 200);
    secrets.cookies.extend(person.cookie());
    person.form("/api/sign-out", &[]).await;
    let other = world.browser();
    other.page("/sign-in").await;
    world.advance(60);
    assert_eq!(other.asks_to_sign_in(NUMBER).await.outcome(), "code_sent");
    other.checks(&world.code()).await;
    assert_eq!(other.looks().await.state(), "signed_up");
    secrets.cookies.extend(other.cookie());
    secrets.codes.extend(world.sms().into_iter().map(|sms| sms.code));
    world.server.stop().await;
}

fn search(log: &str, secrets: &Secrets) {
    for sign in ["code_sent", "a send did not go through", "+82 10-****-5678", "hyper_util"] {
        assert!(log.contains(sign), "the log was captured: {sign}");
    }
    let numbers = ["1012345678", "10-1234-5678", "1234-5678", "10 1234 5678"].map(str::to_owned);
    let keys = [SECRET_KEY, fake_sens::SECRET, fake_sens::ACCESS_KEY, fake_twilio::AUTH_TOKEN, fake_twilio::ACCOUNT_SID];
    let keys = keys.map(str::to_owned);
    let basic = "QUMwMTIzNDU2Nzg5YWJjZGVm".to_owned();
    for secret in secrets.cookies.iter().chain(&numbers).chain(&keys).chain([&basic]) {
        let line = log.lines().find(|line| line.contains(secret.as_str()));
        assert_eq!(line, None, "{secret} is in the log");
    }
    let is_digits_of = |code: &str| log.lines().find(|line| line.split(|c: char| !c.is_ascii_digit()).any(|run| run == code));
    for code in &secrets.codes {
        assert_eq!(is_digits_of(code), None, "{code} is in the log");
    }
    println!("{} lines, {} codes and {} cookies looked for", log.lines().count(), secrets.codes.len(), secrets.cookies.len());
}
