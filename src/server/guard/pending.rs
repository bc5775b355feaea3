//! What came of sends and is yet to be written. It counts as evidence already; while it is being written too.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{Mutex as AsyncMutex, MutexGuard as AsyncGuard};

use crate::server::store::Tallied;
use crate::verification::guard::Counts;

/// How many entries wait at most. Only a database that takes none for minutes lets so many gather; what comes then is not counted.
const MAX_WAITING: usize = 100_000;

type Entries = BTreeMap<(String, i64), Counts>;

#[derive(Default)]
pub(super) struct Pending {
    entries: Mutex<Both>,
    turn: AsyncMutex<()>,
}

#[derive(Default)]
struct Both {
    waiting: Entries,
    /// Taken, and not yet settled.
    taken: Entries,
}

impl Pending {
    fn open(&self) -> MutexGuard<'_, Both> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn add(&self, keys: [String; 4], slot: i64, counts: Counts) {
        let mut entries = self.open();
        if entries.waiting.len() < MAX_WAITING {
            for key in keys {
                *entries.waiting.entry((key, slot)).or_default() += counts;
            }
        }
    }

    /// What is counted of a key from a slot up to another.
    pub(super) fn sum(&self, key: &str, from: i64, to: i64) -> Counts {
        let mut sum = Counts::default();
        if from >= to {
            return sum;
        }
        let (from, to) = ((key.to_owned(), from), (key.to_owned(), to));
        let entries = self.open();
        for entries in [&entries.waiting, &entries.taken] {
            for (_, counts) in entries.range(from.clone()..to.clone()) {
                sum += *counts;
            }
        }
        sum
    }

    /// One at a time writes.
    pub(super) async fn turn(&self) -> AsyncGuard<'_, ()> {
        self.turn.lock().await
    }

    /// Takes what waits, in the order of its keys. It is settled before anybody takes again.
    pub(super) fn take(&self) -> Vec<Tallied> {
        let mut entries = self.open();
        let waiting = std::mem::take(&mut entries.waiting);
        // Left by a writer that was dropped in the middle: it may be stored or not, and is written again.
        for (key, counts) in waiting {
            *entries.taken.entry(key).or_default() += counts;
        }
        entries.taken.iter().map(|(key, counts)| (key.clone(), *counts)).collect()
    }

    pub(super) fn settle(&self, is_written: bool) {
        let mut entries = self.open();
        let taken = std::mem::take(&mut entries.taken);
        if !is_written {
            for (key, counts) in taken {
                *entries.waiting.entry(key).or_default() += counts;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> [String; 4] {
        ["p", "c", "i", "n"].map(str::to_owned)
    }

    #[test]
    fn what_is_being_written_counts_once_until_it_is() {
        let pending = Pending::default();
        pending.add(keys(), 7, Counts::SENT);
        let sum = |pending: &Pending| pending.sum("p", 0, i64::MAX).sends;
        assert_eq!(sum(&pending), 1);
        assert_eq!(pending.take().len(), 4);
        pending.add(keys(), 7, Counts::SENT);
        assert_eq!(sum(&pending), 2, "one is being written, one waits");
        pending.settle(false);
        assert_eq!(sum(&pending), 2, "the first waits again");
        assert_eq!(pending.take().first().map(|(_, counts)| counts.sends), Some(2));
        pending.settle(true);
        assert_eq!((sum(&pending), pending.take().len()), (0, 0));
    }

    #[test]
    fn only_the_slots_that_are_asked_for_count() {
        let pending = Pending::default();
        for slot in [5, 6, 7] {
            pending.add(keys(), slot, Counts::SENT);
        }
        assert_eq!([pending.sum("p", 6, 7).sends, pending.sum("p", 6, i64::MAX).sends, pending.sum("p", 9, 6).sends], [1, 2, 0]);
        assert_eq!(pending.sum("q", 0, i64::MAX), Counts::default());
    }
}
