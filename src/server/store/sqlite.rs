//! The embedded default: one file, one writer at a time, readers beside it.

mod writer;

use std::{path::PathBuf, str::FromStr, time::Duration};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::Stored;

#[expect(clippy::duplicate_mod, reason = "one SQL text, compiled once for each driver")]
#[path = "sql.rs"]
mod sql;

type Db = sqlx::Sqlite;
pub(super) use sql::SqlStore;
use writer::Writer;

/// How long a writer of another process is waited for before a statement fails.
const BUSY_TIMEOUT: Duration = Duration::from_secs(4);
/// How long the migration of another process is waited for: it takes its time.
const MIGRATION_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a request waits for its turn to read.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// `begin immediate` takes the write lock at once: a transaction that reads first and writes later would fail with `SQLITE_BUSY`
/// instead of waiting.
const BEGIN: &str = "begin immediate";

/// It serialises all writers, so row locks are not needed.
const NEEDS_ROW_LOCKS: bool = false;

/// What a reservation writes, handed over at once: the challenge, the service's count and the send.
const ADD_OPENED: &str = concat!(sql::open!(), "; ", sql::count!(), "; ", sql::send!());
/// The same for one more code of a challenge.
const ADD_CODE: &str = concat!(sql::count!(), "; ", sql::send!());

pub(super) async fn connect(url: &str) -> Stored<(SqlStore, PathBuf)> {
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // An answered verification must survive a power cut.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
        // Savepoints keep what they may have to restore there; else it is a file.
        .pragma("temp_store", "memory")
        .disable_statement_logging();
    let file = options.get_filename().to_path_buf();
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let pool = |connections| {
        let pool = SqlitePoolOptions::new().max_connections(connections).acquire_timeout(ACQUIRE_TIMEOUT);
        // There is no server that could have gone away meanwhile. But SQLite ends a transaction by itself when the disk is full; sqlx then
        // believes for ever that it is in one.
        pool.test_before_acquire(false).before_acquire(|connection, _| Box::pin(async { Ok(!connection.is_in_transaction()) }))
    };
    migrate(&options).await?;
    let writer = pool(1).connect_with(options.clone()).await?;
    let reader = pool(4).connect_with(options.read_only(true)).await?;
    Ok((SqlStore { reader, writer: Writer::start(writer) }, file))
}

/// sqlx locks only PostgreSQL: here the write lock keeps others from migrating too.
async fn migrate(options: &SqliteConnectOptions) -> Stored<()> {
    let mut db = SqliteConnection::connect_with(&options.clone().busy_timeout(MIGRATION_TIMEOUT)).await?;
    let mut migrating = db.begin_with(BEGIN).await?;
    sql::migrate(&mut migrating).await?;
    // Removes nothing, but fails on a file that may only be read: a reason not to start.
    sqlx::query("delete from budgets where key = ''").execute(&mut *migrating).await?;
    migrating.commit().await?;
    Ok(db.close().await?)
}

pub(super) async fn back_up(url: &str, copy: &str) -> Stored<()> {
    let mut db = SqliteConnection::connect(url).await?;
    sqlx::query("vacuum into $1").bind(copy).execute(&mut db).await?;
    db.close().await?;
    // SQLite leaves it to the system when the copy reaches the disk.
    Ok(std::fs::File::open(copy)?.sync_all()?)
}
