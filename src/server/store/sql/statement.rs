//! A statement about a set of rows, of which its text knows as `asked`.

use sqlx::{AssertSqlSafe, FromRow};

use super::super::{Arguments, Db, set};
use super::Connection;
use crate::server::store::set::Set;

pub(super) struct Statement {
    text: String,
    arguments: Arguments,
}

impl Statement {
    pub(super) fn about(set: Set<'_>, text: &str) -> Result<Self, sqlx::Error> {
        Self::about_all(&[set], |[asked]| asked + text)
    }

    /// Several at once, each about its own set, which the text is put together of.
    pub(super) fn about_all<const N: usize>(
        sets: &[Set<'_>; N],
        text: impl FnOnce([String; N]) -> String,
    ) -> Result<Self, sqlx::Error> {
        Ok(Self { text: text(set::beginnings(sets)), arguments: set::values(sets).map_err(sqlx::Error::Encode)? })
    }

    /// The number of rows that it changed.
    pub(super) async fn execute(self, db: &mut Connection) -> Result<u64, sqlx::Error> {
        let query = sqlx::query_with(AssertSqlSafe(self.text), self.arguments);
        query.execute(db).await.map(|done| done.rows_affected())
    }

    pub(super) async fn fetch_all<R>(self, db: &mut Connection) -> Result<Vec<R>, sqlx::Error>
    where
        R: for<'r> FromRow<'r, <Db as sqlx::Database>::Row> + Send + Unpin,
    {
        sqlx::query_as_with(AssertSqlSafe(self.text), self.arguments).fetch_all(db).await
    }
}
