//! Whether something went wrong with the database a moment ago.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How long nothing is taken for granted after a verb failed, or was left before its end.
const RECENT: Duration = Duration::from_secs(10);

/// What is sound in quiet times is looked at while there are any.
#[derive(Default)]
pub(super) struct RecentFaults(Mutex<Option<Instant>>);

impl RecentFaults {
    pub(super) fn note(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    pub(super) fn any(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|noted| noted.elapsed() < RECENT)
    }
}

/// Notes a fault unless all went well.
pub(super) struct Watch<'a> {
    recent_faults: &'a RecentFaults,
    pub(super) is_well: bool,
}

impl<'a> Watch<'a> {
    pub(super) fn over(recent_faults: &'a RecentFaults) -> Self {
        Self { recent_faults, is_well: false }
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        if !self.is_well {
            self.recent_faults.note();
        }
    }
}
