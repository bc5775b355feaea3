//! A server that cannot write does not start.

use std::sync::Arc;

use beonho::app::App;
use beonho::server::clock::ManualClock;

use crate::databases::{Database, Kind};
use crate::test_server::{START_MS, Settings, TestServer, config};

#[tokio::test]
async fn a_server_does_not_start_on_a_file_that_it_may_only_read() {
    let database = Database::fresh(Kind::Sqlite).await;
    let clock = Arc::new(ManualClock::at(START_MS));
    let with = |url: String| -> Settings { vec![("DATABASE_URL", url)] };
    TestServer::start(&with(database.url.clone()), &clock).await.stop().await;
    let url = format!("{}?mode=ro", database.url);
    assert!(config(&with(url.clone())).is_err_and(|wrong| wrong[0].starts_with("DATABASE_URL")), "as it is asked for");
    let mut read_only = config(&with(database.url.clone())).expect("the settings are right");
    read_only.database_url = url;
    let fault = App::build(read_only, clock).await.err().expect("it does not start");
    let cause = fault.source().map(ToString::to_string).unwrap_or_default();
    assert!(cause.contains("readonly"), "{fault}: {cause}");
}
