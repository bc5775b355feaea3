//! Who was given work within the hour, in bounded room. Each replica counts for itself, and a restart forgets.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use super::WorkFor;
use crate::verification::abuse::wider_network;
use crate::verification::policy::HOUR;
use crate::verification::work::DEAREST_AFTER;

/// How many prefixes and networks are remembered. Those that asked longest ago give way.
const MAX_SOURCES: usize = 4096;

/// When each source was last given work: no more instants than make a difference.
#[derive(Default)]
pub(super) struct Recent(Mutex<HashMap<String, VecDeque<Timestamp>>>);

impl Recent {
    /// Counts one more, and says how many came before it: from the same network or into the same prefix, whichever were more.
    pub(super) fn count(&self, sent: &WorkFor, now: Timestamp) -> usize {
        let mut sources = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let number = sent.number.as_e164();
        // A number without its last four digits.
        let prefix = number.get(..number.len().saturating_sub(4)).unwrap_or_default().to_owned();
        let counts = [prefix, wider_network(&sent.requester)].map(|source| {
            if sources.len() >= MAX_SOURCES && !sources.contains_key(&source) {
                make_room(&mut sources);
            }
            let times = sources.entry(source).or_default();
            times.retain(|at| now.duration_since(*at) < HOUR);
            let earlier = times.len();
            times.truncate(DEAREST_AFTER - 1);
            times.push_front(now);
            earlier
        });
        counts.into_iter().max().unwrap_or_default()
    }
}

fn make_room(sources: &mut HashMap<String, VecDeque<Timestamp>>) {
    let oldest = sources.iter().min_by_key(|(_, times)| times.front().copied()).map(|(source, _)| source.clone());
    if let Some(oldest) = oldest {
        sources.remove(&oldest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verification::{PhoneNumber, Purpose, SubjectId};
    use jiff::SignedDuration;

    fn sent(number: u32, requester: &str) -> WorkFor {
        let number = PhoneNumber::from_stored(format!("+8210{number:08}"));
        let subject = SubjectId::from_stored("s".into());
        WorkFor { number, purpose: Purpose::SignUp, subject, requester: requester.into() }
    }

    #[test]
    fn a_prefix_and_a_network_are_counted_for_an_hour() {
        let (recent, now) = (Recent::default(), Timestamp::UNIX_EPOCH);
        let count = |number, requester: &str, secs| recent.count(&sent(number, requester), now + SignedDuration::from_secs(secs));
        assert_eq!([count(11_110_001, "192.0.2.1", 0), count(11_110_002, "198.51.100.1", 1)], [0, 1], "the same prefix");
        assert_eq!(count(22_220_001, "192.0.2.77", 2), 1, "the same network");
        assert_eq!([count(11_110_003, "192.0.2.1", 3), count(11_110_003, "192.0.2.1", 4)], [2, 2], "no more than counts");
        assert_eq!(count(11_110_001, "192.0.2.1", 3_700), 0, "an hour later");
    }

    #[test]
    fn a_flood_takes_no_more_than_its_room() {
        let (recent, now) = (Recent::default(), Timestamp::UNIX_EPOCH);
        for at in 0..3_000 {
            let now = now + SignedDuration::from_millis(i64::from(at));
            recent.count(&sent(at * 10_000, &format!("10.{}.{}.1", at / 256, at % 256)), now);
        }
        assert_eq!(recent.0.lock().expect("lock").len(), MAX_SOURCES);
        assert_eq!(recent.count(&sent(29_990_000, "192.0.2.1"), now), 1, "the newest are remembered");
    }
}
