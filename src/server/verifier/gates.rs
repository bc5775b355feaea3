//! Who asks from one address takes turns: however many requests come from there, they hold a few of the database's connections at once, and
//! everybody else finds the others free.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

use crate::server::store::StoreFault;

/// How many requests of one address are about the same errand at the database at once.
const TURNS: usize = 2;
/// How long one waits while no turn ends: then the database hangs, and those that have a turn are told so after five seconds.
const STANDSTILL: Duration = Duration::from_secs(2);
/// How long one waits in all. An island waits for twenty seconds, and a vendor takes five of them.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// What a request wants of the database. Sends wait for a lock that another process may hold; who only looks does not wait behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Errand {
    /// To read.
    Look,
    /// To reserve a send.
    Send,
}

type Gate = (Errand, String);

/// The gates of all addresses that somebody asks from now.
#[derive(Default)]
pub struct Gates(Mutex<HashMap<Gate, Arc<Turns>>>);

struct Turns {
    free: Arc<Semaphore>,
    ended: AtomicU64,
}

/// A turn. It ends when it is dropped.
pub struct Turn<'a> {
    gates: &'a Gates,
    gate: Gate,
    turns: Arc<Turns>,
    permit: Option<OwnedSemaphorePermit>,
}

impl Gates {
    /// Waits for a turn of this address. Fails when none ends for two seconds, or after ten.
    pub async fn enter(&self, errand: Errand, requester: &str) -> Result<Turn<'_>, StoreFault> {
        let gate = (errand, requester.to_owned());
        let turns = Arc::clone(self.open().entry(gate.clone()).or_insert_with(|| Arc::new(Turns::new())));
        let mut turn = Turn { gates: self, gate, turns, permit: None };
        turn.permit = turn.turns.wait().await;
        if turn.permit.is_none() {
            return Err(StoreFault("too many requests of one address wait for the database".into()));
        }
        Ok(turn)
    }

    fn open(&self) -> MutexGuard<'_, HashMap<Gate, Arc<Turns>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turns {
    fn new() -> Self {
        Self { free: Arc::new(Semaphore::new(TURNS)), ended: AtomicU64::new(0) }
    }

    /// Waits in line for as long as others come and go.
    async fn wait(&self) -> Option<OwnedSemaphorePermit> {
        let mut permit = pin!(Arc::clone(&self.free).acquire_owned());
        let begun = Instant::now();
        loop {
            let ended = self.ended.load(Ordering::Relaxed);
            match timeout(STANDSTILL, &mut permit).await {
                Ok(permit) => return permit.ok(),
                Err(_) if is_hopeless(self.ended.load(Ordering::Relaxed) - ended, begun.elapsed()) => return None,
                Err(_) => {}
            }
        }
    }
}

/// Whether to wait no longer, after a standstill's time in which so many turns ended.
fn is_hopeless(ended: u64, waited: Duration) -> bool {
    ended == 0 || waited >= LONGEST_WAIT
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if self.permit.take().is_some() {
            self.turns.ended.fetch_add(1, Ordering::Relaxed);
        }
        let mut open = self.gates.open();
        // Whoever holds a turn or waits for one holds its gate too, as the map does and this one.
        if open.get(&self.gate).is_some_and(|turns| Arc::strong_count(turns) == 2) {
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

    #[test]
    fn whoever_is_in_line_waits_while_others_come_and_go_and_not_for_a_database_that_hangs() {
        assert!(is_hopeless(0, STANDSTILL));
        assert!(!is_hopeless(1, STANDSTILL));
        assert!(!is_hopeless(1, STANDSTILL * 4));
        assert!(is_hopeless(1, LONGEST_WAIT));
    }
}
