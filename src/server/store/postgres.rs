//! The database of many replicas.

use std::{str::FromStr, sync::Arc, time::Duration};

use futures::future::BoxFuture;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, PgConnection, PgPool};

use super::suspicion::Suspicion;
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

/// How long the answer to that may take.
const PING_TIME_LIMIT: Duration = Duration::from_secs(1);

/// Sends of a requester, a subject and a number are serialised across replicas by locked rows.
const NEEDS_ROW_LOCKS: bool = true;

/// What a reservation writes, in one round trip: the challenge, the service's count and the send.
const ADD_OPENED: &str = concat!("with opened as (", sql::open!(), "), counted as (", sql::count!(), ") ", sql::send!());
/// The same for one more code of a challenge.
const ADD_CODE: &str = concat!("with counted as (", sql::count!(), ") ", sql::send!());

pub(super) async fn connect(url: &str, suspicion: &Arc<Suspicion>) -> Stored<SqlStore> {
    let options = PgConnectOptions::from_str(url)?.application_name("beonho").disable_statement_logging();
    // A migration takes its time, and so does the wait for that of another replica.
    let mut migrating = PgConnection::connect_with(&options).await?;
    sql::migrate(&mut migrating).await?;
    migrating.close().await?;
    // No statement of ours takes long; one that does is stuck behind a lock. It ends before the verb that waits for it does.
    let options = options.options([("statement_timeout", "4s"), ("idle_in_transaction_session_timeout", "10s")]);
    let pool = PgPoolOptions::new().max_connections(16).acquire_timeout(ACQUIRE_TIMEOUT).test_before_acquire(false);
    let (before, after) = (Arc::clone(suspicion), Arc::clone(suspicion));
    let pool = pool
        .before_acquire(move |connection, rested| {
            let is_trusted = rested.idle_for <= TRUSTED_FOR && !before.is_awake();
            Box::pin(async move { if is_trusted { Ok(true) } else { lives(connection).await } })
        })
        // A connection on which a verb was left is waited for by the pool, for ever when its host is gone.
        .after_release(move |connection, _| {
            let is_trusted = !after.is_awake();
            Box::pin(async move { if is_trusted { Ok(true) } else { lives(connection).await } })
        });
    let pool = pool.connect_with(options).await?;
    Ok(SqlStore { reader: pool.clone(), writer: Writer(pool) })
}

/// Fails when the other side does not answer soon: the pool puts another connection in the place of this one.
async fn lives(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let answered = tokio::time::timeout(PING_TIME_LIMIT, connection.ping()).await;
    answered.map_err(|_| sqlx::Error::PoolTimedOut)?.map(|()| true)
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
