//! Floods: thousands of requests that are refused leave nothing behind, and one address that asks without end holds nobody else up.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use tokio::time::Instant;

use crate::browser::Browser;
use crate::database_faults::count;
use crate::databases::{Database, Kind, on_both_databases, rows_of_all_tables};
use crate::process::Process;

on_both_databases!(twenty_thousand_refused_requests_leave_no_rows);

const FLOOD: usize = 20_000;
const AT_ONCE: usize = 64;

/// How many asks of one address are under way while somebody else looks at the page.
const IN_FLIGHT: usize = 500;
const LOOKS: usize = 60;
/// How much longer a look may take then, and how long is no time at all on a busy machine.
const MOST_TIMES: u32 = 5;
const NO_TIME: Duration = Duration::from_millis(4);

async fn serve(kind: Kind, own: &[(&'static str, &str)]) -> (Database, Process) {
    let database = Database::fresh(kind).await;
    let own = own.iter().map(|(name, value)| (*name, (*value).to_owned()));
    let settings =
        [("DATABASE_URL", database.url.clone()), ("RUST_LOG", "beonho=info,warn".to_owned())].into_iter().chain(own).collect();
    let process = Process::start(&settings).await;
    (database, process)
}

/// One of the ways to be refused.
async fn is_refused(person: &Browser, way: usize) -> bool {
    let number = format!("010-{:04}-{:04}", 2000 + way % 7000, way % 10_000);
    let answered = match way % 5 {
        0 => person.stranger().asks(&number).await,
        1 => person.asks(&number).await,
        2 => person.form("/api/start", &[("phone_number", format!("{way} is no number"))]).await,
        3 => {
            let request = person.stranger().request(Method::POST, "/v1/verification");
            person
                .stranger()
                .send(request.header("idempotency-key", format!("a key of its own {way}")).json(&json!({"phone_number": number})))
                .await
        }
        _ => person.form("/api/check", &[("code", "123".to_owned())]).await,
    };
    answered.status >= 400 || answered.status == 303 || answered.outcome() == "pending"
}

async fn twenty_thousand_refused_requests_leave_no_rows(kind: Kind) {
    let (database, process) = serve(kind, &[("MAX_SENDS_PER_REQUESTER", "2")]).await;
    let person = Browser::new(&process.base);
    person.page("/").await;
    assert_eq!(person.asks("010-1111-2222").await.outcome(), "code_sent");
    assert_eq!(person.stranger().asks("010-1111-3333").await.outcome(), "code_sent", "and the address is spent");
    // What the guard counts of the two is written a moment later.
    while count(&database.url, "select count(*) from tally").await < 4 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let before = rows_but_refusals(&database.url).await;
    let next = Arc::new(AtomicUsize::new(0));
    let flood = (0..AT_ONCE).map(|_| {
        let (next, person) = (Arc::clone(&next), person.clone());
        tokio::spawn(async move {
            while let way @ ..FLOOD = next.fetch_add(1, Ordering::Relaxed) {
                assert!(is_refused(&person.twin(), way).await, "{way}");
            }
        })
    });
    for ended in futures::future::join_all(flood).await {
        ended.expect("all are refused");
    }
    assert_eq!(rows_but_refusals(&database.url).await, before);
}

/// What is kept of refusals for the operator has bounds of its own.
async fn rows_but_refusals(url: &str) -> BTreeMap<String, i64> {
    let mut rows = rows_of_all_tables(url).await;
    let kept = rows.remove("refusals").into_iter().chain(rows.remove("hourly_refusals"));
    assert!(kept.sum::<i64>() < 11_000);
    rows
}

/// The median time that the page takes somebody with a session.
async fn look(person: &Browser) -> Duration {
    let mut times = Vec::with_capacity(LOOKS);
    for _ in 0..LOOKS {
        let begun = Instant::now();
        assert_eq!(person.page("/").await.page_state(), "pending");
        times.push(begun.elapsed());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    times.sort_unstable();
    times[LOOKS / 2]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_address_that_asks_without_end_holds_nobody_else_up() {
    let proxy = [("PUBLIC_ORIGIN", "http://localhost:3000"), ("TRUSTED_PROXIES", "1"), ("SMS_PROVIDER", "sens")];
    let sens = crate::fake_sens::FakeSens::start().await;
    let account = sens.settings();
    let account = account.iter().map(|(name, value)| (*name, value.as_str()));
    let (_database, process) = serve(Kind::Postgres, &proxy.into_iter().chain(account).collect::<Vec<_>>()).await;
    let stranger = Browser::new(&process.base);
    stranger.page("/").await;
    stranger.asks("010-1111-2222").await;
    let quiet = look(&stranger).await;
    let is_over = Arc::new(AtomicBool::new(false));
    let asked = Arc::new(AtomicUsize::new(0));
    let flood: Vec<_> = (0..IN_FLIGHT)
        .map(|n| {
            let (is_over, asked, person) = (Arc::clone(&is_over), Arc::clone(&asked), stranger.stranger());
            tokio::spawn(async move {
                while !is_over.load(Ordering::Relaxed) {
                    let request =
                        person.stranger().request(Method::POST, "/v1/verification").header("x-forwarded-for", "203.0.113.7");
                    person.stranger().send(request.json(&json!({"phone_number": format!("010-5555-{n:04}")}))).await;
                    asked.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let busy = look(&stranger).await;
    is_over.store(true, Ordering::Relaxed);
    futures::future::join_all(flood).await;
    println!(
        "a look takes {quiet:?}, and {busy:?} while {IN_FLIGHT} asks of one address are under way ({} asked)",
        asked.load(Ordering::Relaxed)
    );
    assert!(busy < MOST_TIMES * quiet.max(NO_TIME), "{busy:?} against {quiet:?}");
}
