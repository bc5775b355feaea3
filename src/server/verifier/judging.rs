//! Which guesses are being judged in this process now: a vendor may take seconds over one.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::verification::ChallengeId;

/// How many guesses at each challenge are being judged.
#[derive(Default)]
pub(crate) struct Judging(Mutex<HashMap<String, usize>>);

/// A guess that is being judged, until it is dropped.
pub(super) struct Guess<'a> {
    judging: &'a Judging,
    challenge: String,
}

impl Judging {
    pub(super) fn enter(&self, challenge: &ChallengeId) -> Guess<'_> {
        let challenge = challenge.as_str().to_owned();
        *self.guesses().entry(challenge.clone()).or_default() += 1;
        Guess { judging: self, challenge }
    }

    pub(super) fn is_under_way(&self, challenge: &ChallengeId) -> bool {
        self.guesses().contains_key(challenge.as_str())
    }

    fn guesses(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Guess<'_> {
    fn drop(&mut self) {
        let mut guesses = self.judging.guesses();
        if let Some(count) = guesses.get_mut(&self.challenge) {
            *count -= 1;
            if *count == 0 {
                guesses.remove(&self.challenge);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_is_judged_until_its_last_guess_is() {
        let (judging, id) = (Judging::default(), ChallengeId::from_stored("c".into()));
        let (first, second) = (judging.enter(&id), judging.enter(&id));
        drop(first);
        assert!(judging.is_under_way(&id));
        drop(second);
        assert!(!judging.is_under_way(&id) && judging.guesses().is_empty());
    }
}
