//! Several servers on one `PostgreSQL`, asked at once: they share every limit, and whatever they know.

use std::collections::HashMap;
use std::sync::Arc;

use beonho::server::clock::ManualClock;
use beonho::server::provider::sens;
use beonho::server::store;
use futures::future::join_all;
use futures::stream::{self, StreamExt};
use serde_json::json;

use crate::browser::Browser;
use crate::database_faults::count;
use crate::databases::{Database, Kind, on_both_databases};
use crate::fake_sens::FakeSens;
use crate::test_server::{START_MS, Settings, TestServer};
use crate::world::{NUMBER, wrong};

on_both_databases!(stores_that_open_at_once_migrate_once);

/// How many servers there are.
const SERVERS: usize = 3;
/// How many people ask at once.
const PEOPLE: usize = 30;
/// No rest between sends, and no budget but the one that a test sets.
const ROOMY: [(&str, &str); 5] = [
    ("RESEND_COOLDOWN_SECS", "0"),
    ("MAX_SENDS_PER_NUMBER", "1000"),
    ("MAX_SENDS_PER_SUBJECT", "1000"),
    ("MAX_SENDS_PER_REQUESTER", "1000"),
    ("MAX_SENDS_PER_DAY", "1000"),
];

struct Replicas {
    servers: Vec<TestServer>,
    sens: FakeSens,
    database: Database,
}

impl Replicas {
    async fn with(own: &[(&'static str, &str)]) -> Self {
        let (sens, database) = (FakeSens::start().await, Database::fresh(Kind::Postgres).await);
        let first = [("DATABASE_URL", database.url.as_str()), ("SMS_PROVIDER", sens::NAME)];
        let set = first.iter().chain(&ROOMY).chain(own).map(|(name, value)| (*name, (*value).to_owned()));
        let settings: Settings = sens.settings().into_iter().chain(set).collect();
        let clock = Arc::new(ManualClock::at(START_MS));
        let servers = join_all((0..SERVERS).map(|_| TestServer::start(&settings, &clock))).await;
        Self { servers, sens, database }
    }

    /// Somebody whom the balancer leads to the n-th server.
    fn browser(&self, n: usize) -> Browser {
        Browser::new(&self.servers[n % SERVERS].base)
    }

    /// A person who has a cookie, and is led to the n-th server from now on.
    fn at(&self, person: &Browser, n: usize) -> Browser {
        person.at(&self.servers[n % SERVERS].base)
    }

    fn code(&self) -> String {
        self.sens.sms().pop().expect("a code was sent").code
    }
}

/// Asks as the n-th of many: a number of one's own, and a word about where one comes from.
async fn ask(person: Browser, number: String, from: usize) -> String {
    let request = person.request(reqwest::Method::POST, "/v1/verification").header("x-forwarded-for", format!("203.0.113.{from}"));
    person.send(request.json(&json!({"phone_number": number}))).await.outcome()
}

fn own_number(n: usize) -> String {
    format!("010-5555-{n:04}")
}

/// Runs all at once, each in a task of its own, and counts what they came to.
async fn tally<F>(asked: impl Iterator<Item = F>) -> HashMap<String, usize>
where
    F: Future<Output = String> + Send + 'static,
{
    let tasks: Vec<_> = asked.map(tokio::spawn).collect();
    let mut tally = HashMap::new();
    for outcome in join_all(tasks).await {
        *tally.entry(outcome.expect("the task ends")).or_default() += 1;
    }
    tally
}

fn counts<const N: usize>(outcomes: [(&str, usize); N]) -> HashMap<String, usize> {
    outcomes.map(|(outcome, count)| (outcome.to_owned(), count)).into()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_asking_replicas_for_one_number_get_its_five_sends() {
    let replicas = Replicas::with(&[("MAX_SENDS_PER_NUMBER", "5")]).await;
    let asked = (0..PEOPLE).map(|n| ask(replicas.browser(n), NUMBER.to_owned(), n));
    assert_eq!(tally(asked).await, counts([("code_sent", 5), ("sends_exhausted", PEOPLE - 5)]));
    assert_eq!(replicas.sens.sms().len(), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_subject_asking_replicas_for_many_numbers_gets_its_five_sends() {
    let replicas = Replicas::with(&[("MAX_SENDS_PER_SUBJECT", "5")]).await;
    let person = replicas.browser(0);
    person.page("/").await;
    let asked = (0..PEOPLE).map(|n| ask(replicas.at(&person, n), own_number(n), n));
    assert_eq!(tally(asked).await, counts([("code_sent", 5), ("sends_exhausted", PEOPLE - 5)]));
    assert_eq!(replicas.sens.sms().len(), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_address_gets_its_sends_from_replicas_whatever_it_says_of_itself() {
    for (proxies, sent) in [("0", 7), ("1", PEOPLE)] {
        let replicas = Replicas::with(&[("MAX_SENDS_PER_REQUESTER", "7"), ("TRUSTED_PROXIES", proxies)]).await;
        let asked = (0..PEOPLE).map(|n| ask(replicas.browser(n), own_number(n), n));
        let told = tally(asked).await;
        assert_eq!(told.get("code_sent"), Some(&sent), "{proxies} trusted proxies: {told:?}");
        assert_eq!(told.values().sum::<usize>(), sent + told.get("sends_exhausted").unwrap_or(&0), "{told:?}");
        assert_eq!(replicas.sens.sms().len(), sent);
    }
}

/// The day's budget takes no lock of the whole service: what the other replicas have under way is not seen yet.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_day_is_overshot_by_what_is_in_flight_at_most() {
    let replicas = Replicas::with(&[("MAX_SENDS_PER_DAY", "10"), ("BUDGET_SHARES", "sign_in=0")]).await;
    let asked = (0..PEOPLE).map(|n| ask(replicas.browser(n), own_number(n), n));
    let told: Vec<_> = stream::iter(asked).buffer_unordered(SERVERS).collect().await;
    let sent = told.iter().filter(|outcome| *outcome == "code_sent").count();
    assert!((10..10 + SERVERS).contains(&sent), "{sent}");
    assert_eq!((told.iter().filter(|outcome| *outcome == "unavailable").count(), replicas.sens.sms().len()), (PEOPLE - sent, sent));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guesses_through_replicas_are_five_attempts_and_those_of_strangers_are_none() {
    let replicas = Replicas::with(&[]).await;
    let owner = replicas.browser(0);
    let asked = owner.asks(NUMBER).await;
    let challenge = asked.status_field("challenge_id").as_str().expect("a challenge").to_owned();
    let guess = async |person: Browser, code: String, challenge: String| person.checks_for(&challenge, &code).await.outcome();
    let right = replicas.code();
    let strangers = (0..PEOPLE).map(|n| guess(replicas.browser(n), right.clone(), challenge.clone()));
    assert_eq!(join_all(strangers).await, vec!["no_challenge"; PEOPLE]);
    assert_eq!(owner.looks().await.status_field("attempts_left"), 5);
    let guesses = (0..PEOPLE).map(|n| guess(replicas.at(&owner, n), wrong(&right), challenge.clone()));
    let told = join_all(guesses).await;
    assert_eq!(told.iter().filter(|outcome| *outcome == "incorrect_code").count(), 5, "{told:?}");
    assert_eq!(owner.checks(&right).await.outcome(), "too_many_attempts");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_code_given_to_replicas_at_once_is_accepted_once_and_one_number_has_one_account() {
    let replicas = Replicas::with(&[]).await;
    let people: Vec<_> = (0..6).map(|n| replicas.browser(n)).collect();
    for person in &people {
        assert_eq!(person.asks(NUMBER).await.outcome(), "code_sent");
        let code = replicas.code();
        let twice =
            join_all((1..7).map(|n| replicas.at(person, n)).map(async |twin| (twin.checks(&code).await.outcome(), twin))).await;
        let accepted = twice.into_iter().filter(|(outcome, _)| outcome == "verified").map(|(_, twin)| twin.cookie());
        let cookies: std::collections::BTreeSet<_> = accepted.collect();
        assert_eq!(cookies.len(), 1, "it is accepted once, and repeats are answered the same");
        person.set_cookie(cookies.into_iter().next().flatten());
    }
    let told =
        join_all((0..).zip(&people).map(async |(n, person)| replicas.at(person, n + 1).signs_up("준호").await.outcome())).await;
    assert_eq!(told.iter().filter(|outcome| *outcome == "signed_up").count(), 1, "{told:?}");
    assert_eq!(count(&replicas.database.url, "select count(*) from accounts").await, 1);
}

async fn stores_that_open_at_once_migrate_once(kind: Kind) {
    let database = Database::fresh(kind).await;
    let opening = (0..8).map(|_| database.url.clone()).map(|url| tokio::spawn(async move { store::connect(&url).await }));
    for opened in join_all(opening).await {
        let store = opened.expect("the task ends").unwrap_or_else(|fault| panic!("{fault:?}"));
        store.ping().await.expect("the store answers");
    }
    let files = std::fs::read_dir("migrations").expect("migrations").count();
    let applied = count(&database.url, "select count(*) from _sqlx_migrations where success").await;
    assert_eq!(usize::try_from(applied).ok(), Some(files));
}
