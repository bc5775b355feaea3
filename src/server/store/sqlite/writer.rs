//! The one writer of a file. Verbs that wait for it share a transaction, so that many of them wait for the disk once.
//!
//! Where one of several fails or takes itself back, the transaction is rolled back and each is run again, alone: it leaves nothing, and the
//! others are none the worse. Nobody is answered before the commit. What nobody waits for any more when its turn comes is not written.
//!
//! It begins and ends transactions by statements, because those of sqlx hand each over twice, and nobody but this task could leave one.

mod job;

use futures::future::BoxFuture;
use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqliteConnection, SqlitePool};
use tokio::sync::{mpsc, oneshot};

use super::BEGIN;
use crate::server::store::{Ending, StoreFault, Stored};
use job::{Job, Write};

/// The most verbs that share a commit: the first of them waits for all the others.
const MAX_GROUP: usize = 64;
/// How many verbs may wait before their callers wait for a place in the queue.
const MAX_QUEUE: usize = 1024;

/// Where verbs queue up.
pub(in crate::server::store) struct Writer {
    queue: mpsc::Sender<Box<dyn Job>>,
}

impl Writer {
    /// Starts to write, in a thread of its own: between the statements of a group everybody waits, and must not wait for a turn among all
    /// that a busy server does. It ends when the `Writer` is dropped.
    pub(super) fn start(pool: SqlitePool) -> Result<Self, sqlx::Error> {
        let (queue, jobs) = mpsc::channel(MAX_QUEUE);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        std::thread::Builder::new().name("writer".to_owned()).spawn(move || runtime.block_on(work(pool, jobs)))?;
        Ok(Self { queue })
    }

    /// Writes what stands there already, which tells whether anything can be written: SQLite commits a page of it.
    pub(super) async fn ping(&self) -> Stored<()> {
        self.execute(|db| Box::pin(async { sqlx::query("pragma user_version = 0").execute(db).await.map(drop) })).await
    }

    /// Runs a verb of one statement.
    pub(super) async fn execute<T, V>(&self, verb: V) -> Stored<T>
    where
        T: Send + 'static,
        V: for<'c> Fn(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, sqlx::Error>> + Send + 'static,
    {
        self.enqueue(false, move |db| {
            let written = verb(db);
            Box::pin(async { written.await.map(Ending::Commit) })
        })
        .await
    }

    /// Runs a verb of several statements, which are written together or not at all.
    pub(super) async fn transact<T, V>(&self, verb: V) -> Stored<T>
    where
        T: Send + 'static,
        V: for<'c> Fn(&'c mut SqliteConnection) -> BoxFuture<'c, Result<Ending<T>, sqlx::Error>> + Send + 'static,
    {
        self.enqueue(true, verb).await
    }

    /// The same for a group of requests: there is nobody else's lock to wait for.
    pub(super) async fn transact_together<T, V>(&self, verb: V) -> Stored<T>
    where
        T: Send + 'static,
        V: for<'c> Fn(&'c mut SqliteConnection) -> BoxFuture<'c, Result<Ending<T>, sqlx::Error>> + Send + 'static,
    {
        self.transact(verb).await
    }

    async fn enqueue<T, V>(&self, has_steps: bool, verb: V) -> Stored<T>
    where
        T: Send + 'static,
        V: for<'c> Fn(&'c mut SqliteConnection) -> BoxFuture<'c, Result<Ending<T>, sqlx::Error>> + Send + 'static,
    {
        let (caller, answer) = oneshot::channel();
        let job = Box::new(Write { has_steps, verb, result: None, caller });
        self.queue.send(job).await.map_err(|_| sqlx::Error::WorkerCrashed)?;
        answer.await.unwrap_or(Err(StoreFault::from(sqlx::Error::WorkerCrashed)))
    }
}

async fn work(pool: SqlitePool, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
    let mut group = Vec::with_capacity(MAX_GROUP);
    while jobs.recv_many(&mut group, MAX_GROUP).await > 0 {
        group.retain(|job| job.is_awaited());
        let written = write(&pool, &mut group).await;
        if group.len() > 1 && matches!(written, Ok(Written::TakenBack)) {
            for mut job in group.drain(..) {
                let written = write(&pool, std::slice::from_mut(&mut job)).await;
                job.answer(&written.map(drop).map_err(|fault| fault.to_string()));
            }
        }
        let committed = written.map(drop).map_err(|fault| fault.to_string());
        for job in group.drain(..) {
            job.answer(&committed);
        }
    }
}

enum Written {
    Kept,
    /// One of them failed or took itself back, and with it all.
    TakenBack,
}

async fn write(pool: &SqlitePool, jobs: &mut [Box<dyn Job>]) -> Result<Written, sqlx::Error> {
    let mut db = pool.acquire().await?;
    match jobs {
        [] => Ok(Written::Kept),
        // SQLite takes a statement that failed back by itself.
        [alone] if !alone.has_steps() => {
            alone.run(&mut db).await;
            Ok(Written::Kept)
        }
        together => write_in_transaction(db, together).await,
    }
}

async fn write_in_transaction(mut db: PoolConnection<Sqlite>, jobs: &mut [Box<dyn Job>]) -> Result<Written, sqlx::Error> {
    run(&mut db, BEGIN).await?;
    // The lock may have been waited for longer than callers do.
    for job in jobs.iter_mut().filter(|job| job.is_awaited()) {
        if !job.run(&mut db).await {
            roll_back(db).await;
            return Ok(Written::TakenBack);
        }
    }
    let committed = run(&mut db, "commit").await;
    if committed.is_err() {
        roll_back(db).await;
    }
    committed.map(|()| Written::Kept)
}

/// Where that fails, SQLite has rolled back by itself, as on a full disk, or has not: the next connection knows of no transaction in either case.
async fn roll_back(mut db: PoolConnection<Sqlite>) {
    if run(&mut db, "rollback").await.is_err() {
        drop(db.close().await);
    }
}

async fn run(db: &mut SqliteConnection, sql: &'static str) -> Result<(), sqlx::Error> {
    sqlx::query(sql).execute(db).await.map(drop)
}
