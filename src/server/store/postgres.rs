//! The database of many replicas.

mod line;
mod start;

use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use sqlx::postgres::PgPoolOptions;
use sqlx::{Executor as _, PgConnection, PgPool};

use super::migrations::Schema;
use super::recent_faults::RecentFaults;
use super::{Ending, StoreFault, Stored};
use line::Line;
use start::{BEGIN_LENT, Way};

#[expect(clippy::duplicate_mod, reason = "one SQL text, compiled once for each driver")]
#[path = "sql.rs"]
mod sql;

type Db = sqlx::Postgres;
type Connection = Line;
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

const HAS_MIGRATIONS: &str = "select to_regclass('_sqlx_migrations') is not null";

/// What a reservation writes, in one round trip: the challenge, the service's count and the send.
const ADD_OPENED: &str = concat!("with opened as (", sql::open!(), "), counted as (", sql::count!(), ") ", sql::send!());
/// The same for one more code of a challenge.
const ADD_CODE: &str = concat!("with counted as (", sql::count!(), ") ", sql::send!());

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

/// The options that are read from a URL. Others would be passed over with a warning, and some of them are about safety.
const URL_OPTIONS: [&str; 12] = [
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "sslcert",
    "sslkey",
    "host",
    "port",
    "dbname",
    "user",
    "password",
    "statement-cache-capacity",
];
const SSL_MODES: [&str; 6] = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

/// Whether a URL names a database of a server, with options that are read.
pub(super) fn check_url(url: &str) -> Result<(), String> {
    let (rest, query) = url.split_once('?').unwrap_or((url, ""));
    let options: Vec<(&str, &str)> =
        query.split('&').filter(|option| !option.is_empty()).map(|o| o.split_once('=').unwrap_or((o, ""))).collect();
    let has = |name: &str| options.iter().any(|(option, value)| *option == name && !value.is_empty());
    let (_, place) = rest.split_once("://").ok_or("must be like postgres://user:password@host/database")?;
    let (authority, database) = place.split_once('/').unwrap_or((place, ""));
    if is_cut_short(authority, database) {
        return Err("ends its host too early: in a password, write / as %2F, ? as %3F and # as %23".to_owned());
    }
    if let Some((unknown, _)) = options.iter().find(|(name, _)| !URL_OPTIONS.contains(name)) {
        return Err(unknown_option(unknown, !database.is_empty()));
    }
    if options.iter().any(|(name, value)| matches!(*name, "sslmode" | "ssl-mode") && !SSL_MODES.contains(value)) {
        return Err(format!("sslmode must be one of {}", SSL_MODES.join(", ")));
    }
    if options.iter().any(|(name, value)| matches!(*name, "sslrootcert" | "ssl-root-cert") && *value == "system") {
        return Err("sslrootcert must be a file; without it the system's certificates count".to_owned());
    }
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if host.is_empty() && !has("host") || database.is_empty() && !has("dbname") {
        return Err("names no host or no database: it must be like postgres://user:password@host/database".to_owned());
    }
    start::options(url).map(drop).map_err(|_| "cannot be read: it must be like postgres://user:password@host/database".to_owned())
}

/// Whether what looks like the host may be the beginning of a password: then no part of it may be shown.
fn is_cut_short(authority: &str, database: &str) -> bool {
    let port = authority.rsplit_once(':').map_or("", |(_, port)| port);
    let is_half = !authority.contains(['@', '[']) && port.bytes().any(|byte| !byte.is_ascii_digit());
    is_half || authority.contains('#') || database.contains(['@', '#'])
}

/// It is named only if it looks like the name of an option: else it may be a piece of a password.
fn unknown_option(name: &str, is_whole: bool) -> String {
    let is_name = is_whole && name.len() <= 40 && name.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'-' | b'_'));
    let named = if is_name { format!(": {name}") } else { "; in a password, write ? as %3F and & as %26".to_owned() };
    format!("has an option that is not understood here, and so would not hold{named}")
}

/// Which database a URL means, without its password.
pub(super) fn name_of(url: &str) -> Option<String> {
    let options = start::options(url).ok()?;
    let host = options.get_socket().map_or_else(|| options.get_host().to_owned(), |socket| socket.display().to_string());
    let database = options.get_database().unwrap_or_else(|| options.get_username());
    Some(format!("postgres://{}@{host}:{}/{database}", options.get_username(), options.get_port()))
}

async fn open_at(way: &Way, recent_faults: &Arc<RecentFaults>) -> Stored<SqlStore> {
    let lines = Reader { pool: pool(way, recent_faults).await?, is_direct: way.is_direct };
    Ok(SqlStore { reader: lines.clone(), writer: Writer(lines) })
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

/// Fails when the other side does not answer soon: the pool puts another connection in the place of this one. A verb that was left while it began
/// may have left its transaction open, of which sqlx knows nothing; beginning another first spares the server a warning where there is none.
async fn lives(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let answered = tokio::time::timeout(PING_TIME_LIMIT, connection.execute(sqlx::raw_sql("begin; rollback"))).await;
    answered.map_err(|_| sqlx::Error::PoolTimedOut)?.map(|_| true)
}

/// Hands out lines to read by, and those to write by too.
#[derive(Clone)]
struct Reader {
    pool: PgPool,
    is_direct: bool,
}

impl Reader {
    /// A line for one statement. Through a pooler, preparing and running it are two steps, which only a transaction keeps together.
    async fn acquire(&self) -> Result<Box<Line>, sqlx::Error> {
        let line = if self.is_direct { Line::Kept(self.pool.acquire().await?) } else { self.lend().await? };
        Ok(Box::new(line))
    }

    async fn begin(&self) -> Result<Line, sqlx::Error> {
        if self.is_direct { Ok(Line::KeptWithin(self.pool.begin().await?)) } else { self.lend().await }
    }

    async fn lend(&self) -> Result<Line, sqlx::Error> {
        Ok(Line::LentWithin(self.pool.begin_with(BEGIN_LENT).await?))
    }
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
        let mut line = self.0.begin().await?;
        match verb(&mut line).await? {
            Ending::Commit(value) => {
                line.commit().await?;
                Ok(value)
            }
            Ending::Rollback(value) => Ok(value),
        }
    }
}
