//! Reading much at once. A statement that goes on when nobody waits for it any more would keep others from reading, and the log from being
//! written into the file: then each commit goes through all of the log.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use sqlx::{Connection as _, SqliteConnection, SqlitePool};

/// How many steps of SQLite's virtual machine lie between two looks at whether somebody waits: a few milliseconds.
const STEPS: i32 = 100_000;

/// A connection for one report. What it does ends when it is dropped.
pub(super) struct Report {
    // Dropped first: a statement that is under way ends.
    _reader: Arc<()>,
    connection: SqliteConnection,
}

/// Opens one, beside those that everybody reads with.
pub(super) async fn report(pool: &SqlitePool) -> Result<Report, sqlx::Error> {
    let mut connection = SqliteConnection::connect_with(&pool.connect_options()).await?;
    let reader = Arc::new(());
    let waits = Arc::downgrade(&reader);
    connection.lock_handle().await?.set_progress_handler(STEPS, move || waits.strong_count() > 0);
    Ok(Report { _reader: reader, connection })
}

impl Deref for Report {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.connection
    }
}

impl DerefMut for Report {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }
}
