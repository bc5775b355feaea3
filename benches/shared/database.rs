//! A fresh database for a run: a file of `SQLite`, or a database on the `PostgreSQL` server that `.ci/with_postgres.sh` started.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use tempfile::TempDir;

use super::server::Fault;

/// How many databases this process has made.
static MADE: AtomicU32 = AtomicU32::new(0);

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The embedded default.
    Sqlite,
    /// That of many replicas.
    Postgres,
}

impl Kind {
    /// Reads its name.
    pub fn parse(name: &str) -> Result<Self, Fault> {
        match name {
            "sqlite" => Ok(Self::Sqlite),
            "postgres" => Ok(Self::Postgres),
            _ => Err(format!("`{name}` is not a database: sqlite or postgres").into()),
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// A database of one run, and a folder for its files and logs.
pub struct Database {
    /// Which one.
    pub kind: Kind,
    /// Its `DATABASE_URL`.
    pub url: String,
    /// Gone with the run.
    pub folder: TempDir,
}

/// A connection to either.
pub enum Desk {
    /// `SQLite`.
    Sqlite(SqliteConnection),
    /// `PostgreSQL`.
    Postgres(PgConnection),
}

impl Database {
    /// Makes one, empty. The folder is on the disk that holds the build, because a disk in memory would make commits cheap.
    pub async fn create(kind: Kind) -> Result<Self, Fault> {
        let folder = TempDir::with_prefix_in("bench-", concat!(env!("CARGO_MANIFEST_DIR"), "/target"))?;
        let url = match kind {
            Kind::Sqlite => format!("sqlite://{}", folder.path().join("beonho.db").display()),
            Kind::Postgres => create_on_postgres().await?,
        };
        Ok(Self { kind, url, folder })
    }

    /// Opens a connection.
    pub async fn open(&self) -> Result<Desk, Fault> {
        Ok(match self.kind {
            Kind::Sqlite => Desk::Sqlite(SqliteConnection::connect(&self.url).await?),
            Kind::Postgres => Desk::Postgres(PgConnection::connect(&self.url).await?),
        })
    }
}

impl Desk {
    /// The texts of a question's one column.
    pub async fn texts(&mut self, sql: &str) -> Result<Vec<String>, Fault> {
        let sql = AssertSqlSafe(sql);
        Ok(match self {
            Self::Sqlite(db) => sqlx::query_scalar(sql).fetch_all(db).await?,
            Self::Postgres(db) => sqlx::query_scalar(sql).fetch_all(db).await?,
        })
    }
}

/// The server goes with the command that started it, and its databases with it.
#[expect(clippy::disallowed_methods, reason = "a program beside the server, with an environment of its own")]
async fn create_on_postgres() -> Result<String, Fault> {
    let server = std::env::var("BEONHO_TEST_POSTGRES_URL").map_err(|_| "start this with .ci/with_postgres.sh")?;
    let name = format!("bench_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
    let mut db = PgConnection::connect(&server).await?;
    sqlx::raw_sql(AssertSqlSafe(format!("create database {name}"))).execute(&mut db).await?;
    let (base, _) = server.rsplit_once('/').ok_or("not the address of a database")?;
    Ok(format!("{base}/{name}"))
}
