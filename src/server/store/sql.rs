//! The SQL text, the same for both databases, compiled once for each:
//!
//! ```text
//! store/sqlite.rs                      store/postgres.rs
//!   type Db = Sqlite                     type Db = Postgres
//!   Reader, Writer: one writer's task    Reader, Writer: a pool's lines
//!   NEEDS_ROW_LOCKS = false              NEEDS_ROW_LOCKS = true
//!   mod sql ── #[path = "sql.rs"] ──┐    mod sql ── #[path = "sql.rs"] ──┐
//!                                   ▼                                    ▼
//!                          sqlite::sql::SqlStore               postgres::sql::SqlStore
//!                                   └──────── store/sql/*.rs ────────────┘
//! ```
//!
//! `super` is therefore two modules: what differs comes from there, by name. sqlx checks types for one driver at a time, so a generic over both
//! would have to spell out every bound of every statement (docs/design.md, "Why does one SQL text serve two databases, and how is it compiled
//! for both?").

/// Hands a verb to the writer, with copies of what it borrows, because the writer may work in a task of its own, and may have to run it again.
macro_rules! hand_over {
    ($store:ident . $method:ident ($($borrowed:ident),*), $db:ident => $verb:expr) => {{
        $(let $borrowed = $borrowed.to_owned();)*
        $store.writer.$method(move |$db| {
            $(let $borrowed = $borrowed.clone();)*
            Box::pin(async move { $verb.await })
        }).await
    }};
}

#[path = "sql/abuse.rs"]
mod abuse;
#[path = "sql/accounts.rs"]
mod accounts;
#[path = "sql/added.rs"]
mod added;
#[path = "sql/asked.rs"]
mod asked;
#[path = "sql/attempts.rs"]
mod attempts;
#[path = "sql/challenges.rs"]
mod challenges;
#[path = "sql/clients.rs"]
mod clients;
#[path = "sql/console.rs"]
mod console;
#[path = "sql/day.rs"]
mod day;
#[path = "sql/deliveries.rs"]
mod deliveries;
#[path = "sql/erasure.rs"]
mod erasure;
#[path = "sql/evidence.rs"]
mod evidence;
#[path = "sql/gathered.rs"]
mod gathered;
#[path = "sql/grants.rs"]
mod grants;
#[path = "sql/guard.rs"]
mod guard;
#[path = "sql/history.rs"]
mod history;
#[path = "sql/hosted.rs"]
mod hosted;
#[path = "sql/kept_answers.rs"]
mod kept_answers;
#[path = "sql/logouts.rs"]
mod logouts;
#[path = "sql/oversight.rs"]
mod oversight;
#[path = "sql/proofs.rs"]
mod proofs;
#[path = "sql/proving.rs"]
mod proving;
#[path = "sql/reserving.rs"]
mod reserving;
#[path = "sql/results.rs"]
mod results;
#[path = "sql/schema.rs"]
mod schema;
#[path = "sql/sends.rs"]
mod sends;
#[path = "sql/sessions.rs"]
mod sessions;
#[path = "sql/statement.rs"]
mod statement;
#[path = "sql/story.rs"]
mod story;
#[path = "sql/tally.rs"]
mod tally;
#[path = "sql/tokens.rs"]
mod tokens;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

use super::super::migrations::Schema;
use super::super::{Ending, Store, Stored};
use super::{Connection, Reader, Writer};
use crate::verification::Policy;
use gathered::Gathered;
pub(super) use schema::migrate;

/// The readers and the writer of one database, and what is gathered for them. PostgreSQL has one pool for both.
pub(in crate::server::store) struct SqlStore {
    reader: Reader,
    writer: Arc<Writer>,
    gathered: Gathered,
}

impl SqlStore {
    pub(super) fn new(reader: Reader, writer: Writer) -> Self {
        let writer = Arc::new(writer);
        Self { gathered: Gathered::start(&reader, &writer), reader, writer }
    }

    pub(super) async fn find_schema(&self) -> Stored<Schema> {
        Ok(schema::find_schema(&mut *self.reader.acquire().await?).await?)
    }
}

/// The ending of a verb that always keeps what it wrote.
async fn kept<T>(verb: impl Future<Output = Result<T, sqlx::Error>>) -> Result<Ending<T>, sqlx::Error> {
    verb.await.map(Ending::Commit)
}

#[async_trait]
impl Store for SqlStore {
    async fn ping(&self) -> Stored<()> {
        self.writer.ping().await
    }

    async fn sweep(&self, policy: &Policy, now: Timestamp, batch: u32) -> Stored<bool> {
        hand_over!(self.execute(policy), db => erasure::sweep(db, &policy, now, batch))
    }
}
