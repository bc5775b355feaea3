//! The database of many replicas.

use std::{str::FromStr, time::Duration};

use futures::future::BoxFuture;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, PgConnection, PgPool};

use super::{Ending, Stored};

#[expect(clippy::duplicate_mod, reason = "one SQL text, compiled once for each driver")]
#[path = "sql.rs"]
mod sql;

type Db = sqlx::Postgres;
pub(super) use sql::SqlStore;

/// How long a request waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// A connection that rested longer than this is asked whether it still lives before it is used. One that is busy is not: that would be a
/// round trip before each statement.
const TRUSTED_FOR: Duration = Duration::from_millis(500);

/// Sends of a requester, a subject and a number are serialised across replicas by locked rows.
const NEEDS_ROW_LOCKS: bool = true;

/// What a reservation writes, in one round trip: the challenge, the service's count and the send.
const ADD_OPENED: &str = concat!("with opened as (", sql::open!(), "), counted as (", sql::count!(), ") ", sql::send!());
/// The same for one more code of a challenge.
const ADD_PROLONGED: &str = concat!("with prolonged as (", sql::prolong!(), "), counted as (", sql::count!(), ") ", sql::send!());

pub(super) async fn connect(url: &str) -> Stored<SqlStore> {
    let options = PgConnectOptions::from_str(url)?.application_name("beonho").disable_statement_logging();
    // A migration takes its time, and so does the wait for that of another replica.
    let mut migrating = PgConnection::connect_with(&options).await?;
    sql::migrate(&mut migrating).await?;
    migrating.close().await?;
    // No statement of ours takes long; one that does is stuck behind a lock. It ends before the verb that waits for it does.
    let options = options.options([("statement_timeout", "4s"), ("idle_in_transaction_session_timeout", "10s")]);
    let pool = PgPoolOptions::new()
        .max_connections(16)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .before_acquire(|connection, rested| {
            Box::pin(async move {
                if rested.idle_for > TRUSTED_FOR {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_with(options)
        .await?;
    Ok(SqlStore { reader: pool.clone(), writer: Writer(pool) })
}

/// Writes, each verb for itself.
struct Writer(PgPool);

impl Writer {
    /// Runs a verb of one statement.
    async fn execute<T, V>(&self, verb: V) -> Stored<T>
    where
        V: for<'c> FnOnce(&'c mut PgConnection) -> BoxFuture<'c, Result<T, sqlx::Error>>,
    {
        Ok(verb(&mut *self.0.acquire().await?).await?)
    }

    /// Runs a verb of several statements, which are written together or not at all.
    async fn transact<T, V>(&self, verb: V) -> Stored<T>
    where
        V: for<'c> FnOnce(&'c mut PgConnection) -> BoxFuture<'c, Result<Ending<T>, sqlx::Error>>,
    {
        let mut tx = self.0.begin().await?;
        match verb(&mut tx).await? {
            Ending::Commit(value) => {
                tx.commit().await?;
                Ok(value)
            }
            Ending::Rollback(value) => Ok(value),
        }
    }
}
