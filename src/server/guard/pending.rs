//! What came of sends and is yet to be written. It counts as evidence already, and never twice: what is read while it is being written
//! may be in the tally or not.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::sync::{Mutex as AsyncMutex, MutexGuard as AsyncGuard};

use crate::server::store::{StoredEvidence, Tallied};
use crate::verification::guard::{Counts, Evidence, mature_before, recent_from, slot_of, slots_in};
use crate::verification::policy::{DAY, HOUR};

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
    /// How often something was taken or settled.
    moves: u64,
}

/// What waited of a send's keys at an instant.
pub(super) struct Waiting {
    entries: Vec<(String, i64, Counts)>,
    is_being_written: bool,
    moves: u64,
}

impl Waiting {
    /// What is stored of prefix, requester and network, and what waits.
    pub(super) fn with(&self, keys: &[String; 4], stored: &StoredEvidence, now: Timestamp) -> Evidence {
        let ([prefix, _, requester, network], slot, mature) = (keys, slot_of(now), mature_before(now));
        let sum = |mut counts: Counts, key: &str, from: i64, to: i64| {
            counts += self.sum(key, from, to);
            counts
        };
        let since = |from: i64| from.max(stored.prefix_since + 1);
        Evidence {
            prefix_recent: sum(stored.prefix_recent, prefix, since(recent_from(now)), i64::MAX),
            prefix_day: sum(stored.prefix_day, prefix, since(slot - slots_in(DAY)), mature),
            requester: sum(stored.requester, requester, slot - slots_in(HOUR), mature),
            network: sum(stored.network, network, slot - slots_in(HOUR), mature),
            ..Evidence::default()
        }
    }

    /// The same, where nothing that could speak for anybody is counted: the sends alone.
    pub(super) fn at_worst(&self) -> Self {
        let sends =
            |(key, slot, counts): &(String, i64, Counts)| (key.clone(), *slot, Counts { sends: counts.sends.max(0), verified: 0 });
        Self { entries: self.entries.iter().map(sends).collect(), ..*self }
    }

    /// What waits of a key from a slot up to another.
    fn sum(&self, key: &str, from: i64, to: i64) -> Counts {
        let mut sum = Counts::default();
        for (of, slot, counts) in &self.entries {
            if of == key && (from..to).contains(slot) {
                sum += *counts;
            }
        }
        sum
    }
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

    /// What waits of these keys.
    pub(super) fn of(&self, keys: &[String; 4]) -> Waiting {
        let both = self.open();
        let mut entries = Vec::new();
        for key in keys {
            let slots = (key.clone(), i64::MIN)..=(key.clone(), i64::MAX);
            let found = [&both.waiting, &both.taken].into_iter().flat_map(|entries| entries.range(slots.clone()));
            entries.extend(found.map(|((key, slot), counts)| (key.clone(), *slot, *counts)));
        }
        Waiting { entries, is_being_written: !both.taken.is_empty(), moves: both.moves }
    }

    /// Whether what was read of the tally since then has in it nothing of what waited.
    pub(super) fn is_apart(&self, waiting: &Waiting) -> bool {
        waiting.entries.is_empty() || (!waiting.is_being_written && self.open().moves == waiting.moves)
    }

    /// One at a time writes.
    pub(super) async fn turn(&self) -> AsyncGuard<'_, ()> {
        self.turn.lock().await
    }

    /// Takes what waits, in the order of its keys. It is settled before anybody takes again.
    pub(super) fn take(&self) -> Vec<Tallied> {
        let mut entries = self.open();
        entries.moves += 1;
        let waiting = std::mem::take(&mut entries.waiting);
        // Left by a writer that was dropped in the middle: it may be stored or not, and is written again.
        for (key, counts) in waiting {
            *entries.taken.entry(key).or_default() += counts;
        }
        entries.taken.iter().map(|(key, counts)| (key.clone(), *counts)).collect()
    }

    pub(super) fn settle(&self, is_written: bool) {
        let mut entries = self.open();
        entries.moves += 1;
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
        let sum = |pending: &Pending| pending.of(&keys()).sum("p", 0, i64::MAX).sends;
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
        let waiting = pending.of(&keys());
        assert_eq!([waiting.sum("p", 6, 7).sends, waiting.sum("p", 6, i64::MAX).sends, waiting.sum("p", 9, 6).sends], [1, 2, 0]);
        assert_eq!(pending.of(&["q"; 4].map(str::to_owned)).sum("q", 0, i64::MAX), Counts::default());
    }

    #[test]
    fn what_was_read_while_something_was_written_is_not_apart() {
        let pending = Pending::default();
        pending.add(keys(), 7, Counts::SENT);
        let waiting = pending.of(&keys());
        assert!(pending.is_apart(&waiting));
        pending.take();
        assert!(!pending.is_apart(&waiting), "it may have been stored since");
        let waiting = pending.of(&keys());
        assert!(!pending.is_apart(&waiting));
        assert!(pending.is_apart(&pending.of(&["q"; 4].map(str::to_owned))), "nothing of these is being written");
        pending.settle(true);
        assert!(!pending.is_apart(&waiting), "it is stored since");
        assert!(pending.is_apart(&pending.of(&keys())));
    }
}
