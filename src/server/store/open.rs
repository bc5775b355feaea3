//! Opens a database by its URL.

use std::sync::Arc;

use super::guarded::{DatabaseFile, Guarded};
use super::migrations::Schema;
use super::{Store, StoreFault, Stored, postgres, sqlite};

/// Opens the database of a URL (`sqlite://…` or `postgres://…`) and migrates it. Replicas that start at once migrate once.
pub async fn connect(url: &str) -> Stored<Arc<dyn Store>> {
    let recent_faults = Arc::default();
    if is_postgres(url) {
        return Ok(Arc::new(Guarded::new(postgres::connect(url, &recent_faults).await?, None, recent_faults)));
    }
    let (store, path) = sqlite::connect(url).await?;
    Ok(Arc::new(Guarded::new(store, Some(DatabaseFile::at(path)?), recent_faults)))
}

/// Opens a database that is there, as it is, for a command of the operator. Fails where its tables are not this program's.
pub(crate) async fn open(url: &str) -> Stored<Arc<dyn Store>> {
    let recent_faults = Arc::default();
    let (store, schema): (Arc<dyn Store>, _) = if is_postgres(url) {
        let (store, schema) = postgres::open(url, &recent_faults).await?;
        (Arc::new(Guarded::new(store, None, recent_faults)), schema)
    } else {
        let (store, schema) = sqlite::open(url).await?;
        (Arc::new(Guarded::new(store, None, recent_faults)), schema)
    };
    demand(schema)?;
    Ok(store)
}

/// A command must know every place that a number may be in.
fn demand(schema: Schema) -> Stored<()> {
    let why = match schema {
        Schema::Current => return Ok(()),
        Schema::Missing => "it is no database of Beonho",
        Schema::Older => "its tables are of an older Beonho: start this one's server on it first",
        Schema::Newer => "its tables are of a newer Beonho: use the commands of that one",
    };
    Err(StoreFault(why.into()))
}

/// Whether a URL names a database whole, with no option that nobody would read. The words name no secret part.
pub(crate) fn check_url(url: &str) -> Result<(), String> {
    if is_postgres(url) { postgres::check_url(url) } else { sqlite::check_url(url) }
}

/// Which database a URL means, in words that hold no password.
#[must_use]
pub fn name_of(url: &str) -> String {
    let name = if is_postgres(url) { postgres::name_of(url) } else { sqlite::name_of(url) };
    name.unwrap_or_else(|| "a database whose URL cannot be read".to_owned())
}

/// Copies the SQLite database of a URL, as it stands at one moment, into a new file, never over another. Others may write meanwhile.
pub(crate) async fn back_up(url: &str, copy: &str) -> Stored<()> {
    if is_postgres(url) {
        return Err(StoreFault("PostgreSQL has its own tools for that: pg_dump, pg_basebackup".into()));
    }
    sqlite::back_up(url, copy).await
}

fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres:") || url.starts_with("postgresql:")
}
