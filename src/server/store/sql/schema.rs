//! The tables: which of the migrations a database has, and the run of those that it lacks.

use super::super::{Db, HAS_MIGRATIONS};
use super::{Connection, Stored};
use crate::server::store::StoreFault;
use crate::server::store::migrations::{Schema, migrator};

pub(in super::super) async fn find_schema(db: &mut Connection) -> Result<Schema, sqlx::Error> {
    if !sqlx::query_scalar(HAS_MIGRATIONS).fetch_one(&mut *db).await? {
        return Ok(Schema::Missing);
    }
    let applied = sqlx::query_scalar("select version from _sqlx_migrations where success order by version");
    Ok(Schema::of(&applied.fetch_all(db).await?))
}

/// Runs what is yet to be run, within a transaction of the caller that keeps others from doing so too.
pub(in super::super) async fn migrate(db: &mut <Db as sqlx::Database>::Connection) -> Stored<()> {
    // `run` would make every future that holds it less general than a task needs.
    migrator().run_direct(None, db, false).await.map_err(|fault| StoreFault(Box::new(fault)))
}
