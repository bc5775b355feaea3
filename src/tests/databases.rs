//! A database for each test: `SQLite` in a folder of its own, `PostgreSQL` under a name of its own.

use std::collections::BTreeMap;

use beonho::server::entropy;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use tempfile::TempDir;

/// Where `PostgreSQL` is; `.ci/with_postgres.sh` starts one and sets it.
const POSTGRES_URL: &str = "BEONHO_TEST_POSTGRES_URL";

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    pub const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];
}

/// A database with nothing in it. The folder goes when the test ends.
pub struct Database {
    pub url: String,
    _folder: Option<TempDir>,
}

impl Database {
    pub async fn fresh(kind: Kind) -> Self {
        match kind {
            Kind::Sqlite => fresh_sqlite(),
            Kind::Postgres => fresh_postgres().await,
        }
    }
}

fn fresh_sqlite() -> Database {
    let folder = tempfile::tempdir().expect("a folder for the database");
    let url = format!("sqlite://{}", folder.path().join("beonho.db").display());
    Database { url, _folder: Some(folder) }
}

async fn fresh_postgres() -> Database {
    let server = postgres_url();
    let name = format!("beonho_{:032x}", u128::from_be_bytes(entropy::bytes()));
    let mut admin = PgConnection::connect(&server).await.expect("the PostgreSQL server answers");
    sqlx::query(AssertSqlSafe(format!("create database {name}"))).execute(&mut admin).await.expect("a database is made");
    admin.close().await.expect("the connection closes");
    let (host, _) = server.rsplit_once('/').expect("the address ends with a database");
    Database { url: format!("{host}/{name}"), _folder: None }
}

#[expect(clippy::disallowed_methods, reason = "where the tests' PostgreSQL is, which no setting of ours tells")]
fn postgres_url() -> String {
    let missing = "these tests need PostgreSQL: run them by .ci/with_postgres.sh, which sets BEONHO_TEST_POSTGRES_URL";
    std::env::var(POSTGRES_URL).expect(missing)
}

/// How many rows each table of a database has, by name.
pub async fn rows_of_all_tables(url: &str) -> BTreeMap<String, i64> {
    let mut rows = BTreeMap::new();
    for name in tables(url).await {
        let count = crate::database_faults::count(url, &format!("select count(*) from {name}")).await;
        rows.insert(name, count);
    }
    rows
}

async fn tables(url: &str) -> Vec<String> {
    if url.starts_with("sqlite:") {
        let mut db = SqliteConnection::connect(url).await.expect("the database answers");
        let sql = "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'";
        return sqlx::query_scalar(sql).fetch_all(&mut db).await.expect("the tables");
    }
    let mut db = PgConnection::connect(url).await.expect("the database answers");
    let sql = "select tablename::text from pg_tables where schemaname = current_schema()";
    sqlx::query_scalar(sql).fetch_all(&mut db).await.expect("the tables")
}

/// Makes a test for each database of every function named, which takes the [`Kind`].
macro_rules! on_both_databases {
    ($($name:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                Box::pin(super::$name(crate::databases::Kind::Sqlite)).await;
            })*
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                Box::pin(super::$name(crate::databases::Kind::Postgres)).await;
            })*
        }
    };
}
pub(crate) use on_both_databases;

/// The rows of a table as text, in the order of that text. A name that is drawn anew each time is left out: that of an answer «taken».
pub async fn rows_of(url: &str, table: &str) -> Vec<String> {
    if url.starts_with("sqlite:") {
        let mut db = SqliteConnection::connect(url).await.expect("the database answers");
        let columns = format!("select name from pragma_table_info('{table}')");
        let columns: Vec<String> = sqlx::query_scalar(AssertSqlSafe(columns)).fetch_all(&mut db).await.expect("the columns");
        return sqlx::query_scalar(AssertSqlSafe(as_text(table, &columns))).fetch_all(&mut db).await.expect("the rows");
    }
    let mut db = PgConnection::connect(url).await.expect("the database answers");
    let columns = "select column_name::text from information_schema.columns where table_name = $1 order by ordinal_position";
    let columns: Vec<String> = sqlx::query_scalar(columns).bind(table).fetch_all(&mut db).await.expect("the columns");
    sqlx::query_scalar(AssertSqlSafe(as_text(table, &columns))).fetch_all(&mut db).await.expect("the rows")
}

fn as_text(table: &str, columns: &[String]) -> String {
    let text = |column: &String| match (table, column.as_str()) {
        ("sends", "id") => "case when result = 'taken' then '-' else id end".to_owned(),
        _ => format!("coalesce(cast({column} as text), '-')"),
    };
    let columns = columns.iter().map(text).collect::<Vec<_>>().join(" || ' | ' || ");
    format!("select {columns} as line from {table} order by line")
}
