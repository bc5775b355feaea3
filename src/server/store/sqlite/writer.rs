//! The one writer of a file. Verbs that wait for it share a commit, so that many of them wait for the disk once.
//!
//! Within such a group each verb of several statements has a savepoint of its own: one that fails or takes itself back leaves nothing,
//! and the others are none the worse. A verb of one statement needs none: SQLite takes a statement that failed back by itself.
//! Nobody is answered before the commit. What nobody waits for any more when its turn comes is not written.

use std::panic::AssertUnwindSafe;

use async_trait::async_trait;
use futures::FutureExt;
use futures::future::BoxFuture;
use sqlx::{Connection, Sqlite, SqliteConnection, SqlitePool, Transaction};
use tokio::sync::{mpsc, oneshot};

use super::BEGIN;
use crate::server::store::{Ending, StoreFault, Stored};

/// The most verbs that share a commit: the first of them waits for all the others.
const MAX_GROUP: usize = 64;
/// How many verbs may wait before their callers wait for a place in the queue.
const MAX_QUEUE: usize = 1024;

/// Where verbs queue up.
pub(in crate::server::store) struct Writer {
    queue: mpsc::Sender<Box<dyn Job>>,
}

impl Writer {
    /// Starts to write. It ends when the `Writer` is dropped.
    pub(super) fn start(pool: SqlitePool) -> Self {
        let (queue, jobs) = mpsc::channel(MAX_QUEUE);
        tokio::spawn(work(pool, jobs));
        Self { queue }
    }

    /// Writes what stands there already, which tells whether anything can be written: SQLite commits a page of it.
    pub(super) async fn ping(&self) -> Stored<()> {
        self.execute(|db| Box::pin(async { sqlx::query("pragma user_version = 0").execute(db).await.map(drop) })).await
    }

    /// Runs a verb of one statement.
    pub(super) async fn execute<T, V>(&self, verb: V) -> Stored<T>
    where
        T: Send + 'static,
        V: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, sqlx::Error>> + Send + 'static,
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
        V: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<Ending<T>, sqlx::Error>> + Send + 'static,
    {
        self.enqueue(true, verb).await
    }

    async fn enqueue<T, V>(&self, has_steps: bool, verb: V) -> Stored<T>
    where
        T: Send + 'static,
        V: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<Ending<T>, sqlx::Error>> + Send + 'static,
    {
        let (caller, answer) = oneshot::channel();
        let job = Box::new(Write { has_steps, verb: Some(verb), result: None, caller });
        self.queue.send(job).await.map_err(|_| sqlx::Error::WorkerCrashed)?;
        answer.await.unwrap_or(Err(StoreFault::from(sqlx::Error::WorkerCrashed)))
    }
}

/// A verb whose caller waits.
#[async_trait]
trait Job: Send {
    fn is_awaited(&self) -> bool;
    fn has_steps(&self) -> bool;
    /// Writes. False when what was written is to be taken back.
    async fn run(&mut self, db: &mut SqliteConnection) -> bool;
    /// Answers the caller.
    fn answer(self: Box<Self>, committed: &Result<(), String>);
}

struct Write<T, V> {
    has_steps: bool,
    verb: Option<V>,
    result: Option<Stored<T>>,
    caller: oneshot::Sender<Stored<T>>,
}

#[async_trait]
impl<T, V> Job for Write<T, V>
where
    T: Send,
    V: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<Ending<T>, sqlx::Error>> + Send,
{
    fn is_awaited(&self) -> bool {
        !self.caller.is_closed()
    }

    fn has_steps(&self) -> bool {
        self.has_steps
    }

    async fn run(&mut self, db: &mut SqliteConnection) -> bool {
        let Some(verb) = self.verb.take() else { return false };
        let (result, is_kept) = match verb(db).await {
            Ok(Ending::Commit(value)) => (Ok(value), true),
            Ok(Ending::Rollback(value)) => (Ok(value), false),
            Err(fault) => (Err(fault.into()), false),
        };
        self.result = Some(result);
        is_kept
    }

    fn answer(self: Box<Self>, committed: &Result<(), String>) {
        let fault = |why: &String| Err(StoreFault(why.as_str().into()));
        let result = match (committed, self.result) {
            (Ok(()), Some(result)) => result,
            (Err(why), _) => fault(why),
            (Ok(()), None) => fault(&"the verb was not run".to_owned()),
        };
        // A caller that is gone has been told that it waited too long.
        let _ = self.caller.send(result);
    }
}

async fn work(pool: SqlitePool, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
    let mut group = Vec::with_capacity(MAX_GROUP);
    while jobs.recv_many(&mut group, MAX_GROUP).await > 0 {
        group.retain(|job| job.is_awaited());
        // A verb that panics must not be the last one: nobody else writes.
        let written = AssertUnwindSafe(write(&pool, &mut group)).catch_unwind().await;
        let committed = match written {
            Ok(written) => written.map_err(|fault| fault.to_string()),
            Err(_) => Err("a verb panicked".to_owned()),
        };
        for job in group.drain(..) {
            job.answer(&committed);
        }
    }
}

async fn write(pool: &SqlitePool, group: &mut [Box<dyn Job>]) -> Result<(), sqlx::Error> {
    match group {
        [] => Ok(()),
        [alone] => write_one(pool, &mut **alone).await,
        together => write_all(pool, together).await,
    }
}

async fn write_one(pool: &SqlitePool, job: &mut dyn Job) -> Result<(), sqlx::Error> {
    if !job.has_steps() {
        job.run(&mut *pool.acquire().await?).await;
        return Ok(());
    }
    let tx = pool.begin_with(BEGIN).await?;
    // The lock may have been waited for longer than the caller does.
    if job.is_awaited() { run_in(tx, job).await } else { tx.rollback().await }
}

async fn write_all(pool: &SqlitePool, jobs: &mut [Box<dyn Job>]) -> Result<(), sqlx::Error> {
    let mut group = pool.begin_with(BEGIN).await?;
    for job in jobs.iter_mut().filter(|job| job.is_awaited()) {
        if job.has_steps() {
            let savepoint = group.begin().await?;
            run_in(savepoint, &mut **job).await?;
        } else {
            job.run(&mut group).await;
        }
    }
    group.commit().await
}

async fn run_in(mut tx: Transaction<'_, Sqlite>, job: &mut dyn Job) -> Result<(), sqlx::Error> {
    if job.run(&mut tx).await { tx.commit().await } else { tx.rollback().await }
}
