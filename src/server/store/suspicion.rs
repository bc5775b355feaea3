//! Whether something went wrong with the database a moment ago.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How long nothing is taken for granted after a verb failed, or was left before its end.
const WAKE: Duration = Duration::from_secs(10);

/// What is sound in quiet times is looked at while this is awake.
#[derive(Default)]
pub(super) struct Suspicion(Mutex<Option<Instant>>);

impl Suspicion {
    pub(super) fn rouse(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    pub(super) fn is_awake(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|roused| roused.elapsed() < WAKE)
    }
}

/// Rouses a suspicion unless all went well.
pub(super) struct Watch<'a> {
    suspicion: &'a Suspicion,
    /// Whether all went well.
    pub(super) is_well: bool,
}

impl<'a> Watch<'a> {
    pub(super) fn over(suspicion: &'a Suspicion) -> Self {
        Self { suspicion, is_well: false }
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        if !self.is_well {
            self.suspicion.rouse();
        }
    }
}
