//! Who asks from one address takes turns: however many requests come from there, they hold a few of the database's connections at once, and
//! everybody else finds the others free.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::server::store::StoreFault;

/// How many requests of one address are about the same errand at the database at once.
const TURNS: usize = 2;
/// How long one waits for its turn: where the database hangs, those that have one are told so after five seconds.
const TIME_LIMIT: Duration = Duration::from_secs(2);

/// What a request wants of the database. Sends wait for a lock that another process may hold; who only looks does not wait behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Errand {
    Look,
    Send,
}

type Gate = (Errand, String);

/// The gates of all addresses that somebody asks from now.
#[derive(Default)]
pub struct Gates(Mutex<HashMap<Gate, Arc<Semaphore>>>);

/// A turn. It ends when it is dropped.
pub(super) struct Turn<'a> {
    gates: &'a Gates,
    gate: Gate,
    permit: Option<OwnedSemaphorePermit>,
}

impl Gates {
    /// Waits for a turn of this address.
    pub(super) async fn enter(&self, errand: Errand, requester: &str) -> Result<Turn<'_>, StoreFault> {
        let gate = (errand, requester.to_owned());
        let turns = Arc::clone(self.open().entry(gate.clone()).or_insert_with(|| Arc::new(Semaphore::new(TURNS))));
        let mut turn = Turn { gates: self, gate, permit: None };
        let late = |_| StoreFault("too many requests of one address wait for the database".into());
        turn.permit = timeout(TIME_LIMIT, turns.acquire_owned()).await.map_err(late)?.ok();
        Ok(turn)
    }

    fn open(&self) -> MutexGuard<'_, HashMap<Gate, Arc<Semaphore>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        drop(self.permit.take());
        let mut open = self.gates.open();
        // Whoever holds a turn or waits for one holds its gate too.
        if open.get(&self.gate).is_some_and(|turns| Arc::strong_count(turns) == 1) {
            open.remove(&self.gate);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_address_has_a_few_turns_and_another_has_its_own() {
        let gates = Gates::default();
        let mut turns = Vec::new();
        for _ in 0..TURNS {
            turns.push(gates.enter(Errand::Send, "a").await.expect("a turn"));
        }
        let mut next = std::pin::pin!(gates.enter(Errand::Send, "a"));
        assert!(futures::poll!(&mut next).is_pending());
        assert!(gates.enter(Errand::Send, "b").await.is_ok());
        assert!(gates.enter(Errand::Look, "a").await.is_ok(), "who looks does not wait behind who sends");
        turns.pop();
        assert!(next.await.is_ok());
        turns.clear();
        assert!(gates.open().is_empty(), "nothing is left of an address");
    }
}
