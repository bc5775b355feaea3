//! The database of many replicas.

mod line;
mod set;
mod start;
mod url;

use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use sqlx::postgres::PgPoolOptions;
use sqlx::{Connection as _, PgConnection, PgPool};

use super::migrations::Schema;
use super::recent_faults::RecentFaults;
use super::{Ending, StoreFault, Stored};
use line::Line;
use start::{BEGIN_LENT, BEGIN_LENT_TOGETHER, BEGIN_REPORT, BEGIN_TOGETHER, Way};

/// Locks the rows of a table in the order in which they are read, so that two groups never wait for each other.
macro_rules! for_update {
    ($table:literal) => {
        concat!(" for update of ", $table)
    };
}

/// Of the challenges that are asked for, those that there are, locked in the order of their names: `mine`.
macro_rules! locked_challenges {
    () => {
        ", mine as (select challenges.id from asked join challenges on challenges.id = asked.id order by challenges.id for update of challenges) "
    };
}

#[expect(clippy::duplicate_mod, reason = "one SQL text, compiled once for each driver")]
#[path = "sql.rs"]
mod sql;

type Db = sqlx::Postgres;
type Connection = Line;
type Arguments = sqlx::postgres::PgArguments;
pub(super) use sql::SqlStore;
pub(super) use url::{check_url, name_of};

/// How long a request waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// A connection that rested longer than this is asked whether it still lives before it is used. One that is busy is not: that would be a
/// round trip before each statement.
const TRUSTED_FOR: Duration = Duration::from_millis(500);

/// How long the answer to that may take.
const PING_TIME_LIMIT: Duration = Duration::from_secs(1);

/// Sends of a requester, a subject and a number are serialised across replicas by locked rows.
const NEEDS_ROW_LOCKS: bool = true;

const HAS_MIGRATIONS: &str = "select to_regclass('_sqlx_migrations') is not null";

/// Statements that are run in one round trip.
fn together([first, second, third, fourth]: &[String; 4]) -> String {
    format!("with first as ({first}), second as ({second}), third as ({third}), fourth as ({fourth}) select 1")
}

/// Opens the database and migrates it.
pub(super) async fn connect(url: &str, recent_faults: &Arc<RecentFaults>) -> Stored<SqlStore> {
    let (mut first, way) = start::connect(url).await?;
    let store = open_at(&way, recent_faults).await?;
    if store.find_schema().await?.is_enough() {
        start::demand_rights(&mut first).await?;
    } else {
        start::migrate(first).await?;
    }
    Ok(store)
}

/// Opens the database as it is.
pub(super) async fn open(url: &str, recent_faults: &Arc<RecentFaults>) -> Stored<(SqlStore, Schema)> {
    let (_, way) = start::connect(url).await?;
    let store = open_at(&way, recent_faults).await?;
    let schema = store.find_schema().await?;
    Ok((store, schema))
}

async fn open_at(way: &Way, recent_faults: &Arc<RecentFaults>) -> Stored<SqlStore> {
    let lines =
        Reader { pool: pool(way, recent_faults).await?, is_direct: way.is_direct, recent_faults: Arc::clone(recent_faults) };
    Ok(SqlStore::new(lines.clone(), Writer(lines)))
}

async fn pool(way: &Way, recent_faults: &Arc<RecentFaults>) -> Result<PgPool, sqlx::Error> {
    let pool = PgPoolOptions::new().max_connections(16).acquire_timeout(ACQUIRE_TIMEOUT).test_before_acquire(false);
    let (before, after) = (Arc::clone(recent_faults), Arc::clone(recent_faults));
    let pool = pool
        .before_acquire(move |connection, rested| {
            let is_trusted = rested.idle_for <= TRUSTED_FOR && !before.any();
            Box::pin(async move { if is_trusted { Ok(true) } else { lives(connection).await } })
        })
        // A connection on which a verb was left is waited for by the pool, for ever when its host is gone.
        .after_release(move |connection, _| {
            let is_trusted = !after.any();
            Box::pin(async move { if is_trusted { Ok(true) } else { lives(connection).await } })
        });
    pool.connect_with(way.options.clone()).await
}

/// Fails when the other side does not answer soon: the pool puts another connection in the place of this one.
async fn lives(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let answered = tokio::time::timeout(PING_TIME_LIMIT, connection.ping()).await;
    answered.map_err(|_| sqlx::Error::PoolTimedOut)?.map(|()| true)
}

/// Hands out lines to read by, and those to write by too.
#[derive(Clone)]
struct Reader {
    pool: PgPool,
    is_direct: bool,
    recent_faults: Arc<RecentFaults>,
}

/// In a task of its own: a caller that leaves while a connection is looked at would take it from the pool, and one that leaves while a transaction
/// begins would leave it open, of which sqlx knows nothing.
async fn undisturbed<T: Send + 'static>(
    work: impl Future<Output = Result<T, sqlx::Error>> + Send + 'static,
) -> Result<T, sqlx::Error> {
    tokio::spawn(work).await.map_err(|fault| sqlx::Error::Io(std::io::Error::other(fault)))?
}

impl Reader {
    /// A line for one statement. Through a pooler, preparing and running it are two steps, which only a transaction keeps together.
    async fn acquire(&self) -> Result<Box<Line>, sqlx::Error> {
        if !self.is_direct {
            return Ok(Box::new(self.lend().await?));
        }
        let pool = self.pool.clone();
        // In quiet times a connection is handed out as it is, without a look.
        let connection =
            if self.recent_faults.any() { undisturbed(async move { pool.acquire().await }).await? } else { pool.acquire().await? };
        Ok(Box::new(Line::Kept(connection)))
    }

    async fn begin(&self) -> Result<Line, sqlx::Error> {
        if !self.is_direct {
            return self.lend().await;
        }
        let pool = self.pool.clone();
        undisturbed(async move { pool.begin().await }).await.map(Line::KeptWithin)
    }

    async fn begin_together(&self) -> Result<Line, sqlx::Error> {
        let (pool, is_direct) = (self.pool.clone(), self.is_direct);
        if is_direct {
            return undisturbed(async move { pool.begin_with(BEGIN_TOGETHER).await }).await.map(Line::KeptWithin);
        }
        undisturbed(async move { pool.begin_with(BEGIN_LENT_TOGETHER).await }).await.map(Line::LentWithin)
    }

    async fn begin_report(&self) -> Result<Line, sqlx::Error> {
        if !self.is_direct {
            return self.lend().await;
        }
        let pool = self.pool.clone();
        undisturbed(async move { pool.begin_with(BEGIN_REPORT).await }).await.map(Line::KeptWithin)
    }

    async fn lend(&self) -> Result<Line, sqlx::Error> {
        let pool = self.pool.clone();
        undisturbed(async move { pool.begin_with(BEGIN_LENT).await }).await.map(Line::LentWithin)
    }
}

/// A line to read much with at once. PostgreSQL ends a statement that takes long (`statement_timeout`).
async fn report(reader: &Reader) -> Result<Box<Line>, sqlx::Error> {
    reader.begin_report().await.map(Box::new)
}

/// Writes, each verb for itself.
struct Writer(Reader);

impl Writer {
    /// Fails on a server that can only be read: a standby, or what has become one.
    async fn ping(&self) -> Stored<()> {
        let mut line = self.0.acquire().await?;
        let is_read_only = sqlx::query_scalar("select current_setting('transaction_read_only')").fetch_one(&mut *line).await?;
        let is_read_only: String = is_read_only;
        if is_read_only == "on" { Err(StoreFault("the database can only be read".into())) } else { Ok(()) }
    }

    /// Runs a verb of one statement.
    async fn execute<T, V>(&self, verb: V) -> Stored<T>
    where
        V: for<'c> FnOnce(&'c mut Line) -> BoxFuture<'c, Result<T, sqlx::Error>>,
    {
        let mut line = self.0.acquire().await?;
        let value = verb(&mut line).await?;
        line.commit().await?;
        Ok(value)
    }

    /// Runs a verb of several statements, which are written together or not at all.
    async fn transact<T, V>(&self, verb: V) -> Stored<T>
    where
        V: for<'c> FnOnce(&'c mut Line) -> BoxFuture<'c, Result<Ending<T>, sqlx::Error>>,
    {
        run_on(self.0.begin().await?, verb).await
    }

    /// The same for a group of requests, which waits for nobody's lock for long: each of them can still do so alone.
    async fn transact_together<T, V>(&self, verb: V) -> Stored<T>
    where
        V: for<'c> FnOnce(&'c mut Line) -> BoxFuture<'c, Result<Ending<T>, sqlx::Error>>,
    {
        run_on(self.0.begin_together().await?, verb).await
    }
}

async fn run_on<T, V>(mut line: Line, verb: V) -> Stored<T>
where
    V: for<'c> FnOnce(&'c mut Line) -> BoxFuture<'c, Result<Ending<T>, sqlx::Error>>,
{
    match verb(&mut line).await? {
        Ending::Commit(value) => {
            line.commit().await?;
            Ok(value)
        }
        Ending::Rollback(value) => Ok(value),
    }
}
