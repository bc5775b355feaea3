//! What an operator can read in the log: why was this number refused, and from where did it come?

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::browser::Browser;
use crate::databases::{Database, Kind};
use crate::fake_sens::{FakeSens, LOOK, SEND};
use crate::faults::Fault;
use crate::process::Process;
use crate::test_server::Settings;
use crate::world::{NUMBER, OTHER_NUMBER};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refused_and_failed_sends_are_logged_with_number_requester_and_reason() {
    let (database, sens) = (Database::fresh(Kind::Sqlite).await, FakeSens::start().await);
    let own = [("DATABASE_URL", database.url.as_str()), ("SMS_PROVIDER", "sens"), ("MAX_SENDS_PER_REQUESTER", "4")];
    let settings: Settings = own.map(|(name, value)| (name, value.to_owned())).into_iter().chain(sens.settings()).collect();
    let process = Process::start(&settings).await;
    sens.faults.add(SEND, Fault::status(503));
    let person = Browser::new(&process.base);
    assert_eq!(person.asks(NUMBER).await.outcome(), "delivery_failed");
    assert_eq!(person.asks(NUMBER).await.outcome(), "code_sent");
    assert_eq!(person.stranger().asks(NUMBER).await.outcome(), "try_later");
    assert_eq!(person.asks(OTHER_NUMBER).await.outcome(), "pending");
    for number in ["010-5555-0001", "010-5555-0002"] {
        person.stranger().asks(number).await;
    }
    assert_eq!(person.stranger().asks("010-5555-9999").await.outcome(), "sends_exhausted");
    let log = process.log();
    let line = |words: &[&str]| {
        let is_there = log.lines().any(|line| words.iter().all(|word| line.contains(word)) && line.contains("127.0.0.1"));
        assert!(is_there, "{words:?} in\n{log}");
    };
    line(&["a send did not go through", "+82 10-****-5678", "HTTP 503", "sens"]);
    line(&["delivery_failed", "+82 10-****-5678"]);
    line(&["try_later", "+82 10-****-5678"]);
    line(&["pending", "+82 10-****-4321"]);
    line(&["sends_exhausted", "address_spent", "+82 10-****-9999"]);
    assert!(
        log.lines().any(|line| line.contains("beonho serves") && line.contains("sqlite://") && line.contains("provider=\"sens\"")),
        "{log}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_everybody_meets_is_told_once() {
    let (database, sens) = (Database::fresh(Kind::Sqlite).await, FakeSens::start().await);
    let own = [("DATABASE_URL", database.url.as_str()), ("SMS_PROVIDER", "sens"), ("MAX_SENDS_PER_DAY", "1")];
    let settings: Settings = own.map(|(name, value)| (name, value.to_owned())).into_iter().chain(sens.settings()).collect();
    let process = Process::start(&settings).await;
    let person = Browser::new(&process.base);
    sens.faults.add(LOOK, Fault::json(401, r#"{"error":{"errorCode":"210","message":"Permission Denied"}}"#));
    assert_eq!(person.asks(NUMBER).await.outcome(), "code_sent");
    for number in ["010-5555-0001", "010-5555-0002", "010-5555-0003"] {
        assert_eq!(person.stranger().asks(number).await.outcome(), "unavailable");
    }
    // The vendor is first asked two seconds after it took a text.
    let end = Instant::now() + Duration::from_secs(20);
    while !process.log().contains("the key has no permission for SENS") {
        assert!(Instant::now() < end, "{}", process.log());
        sleep(Duration::from_millis(100)).await;
    }
    let log = process.log();
    assert_eq!(log.lines().filter(|line| line.contains("ERROR") && line.contains("MAX_SENDS_PER_DAY")).count(), 1, "{log}");
}
