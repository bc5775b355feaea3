//! Every answer has a name, by which the log has its lines.

use beonho::server::provider::sens;
use reqwest::Method;

use crate::browser::{Answered, Browser};
use crate::databases::{Database, Kind};
use crate::fake_sens::{FakeSens, SEND};
use crate::faults::Fault;
use crate::process::Process;
use crate::test_server::Settings;
use crate::world::{NUMBER, World};

const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

fn name_of(answered: &Answered) -> String {
    let names: Vec<_> = answered.headers.get_all("x-request-id").iter().collect();
    let [name] = names[..] else { panic!("one name: {answered:?}") };
    let name = name.to_str().expect("a text").to_owned();
    assert!(name.len() == 12 && name.bytes().all(|byte| byte.is_ascii_lowercase()), "{name}");
    name
}

#[tokio::test]
async fn every_answer_has_a_name_of_its_own() {
    let world = World::new(Kind::Sqlite).await;
    let person = world.browser();
    let answers = [
        person.page("/").await,
        person.page("/favicon.svg").await,
        person.page("/pkg/nothing.js").await,
        person.page("/brand.css").await,
        person.page("/healthz").await,
        person.page("/nowhere").await,
        person.looks().await,
        person.asks(NUMBER).await,
        person.json("/v1/nowhere", &serde_json::json!({})).await,
        person.island("/api/status", &[]).await,
        person.form("/api/start", &[("phone_number", NUMBER.into())]).await,
        person.send(person.request(Method::PUT, "/v1/verification")).await,
        person.send(person.request(Method::POST, "/v1/verification").header("origin", "https://evil.example")).await,
        person.send(person.request(Method::GET, "/").header("host", "evil.example")).await,
        person.send(person.request(Method::GET, "/").header("x-request-id", "planted")).await,
    ];
    let mut names: Vec<_> = answers.iter().map(name_of).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), answers.len(), "{names:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_has_the_lines_of_a_request_by_its_name() {
    let (database, sens) = (Database::fresh(Kind::Sqlite).await, FakeSens::start().await);
    let own = [("DATABASE_URL", database.url.as_str()), ("SMS_PROVIDER", sens::NAME)];
    let settings: Settings = own.map(|(name, value)| (name, value.to_owned())).into_iter().chain(sens.settings()).collect();
    let process = Process::start(&settings).await;
    let person = Browser::new(&process.base);
    sens.faults.add(SEND, Fault::status(503));
    let request = person.request(Method::POST, "/v1/verification").header("traceparent", TRACE);
    let asked = person.send(request.json(&serde_json::json!({"phone_number": NUMBER}))).await;
    let other = person.looks().await;
    let log = process.log();
    let lines_of = |answered: &Answered| -> Vec<&str> {
        let name = name_of(answered);
        log.lines().filter(|line| line.contains(&name)).collect()
    };
    let lines = lines_of(&asked);
    for words in ["a send did not go through", "delivery_failed"] {
        assert!(lines.iter().any(|line| line.contains(words) && line.contains(TRACE)), "{words} in {lines:#?}");
    }
    assert!(lines_of(&other).iter().all(|line| line.contains("status") && !line.contains(TRACE)), "{log}");
    assert_eq!(lines_of(&other).len(), 1, "{log}");
}

/// Only errors are logged, and they are found all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_of_an_error_says_by_what_name_the_log_has_it() {
    let database = Database::fresh(Kind::Sqlite).await;
    let settings: Settings = vec![("DATABASE_URL", database.url.clone()), ("RUST_LOG", "error,beonho=info".into())];
    let process = Process::start(&settings).await;
    let person = Browser::new(&process.base);
    person.page("/").await;
    let good = person.page("/nowhere").await;
    assert!(!good.body.contains("id=\"request\""), "no fault, nothing to look for: {}", good.body);
    let session = person.cookie().expect("a cookie");
    let path = database.url.trim_start_matches("sqlite://");
    std::fs::rename(path, format!("{path}.away")).expect("moved");
    for (language, words) in [("en", "Request: "), ("ko", "요청 번호: ")] {
        let cookies = format!("beonho_session={session}; beonho_lang={language}");
        let request = person.stranger().request(Method::GET, "/").header("accept", "text/html").header("cookie", cookies);
        let page = person.send(request).await;
        assert_eq!((page.status, page.page_outcome_of_notice().as_str()), (503, "unavailable"));
        let name = name_of(&page);
        assert!(page.body.contains(&format!("{words}{name}")), "{}", page.body);
        let log = process.log();
        assert!(log.lines().any(|line| line.contains("ERROR") && line.contains(&name)), "{log}");
    }
    let json = person.looks().await;
    assert_eq!((json.status, json.outcome().as_str()), (503, "unavailable"));
    assert!(process.log().contains(&name_of(&json)));
}
