//! Which senders fail, and are passed over for a while.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::ProviderFault;
use crate::server::clock::Clock;
use crate::server::metrics::Metrics;

/// How far back it is looked.
const WINDOW: SignedDuration = SignedDuration::from_secs(60);
/// Of how many calls at least more than half must have failed: one fault says nothing.
const FEWEST_CALLS: usize = 5;
/// How many calls are remembered of a sender.
const MOST_CALLS: usize = 1000;
/// How long a sender is passed over before one send tries it again.
const REST: SignedDuration = SignedDuration::from_secs(30);
/// How long that one send may take to tell; then another tries.
const PROBE: SignedDuration = SignedDuration::from_secs(10);

/// What is remembered of a sender in this process.
#[derive(Default)]
struct Calls {
    /// When, and whether it failed for certain and by its own fault.
    newest_last: VecDeque<(Timestamp, bool)>,
    rests_until: Option<Timestamp>,
}

/// The senders' health, as far as this process saw it.
pub(crate) struct Health {
    clock: Arc<dyn Clock>,
    metrics: Arc<Metrics>,
    senders: Mutex<HashMap<&'static str, Calls>>,
}

impl Health {
    pub(super) fn new(clock: &Arc<dyn Clock>, metrics: &Arc<Metrics>) -> Self {
        Self { clock: Arc::clone(clock), metrics: Arc::clone(metrics), senders: Mutex::default() }
    }

    /// Whether a sender may be asked now. When its rest is over that is one send in ten seconds, until one of them goes through.
    pub(super) fn may_try(&self, sender: &'static str) -> bool {
        let now = self.clock.now();
        let mut senders = self.senders();
        let Some(calls) = senders.get_mut(sender) else { return true };
        match calls.rests_until {
            None => true,
            Some(until) if now < until => false,
            Some(_) => {
                calls.rests_until = Some(now + PROBE);
                true
            }
        }
    }

    /// Whether a sender is asked as usual.
    pub(super) fn is_well(&self, sender: &'static str) -> bool {
        let now = self.clock.now();
        self.senders().get(sender).and_then(|calls| calls.rests_until).is_none_or(|until| until <= now)
    }

    /// What came of a call. What is the number's own fault, and what nobody knows, is no fault of the sender.
    pub(super) fn note(&self, sender: &'static str, fault: Option<&ProviderFault>) {
        let is_fault = fault.is_some_and(|fault| {
            matches!(fault, ProviderFault::Unavailable(_) | ProviderFault::Refused(_) | ProviderFault::QuotaExhausted(_))
        });
        let now = self.clock.now();
        let mut senders = self.senders();
        let calls = senders.entry(sender).or_default();
        let was_resting = calls.rests_until.is_some();
        calls.note(now, is_fault);
        if calls.rests_until.is_some() && !was_resting {
            tracing::error!(
                sender,
                rest_secs = REST.as_secs(),
                "more than half of its calls failed within a minute: others are asked first"
            );
        }
        if calls.rests_until.is_none() && was_resting {
            tracing::info!(sender, "it works again, and is asked as before");
        }
        self.metrics.tell_passed_over(sender, calls.rests_until.is_some());
    }

    fn senders(&self) -> MutexGuard<'_, HashMap<&'static str, Calls>> {
        // Nothing between lock and unlock leaves it half-changed, so a panic elsewhere is no reason to stop.
        self.senders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Calls {
    fn note(&mut self, now: Timestamp, is_fault: bool) {
        if self.rests_until.is_some() {
            // One that was under way when the rest began ends nothing and prolongs nothing but its own.
            if is_fault {
                self.rests_until = Some(now + REST);
            } else {
                *self = Self::default();
            }
            return;
        }
        self.newest_last.push_back((now, is_fault));
        let is_old = |(at, _): &(Timestamp, bool)| *at + WINDOW < now;
        while self.newest_last.len() > MOST_CALLS || self.newest_last.front().is_some_and(is_old) {
            self.newest_last.pop_front();
        }
        let faults = self.newest_last.iter().filter(|(_, is_fault)| *is_fault).count();
        if self.newest_last.len() >= FEWEST_CALLS && 2 * faults > self.newest_last.len() {
            self.rests_until = Some(now + REST);
            self.newest_last.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::clock::ManualClock;

    fn health() -> (Arc<ManualClock>, Health) {
        let clock = Arc::new(ManualClock::at(1_700_000_000_000));
        let shared: Arc<dyn Clock> = Arc::<ManualClock>::clone(&clock);
        (clock, Health::new(&shared, &Arc::default()))
    }

    fn down() -> ProviderFault {
        ProviderFault::Unavailable("HTTP 503".into())
    }

    #[test]
    fn whoever_fails_more_than_half_of_a_minute_rests_and_is_tried_by_one_send() {
        let (clock, health) = health();
        for _ in 0..3 {
            health.note("solapi", None);
        }
        for _ in 0..3 {
            health.note("solapi", Some(&down()));
            assert!(health.may_try("solapi"), "half is not more than half");
        }
        health.note("solapi", Some(&down()));
        assert!(!health.may_try("solapi") && !health.is_well("solapi") && health.may_try("sens"));
        clock.advance(REST);
        assert!(health.may_try("solapi"), "the probe");
        assert!(!health.may_try("solapi"), "and nobody beside it");
        health.note("solapi", Some(&down()));
        clock.advance(PROBE);
        assert!(!health.may_try("solapi"), "it failed: another rest");
        clock.advance(REST);
        assert!(health.may_try("solapi"));
        health.note("solapi", None);
        assert!(health.may_try("solapi") && health.is_well("solapi"));
    }

    #[test]
    fn a_probe_that_never_tells_is_followed_by_another() {
        let (clock, health) = health();
        for _ in 0..5 {
            health.note("solapi", Some(&down()));
        }
        clock.advance(REST);
        assert!(health.may_try("solapi") && !health.may_try("solapi"));
        clock.advance(PROBE);
        assert!(health.may_try("solapi"));
    }

    #[test]
    fn few_old_or_innocent_faults_say_nothing() {
        let (clock, health) = health();
        for fault in
            [ProviderFault::InvalidNumber("a".into()), ProviderFault::Blocked("b".into()), ProviderFault::Unknown("c".into())]
        {
            for _ in 0..10 {
                health.note("sens", Some(&fault));
            }
        }
        assert!(health.may_try("sens"));
        for _ in 0..4 {
            health.note("solapi", Some(&down()));
        }
        clock.advance(WINDOW + SignedDuration::from_secs(1));
        health.note("solapi", Some(&down()));
        assert!(health.may_try("solapi"), "those of another minute do not count");
    }
}
