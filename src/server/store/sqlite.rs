//! The embedded default: one file, one writer at a time, readers beside it.

mod report;
mod set;
mod writer;

use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::{str::FromStr, time::Duration};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection as _, SqliteConnection, SqlitePool};

use super::migrations::Schema;
use super::{StoreFault, Stored};

/// Nothing: who writes holds the one lock that there is.
macro_rules! for_update {
    ($table:literal) => {
        ""
    };
}

/// Of the challenges that are asked for, those that there are: `mine`.
macro_rules! locked_challenges {
    () => {
        ", mine as (select id from asked) "
    };
}

#[expect(clippy::duplicate_mod, reason = "one SQL text, compiled once for each driver")]
#[path = "sql.rs"]
mod sql;

type Db = sqlx::Sqlite;
type Connection = SqliteConnection;
type Arguments = sqlx::sqlite::SqliteArguments;
type Reader = SqlitePool;
use report::report;
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

const HAS_MIGRATIONS: &str = "select count(*) > 0 from sqlite_master where name = '_sqlx_migrations'";

/// Statements that are handed over at once, and run one after the other.
fn together(statements: &[String; 4]) -> String {
    statements.join("; ")
}

/// Opens the file, makes it where there is none, and migrates it.
pub(super) async fn connect(url: &str) -> Stored<(SqlStore, PathBuf)> {
    let options = options(url)?.create_if_missing(true);
    if let Some(folder) = options.get_filename().parent() {
        std::fs::create_dir_all(folder)?;
    }
    migrate(&options).await?;
    open_at(options).await
}

/// Opens the file as it is.
pub(super) async fn open(url: &str) -> Stored<(SqlStore, Schema)> {
    let options = options(url)?;
    demand_file(options.get_filename())?;
    let (store, _) = open_at(options).await?;
    let schema = store.find_schema().await?;
    Ok((store, schema))
}

fn demand_file(file: &Path) -> Stored<()> {
    if file.is_file() { Ok(()) } else { Err(StoreFault(format!("there is no file {}", file.display()).into())) }
}

/// Whether a URL names a file.
pub(super) fn check_url(url: &str) -> Result<(), String> {
    let Some(path) = url.strip_prefix("sqlite:") else { return Err("must start with sqlite:// or postgres://".to_owned()) };
    let (file, query) = path.split_once('?').unwrap_or((path, ""));
    let file = file.strip_prefix("//").unwrap_or(file);
    if file.trim_start_matches('/').is_empty() || file.ends_with('/') || Path::new(file).is_dir() {
        return Err("names no file: it must be like sqlite:///var/lib/beonho/beonho.db".to_owned());
    }
    if file.contains(":memory:") || query.contains("mode=memory") {
        return Err("must name a file: what is kept in memory is lost when the server stops".to_owned());
    }
    if query.contains("mode=ro") || query.contains("immutable") {
        return Err("must name a file that may be written".to_owned());
    }
    if file.starts_with('~') || file.contains('$') {
        return Err("has a ~ or $ that nobody replaces: write the path out".to_owned());
    }
    options(url).map(drop).map_err(|_| "has an option that SQLite does not know".to_owned())
}

/// Which file a URL means.
pub(super) fn name_of(url: &str) -> Option<String> {
    let options = options(url).ok()?;
    let file = std::path::absolute(options.get_filename()).ok()?;
    Some(format!("sqlite://{}", file.display()))
}

fn options(url: &str) -> Result<SqliteConnectOptions, sqlx::Error> {
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        // An answered verification must survive a power cut.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
        // The rows of a set are kept there, and what a statement may have to restore; else it is a file.
        .pragma("temp_store", "memory")
        // A group's rows come without a pause.
        .row_buffer_size(128);
    Ok(options.disable_statement_logging())
}

async fn open_at(options: SqliteConnectOptions) -> Stored<(SqlStore, PathBuf)> {
    let file = options.get_filename().to_path_buf();
    let pool = |connections| {
        let pool = SqlitePoolOptions::new().max_connections(connections).acquire_timeout(ACQUIRE_TIMEOUT);
        // There is no server that could have gone away meanwhile.
        pool.test_before_acquire(false)
    };
    let writer = pool(1).connect_with(options.clone()).await?;
    // Those who come at once are read for by one statement, so that two are seldom all at work; each holds a cache of pages.
    let reader = pool(2).connect_with(options.read_only(true)).await?;
    Ok((SqlStore::new(reader, Writer::start(writer)?), file))
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
    let options = options(url)?.read_only(true);
    demand_file(options.get_filename())?;
    let mut db = SqliteConnection::connect_with(&options).await?;
    if !sqlx::query_scalar(HAS_MIGRATIONS).fetch_one(&mut db).await? {
        return Err(StoreFault("it is no database of Beonho".into()));
    }
    // Numbers are in it, so nobody else may read it, from its first byte on. SQLite takes a file that is there and empty for a new one.
    let file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(copy)?;
    let copied = sqlx::query("vacuum into $1").bind(copy).execute(&mut db).await;
    if copied.is_err() {
        std::fs::remove_file(copy)?;
    }
    copied?;
    db.close().await?;
    // SQLite leaves it to the system when the copy reaches the disk.
    Ok(file.sync_all()?)
}
