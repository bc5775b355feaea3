//! The embedded default: one file, one writer at a time, readers beside it.

mod writer;

use std::{str::FromStr, time::Duration};

use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::{StoreFault, Stored};

#[expect(clippy::duplicate_mod, reason = "one SQL text, compiled once for each driver")]
#[path = "sql.rs"]
mod sql;

type Db = sqlx::Sqlite;
pub(super) use sql::SqlStore;
use writer::Writer;

/// How long a writer of another process is waited for before a statement fails.
const BUSY_TIMEOUT: Duration = Duration::from_secs(4);
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
const ADD_PROLONGED: &str = concat!(sql::prolong!(), "; ", sql::count!(), "; ", sql::send!());

pub(super) async fn connect(url: &str) -> Stored<SqlStore> {
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // An answered verification must survive a power cut.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
        // Savepoints keep what they may have to restore there; else it is a file.
        .pragma("temp_store", "memory")
        .disable_statement_logging();
    if let Some(folder) = options.get_filename().parent() {
        std::fs::create_dir_all(folder).map_err(|fault| StoreFault(Box::new(fault)))?;
    }
    // There is no server that could have gone away meanwhile.
    let pool = |connections| {
        let options = SqlitePoolOptions::new().max_connections(connections).acquire_timeout(ACQUIRE_TIMEOUT);
        options.test_before_acquire(false)
    };
    let writer = pool(1).connect_with(options.clone()).await?;
    sql::migrate(&writer).await?;
    let reader = pool(4).connect_with(options.read_only(true)).await?;
    Ok(SqlStore { reader, writer: Writer::start(writer) })
}
