//! A verb that is handed to the writer.

use async_trait::async_trait;
use futures::future::BoxFuture;
use sqlx::SqliteConnection;
use tokio::sync::oneshot;

use crate::server::store::batch::caught;
use crate::server::store::{Ending, StoreFault, Stored};

/// A verb whose caller waits.
#[async_trait]
pub(super) trait Job: Send {
    fn is_awaited(&self) -> bool;
    fn has_steps(&self) -> bool;
    /// Writes. False when what was written is to be taken back.
    async fn run(&mut self, db: &mut SqliteConnection) -> bool;
    /// Answers the caller.
    fn answer(self: Box<Self>, committed: &Result<(), String>);
}

pub(super) struct Write<T, V> {
    pub(super) has_steps: bool,
    pub(super) verb: V,
    pub(super) result: Option<Stored<T>>,
    pub(super) caller: oneshot::Sender<Stored<T>>,
}

#[async_trait]
impl<T, V> Job for Write<T, V>
where
    T: Send,
    V: for<'c> Fn(&'c mut SqliteConnection) -> BoxFuture<'c, Result<Ending<T>, sqlx::Error>> + Send,
{
    fn is_awaited(&self) -> bool {
        !self.caller.is_closed()
    }

    fn has_steps(&self) -> bool {
        self.has_steps
    }

    async fn run(&mut self, db: &mut SqliteConnection) -> bool {
        // A verb that panics must not be the last one: nobody else writes.
        let (result, is_kept) = match caught((self.verb)(db)).await {
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
