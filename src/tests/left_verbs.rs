//! A verb of the store that its caller leaves: nothing stays open behind it.

use std::sync::Arc;
use std::time::Duration;

use beonho::server::clock::ManualClock;
use beonho::verification::SubjectId;
use jiff::Timestamp;
use sqlx::{Connection, PgConnection};
use tokio::time::{sleep, timeout};

use crate::databases::{Database, Kind};
use crate::link::Link;
use crate::test_server::{SECRET_KEY, START_MS, Settings, TestServer};

/// It leaves while the server's word on the beginning of a transaction is still on its way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_verb_that_is_left_leaves_no_transaction_open() {
    let database = Database::fresh(Kind::Postgres).await;
    let (link, over) = Link::to(&database.url).await;
    let settings: Settings = vec![("DATABASE_URL", over), ("SECRET_KEY", SECRET_KEY.to_owned())];
    let server = TestServer::start(&settings, &Arc::new(ManualClock::at(START_MS))).await;
    let store = &server.service.verifier.store;
    store.ping().await.expect("a connection is there");
    link.hang();
    let subject = SubjectId::from_stored("nobody".into());
    let left = timeout(Duration::from_millis(200), store.remove_session("nothing", &subject, Timestamp::UNIX_EPOCH)).await;
    assert!(left.is_err(), "it hangs");
    link.open().await;
    sleep(Duration::from_millis(500)).await;
    store.ping().await.expect("the connection is good");
    let mut db = PgConnection::connect(&database.url).await.expect("a database");
    let open = "select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'";
    let open: i64 = sqlx::query_scalar(open).fetch_one(&mut db).await.expect("a count");
    assert_eq!(open, 0);
}
