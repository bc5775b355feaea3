//! A server that is told to stop does not wait for a database that hangs.

use std::sync::Arc;

use beonho::server::clock::{ManualClock, Stopwatch};
use sqlx::{Connection, PgConnection};

use crate::browser::Browser;
use crate::databases::{Database, Kind};
use crate::link::Link;
use crate::test_server::{START_MS, TestServer};
use crate::world::NUMBER;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_does_not_wait_for_a_database_that_hangs() {
    let database = Database::fresh(Kind::Postgres).await;
    let (link, over) = Link::to(&database.url).await;
    let server = TestServer::start(&vec![("DATABASE_URL", over)], &Arc::new(ManualClock::at(START_MS))).await;
    let mut other = PgConnection::connect(&database.url).await.expect("the database answers");
    sqlx::query("begin").execute(&mut other).await.expect("begun");
    sqlx::query("lock table sends in exclusive mode").execute(&mut other).await.expect("locked");
    let person = Browser::new(&server.base);
    let asked = tokio::spawn(async move { person.asks(NUMBER).await.outcome() });
    while server.service.verifier.tasks.is_empty() {
        tokio::task::yield_now().await;
    }
    link.hang();
    let watch = Stopwatch::start();
    server.stop().await;
    assert_eq!(asked.await.expect("the task ends"), "unavailable", "it is answered all the same");
    assert!(watch.elapsed_ms() < 7_000, "{} ms", watch.elapsed_ms());
}
