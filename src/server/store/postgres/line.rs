//! What a verb talks to: a connection as it is, or one that a pooler lends for a transaction.

use std::fmt;

use futures::future::BoxFuture;
use futures::stream::BoxStream;
use sqlx::error::BoxDynError;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgQueryResult, PgRow, PgStatement, PgTypeInfo};
use sqlx::{Describe, Either, Execute, Executor, PgConnection, Postgres, SqlStr, Transaction};

/// A connection, while a verb has it.
pub(in crate::server::store) enum Line {
    /// Straight to PostgreSQL: statements are prepared once and kept.
    Kept(PoolConnection<Postgres>),
    /// A transaction on such a connection.
    KeptWithin(Transaction<'static, Postgres>),
    /// Through a pooler that hands every transaction to whichever connection is free: a statement kept on one is not there on the next, so
    /// none is kept, and preparing and running it must not be parted.
    LentWithin(Transaction<'static, Postgres>),
}

impl Line {
    fn connection(&mut self) -> &mut PgConnection {
        match self {
            Self::Kept(connection) => connection,
            Self::KeptWithin(tx) | Self::LentWithin(tx) => tx,
        }
    }

    pub(super) async fn commit(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Kept(_) => Ok(()),
            Self::KeptWithin(tx) | Self::LentWithin(tx) => tx.commit().await,
        }
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Line")
    }
}

/// A statement that is not kept.
struct NotKept<E>(E);

impl<'q, E: Execute<'q, Postgres>> Execute<'q, Postgres> for NotKept<E> {
    fn sql(self) -> SqlStr {
        self.0.sql()
    }

    fn statement(&self) -> Option<&PgStatement> {
        None
    }

    fn take_arguments(&mut self) -> Result<Option<PgArguments>, BoxDynError> {
        self.0.take_arguments()
    }

    fn persistent(&self) -> bool {
        false
    }
}

impl<'c> Executor<'c> for &'c mut Line {
    type Database = Postgres;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Either<PgQueryResult, PgRow>, sqlx::Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let is_kept = !matches!(self, Line::LentWithin(_));
        if is_kept { self.connection().fetch_many(query) } else { self.connection().fetch_many(NotKept(query)) }
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<PgRow>, sqlx::Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let is_kept = !matches!(self, Line::LentWithin(_));
        if is_kept { self.connection().fetch_optional(query) } else { self.connection().fetch_optional(NotKept(query)) }
    }

    fn prepare_with<'e>(self, sql: SqlStr, parameters: &'e [PgTypeInfo]) -> BoxFuture<'e, Result<PgStatement, sqlx::Error>>
    where
        'c: 'e,
    {
        self.connection().prepare_with(sql, parameters)
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Postgres>, sqlx::Error>>
    where
        'c: 'e,
    {
        self.connection().describe(sql)
    }
}
