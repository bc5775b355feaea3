//! Many at once through three servers on one `PostgreSQL`: of a code and of a refresh token there is one.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use beonho::server::clock::ManualClock;
use futures::future::join_all;
use serde_json::Value;

use super::relying_party::{RelyingParty, Request, userinfo};
use super::told;
use crate::browser::{Answered, Browser};
use crate::databases::{Database, Kind};
use crate::test_server::{START_MS, Settings, TestServer};
use crate::world::Sms;

const SERVERS: usize = 3;
const AT_ONCE: usize = 50;

struct Fleet {
    servers: Vec<TestServer>,
    shop: RelyingParty,
    clock: Arc<ManualClock>,
    _database: Database,
}

impl Fleet {
    async fn start() -> Self {
        let database = Database::fresh(Kind::Postgres).await;
        let shop = RelyingParty::shop().set("refresh", true);
        let list = RelyingParty::list(std::slice::from_ref(&shop));
        let set = [("DATABASE_URL", database.url.as_str()), ("OIDC_CLIENTS", &list), ("MAX_SENDS_PER_REQUESTER", "1000")];
        let settings: Settings = set.map(|(name, value)| (name, value.to_owned())).into();
        let clock = Arc::new(ManualClock::at(START_MS));
        let servers = join_all((0..SERVERS).map(|_| TestServer::start(&settings, &clock))).await;
        Self { servers, shop, clock, _database: database }
    }

    /// Whom the balancer leads to the n-th server.
    fn line(&self, n: usize) -> Browser {
        Browser::new(&self.servers[n % SERVERS].base)
    }

    /// The n-th person, signed in at the first server.
    async fn person(&self, n: usize) -> Browser {
        let person = self.line(0);
        assert_eq!(person.asks(&format!("010-5555-{n:04}")).await.outcome(), "code_sent");
        let message = self.servers[0].service.outbox.as_ref().expect("an outbox").messages().remove(0);
        let code = Sms::of_text(message.to.as_e164(), &message.text).code;
        assert_eq!(person.checks(&code).await.outcome(), "verified");
        assert_eq!(person.signs_up("준호").await.outcome(), "signed_up");
        person
    }

    async fn code(&self, person: &Browser) -> (String, Request) {
        let request = self.shop.request("openid offline_access");
        (request.code(&person.page(&request.path()).await), request)
    }

    async fn redeems(&self, n: usize, code: &str, request: &Request) -> Answered {
        self.shop.redeems(&self.line(n), code, request).await
    }

    /// Whether a token opens userinfo at any of the servers.
    async fn is_good(&self, token: &str) -> bool {
        let asked = join_all((0..SERVERS).map(async |n| userinfo(&self.line(n), token).await.status)).await;
        assert!(asked.iter().all(|status| *status == asked[0]), "{asked:?}");
        asked[0] == 200
    }
}

/// What was given, of many answers, and that the others were refused.
fn given(answers: Vec<Answered>) -> Vec<Value> {
    let (given, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answered| answered.status == 200);
    for refused in &refused {
        assert_eq!(told::error(refused), (400, "invalid_grant".into()));
    }
    given.iter().map(Answered::json).collect()
}

fn text<'a>(tokens: &'a Value, name: &str) -> &'a str {
    tokens[name].as_str().unwrap_or_else(|| panic!("no {name}: {tokens}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_redeem_a_code_at_once_one_gets_tokens_and_they_are_over() {
    let fleet = Fleet::start().await;
    let person = fleet.person(0).await;
    for _ in 0..3 {
        let (code, request) = fleet.code(&person).await;
        let answers = join_all((0..AT_ONCE).map(|n| fleet.redeems(n, &code, &request))).await;
        let given = given(answers);
        assert_eq!(given.len(), 1);
        assert!(!fleet.is_good(text(&given[0], "access_token")).await, "a replay takes all back");
        let refreshed = fleet.shop.refreshes(&fleet.line(1), text(&given[0], "refresh_token")).await;
        assert_eq!(told::error(&refreshed), (400, "invalid_grant".into()));
    }
    // What else the person gave is none of it.
    let (code, request) = fleet.code(&person).await;
    let tokens = fleet.redeems(1, &code, &request).await.json();
    assert!(fleet.is_good(text(&tokens, "access_token")).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_token_that_comes_many_times_at_once_has_one_successor() {
    let fleet = Fleet::start().await;
    let person = fleet.person(0).await;
    let (code, request) = fleet.code(&person).await;
    let first = fleet.redeems(0, &code, &request).await.json();
    let mut token = text(&first, "refresh_token").to_owned();
    for round in 0..3 {
        let lines: Vec<_> = (0..AT_ONCE).map(|n| fleet.line(n)).collect();
        let answers = given(join_all(lines.iter().map(|line| fleet.shop.refreshes(line, &token))).await);
        assert_eq!(answers.len(), AT_ONCE, "round {round}: each is told");
        let pair = |tokens: &Value| (text(tokens, "access_token").to_owned(), text(tokens, "refresh_token").to_owned());
        assert!(answers.iter().all(|tokens| pair(tokens) == pair(&answers[0])), "round {round}: the same");
        fleet.clock.advance(jiff::SignedDuration::from_secs(59));
        let late = fleet.shop.refreshes(&fleet.line(round), &token).await.json();
        assert_eq!(pair(&late), pair(&answers[0]), "round {round}: within the minute");
        assert!(fleet.is_good(&pair(&late).0).await);
        token = pair(&late).1;
    }
    // Later it is a theft, and whoever has the next pair loses it too.
    let next = fleet.shop.refreshes(&fleet.line(2), &token).await.json();
    fleet.clock.advance(jiff::SignedDuration::from_secs(61));
    let stolen = join_all((0..AT_ONCE).map(async |n| fleet.shop.refreshes(&fleet.line(n), &token).await)).await;
    assert_eq!(given(stolen), Vec::<Value>::new());
    assert!(!fleet.is_good(text(&next, "access_token")).await);
    let over = fleet.shop.refreshes(&fleet.line(0), text(&next, "refresh_token")).await;
    assert_eq!(told::error(&over), (400, "invalid_grant".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_token_survives_a_sign_out_beside_its_redemption() {
    let fleet = Fleet::start().await;
    let (mut before, mut refused) = (0, 0);
    for n in 0..10 {
        let person = fleet.person(n).await;
        let codes = join_all((0..13).map(|_| fleet.code(&person))).await;
        let (told, (late, codes)) = (AtomicUsize::new(0), codes.split_last().expect("codes"));
        let redeeming = join_all(codes.iter().enumerate().map(async |(at, (code, request))| {
            let answered = fleet.redeems(at, code, request).await;
            told.fetch_add(1, Ordering::Relaxed);
            answered
        }));
        // Each leaves a little later than the one before.
        let leaving = async {
            while told.load(Ordering::Relaxed) < n {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            person.at(&fleet.servers[1].base).form("/api/sign-out", &[]).await
        };
        let (answers, left) = futures::future::join(redeeming, leaving).await;
        assert_eq!(left.status, 303);
        assert_eq!(told::error(&fleet.redeems(n, &late.0, &late.1).await), (400, "invalid_grant".into()));
        let given = given(answers);
        (before, refused) = (before + given.len(), refused + codes.len() - given.len());
        for tokens in given {
            assert!(!fleet.is_good(text(&tokens, "access_token")).await, "a token outlived the session");
        }
    }
    println!("{before} were redeemed before the sign-out, {refused} after it");
    assert!(before > 0, "some were faster");
}
