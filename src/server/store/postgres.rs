//! The database of many replicas.

use std::{str::FromStr, time::Duration};

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgConnection};

use super::Stored;

#[expect(clippy::duplicate_mod, reason = "one SQL text, compiled once for each driver")]
#[path = "sql.rs"]
mod sql;

type Db = sqlx::Postgres;
pub(super) use sql::SqlStore;

/// How long a request waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

const BEGIN: &str = "begin";

pub(super) async fn connect(url: &str) -> Stored<SqlStore> {
    let options = PgConnectOptions::from_str(url)?.application_name("beonho");
    // A migration takes its time, and so does the wait for that of another replica.
    let mut migrating = PgConnection::connect_with(&options).await?;
    sql::migrate(&mut migrating).await?;
    migrating.close().await?;
    // No statement of ours takes long; one that does is stuck behind a lock. It ends before the verb that waits for it does.
    let options = options.options([("statement_timeout", "4s"), ("idle_in_transaction_session_timeout", "10s")]);
    let pool = PgPoolOptions::new().max_connections(16).acquire_timeout(ACQUIRE_TIMEOUT).connect_with(options).await?;
    Ok(SqlStore { reader: pool.clone(), writer: pool })
}
