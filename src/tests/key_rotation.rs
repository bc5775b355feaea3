//! `SECRET_KEY` is rotated over two replicas, in the order of `docs/security.md`: nobody notices.

use std::sync::Arc;

use beonho::server::clock::ManualClock;
use serde_json::json;

use crate::browser::Browser;
use crate::databases::{Database, Kind};
use crate::keyed_requests::{KEY, OTHER_KEY, keyed};
use crate::test_server::{SECRET_KEY, START_MS, Settings, TestServer};
use crate::world::{Sms, wrong};

const NEW_KEY: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

async fn replica(database: &Database, keys: &str, clock: &Arc<ManualClock>) -> TestServer {
    let settings: Settings = vec![("DATABASE_URL", database.url.clone()), ("SECRET_KEY", keys.to_owned())];
    TestServer::start(&settings, clock).await
}

/// Its first 16 bytes; what follows is signed by the replica that sent it.
fn secret_of(browser: &Browser) -> String {
    browser.cookie().expect("a cookie")[..21].to_owned()
}

fn code(server: &TestServer) -> String {
    let messages = server.service.outbox.as_ref().expect("an outbox").messages();
    messages.first().map(|message| Sms::of_text(message.to.as_e164(), &message.text).code).expect("a code was sent")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_are_rotated_over_replicas_without_losing_anybody() {
    let (database, clock) = (Database::fresh(Kind::Postgres).await, Arc::new(ManualClock::at(START_MS)));
    let (old, both, new) = (SECRET_KEY.to_owned(), format!("{SECRET_KEY},{NEW_KEY}"), format!("{NEW_KEY},{SECRET_KEY}"));
    let early = replica(&database, &old, &clock).await;
    let member = Browser::new(&early.base);
    member.asks("010-2222-0000").await;
    member.checks(&code(&early)).await;
    assert_eq!(member.signs_up("준호").await.outcome(), "signed_up");
    // At each step one replica is a step behind the other; people go to and fro.
    let steps = [(&old, &both), (&both, &both), (&both, &new), (&new, &new)];
    for (number, (first, second)) in (1..).zip(steps) {
        let (first, second) = (replica(&database, first, &clock).await, replica(&database, second, &clock).await);
        for (last, (asked, checked)) in [(&first, &second), (&second, &first)].into_iter().enumerate() {
            let (person, lost) = (Browser::new(&asked.base), Browser::new(&asked.base));
            let start = json!({"phone_number": format!("010-2222-{number}00{last}")});
            let sent = keyed(&lost, KEY, "/v1/verification", &start).await;
            assert_eq!(sent.outcome(), "code_sent");
            let code = code(asked);
            let person = person.at(&checked.base);
            assert_eq!(keyed(&person, KEY, "/v1/verification", &start).await.body, sent.body, "step {number}");
            assert_eq!(secret_of(&person), secret_of(&lost), "step {number}");
            assert_eq!(person.checks(&wrong(&code)).await.status_field("attempts_left"), 4, "step {number}");
            let (repeats, by_key) = (person.at(&asked.base), person.at(&asked.base));
            let body = json!({"code": code});
            let first = keyed(&person, OTHER_KEY, "/v1/verification/check", &body).await;
            assert_eq!(first.outcome(), "verified", "step {number}");
            assert_eq!(keyed(&by_key, OTHER_KEY, "/v1/verification/check", &body).await.body, first.body, "step {number}");
            assert_eq!(
                secret_of(&by_key),
                secret_of(&person),
                "step {number}: a repeat at another replica ends where the first did"
            );
            assert_eq!(repeats.checks(&code).await.new_cookie(), None, "step {number}: another post is no repeat");
            let person = person.at(&asked.base);
            assert_eq!(person.looks().await.state(), "verified", "step {number}");
        }
        assert_eq!(member.at(&first.base).looks().await.state(), "signed_up");
        assert_eq!(member.at(&second.base).looks().await.state(), "signed_up");
        first.stop().await;
        second.stop().await;
    }
}
