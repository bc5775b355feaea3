//! What the guard would have done with a past that the tally remembers. Slots are all that is left of it: within five minutes the order of
//! sends is not known, and neither are addresses after a day, so requesters and networks are not judged.

use std::collections::{BTreeMap, HashMap, VecDeque};

use jiff::Timestamp;

use super::{CountrySlot, Counts, Evidence, GuardRule, HOLD, HoldKey, Outlook, SLOT_SECS, Usual, Verdict, slots_in};
use crate::verification::policy::DAY;

/// What a rule would have done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replayed {
    /// By which rule.
    pub rule: GuardRule,
    /// To which prefix or country.
    pub key: HoldKey,
    /// When it would have begun.
    pub at: Timestamp,
    /// What it would have seen.
    pub evidence: String,
    /// Sends that would not have gone out, or only after work, and how many of those were people's.
    pub counts: Counts,
}

/// Goes through a past of prefixes and countries in the order of time.
#[must_use]
pub fn replay(prefixes: &[((String, i64), Counts)], countries: &[CountrySlot], home: &[String]) -> Vec<Replayed> {
    let mut found = replay_prefixes(prefixes);
    found.extend(replay_countries(countries, home));
    found.sort_by_key(|replayed| replayed.at);
    found
}

fn start_of(slot: i64) -> Timestamp {
    Timestamp::from_second(slot * SLOT_SECS).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn replay_prefixes(slots: &[((String, i64), Counts)]) -> Vec<Replayed> {
    let mut by_prefix: BTreeMap<&str, BTreeMap<i64, Counts>> = BTreeMap::new();
    for ((prefix, slot), counts) in slots {
        *by_prefix.entry(prefix).or_default().entry(*slot).or_default() += *counts;
    }
    by_prefix.into_iter().flat_map(|(prefix, slots)| replay_prefix(prefix, &slots)).collect()
}

/// A slot that would have led to a hold counts as held itself: which of its sends came first is not known.
fn replay_prefix(prefix: &str, slots: &BTreeMap<i64, Counts>) -> Vec<Replayed> {
    let (mut found, mut seen) = (Vec::<Replayed>::new(), VecDeque::<(i64, Counts)>::new());
    let mut held_until = i64::MIN;
    for (slot, counts) in slots {
        if *slot < held_until {
            if let Some(last) = found.last_mut() {
                last.counts += *counts;
            }
            continue;
        }
        seen.retain(|(at, _)| *at > slot - slots_in(DAY));
        seen.push_back((*slot, *counts));
        let sum = |from: i64, to: i64| {
            let mut sum = Counts::default();
            seen.iter().filter(|(at, _)| (from..to).contains(at)).for_each(|(_, counts)| sum += *counts);
            sum
        };
        let evidence =
            Evidence { prefix_recent: sum(slot - 1, slot + 1), prefix_day: sum(i64::MIN, slot - 1), ..Evidence::default() };
        if let Verdict::Hold(rule, key) = evidence.judge(prefix, "") {
            let (at, evidence) = (start_of(*slot), evidence.reason(rule));
            found.push(Replayed { rule, key, at, evidence, counts: *counts });
            held_until = slot + slots_in(HOLD);
        }
    }
    found
}

fn replay_countries(slots: &[CountrySlot], home: &[String]) -> Vec<Replayed> {
    let mut by_slot: BTreeMap<i64, Vec<&CountrySlot>> = BTreeMap::new();
    for slot in slots {
        by_slot.entry(slot.slot).or_default().push(slot);
    }
    let mut found = Vec::<Replayed>::new();
    let mut held: HashMap<&str, (i64, usize)> = HashMap::new();
    for (slot, now) in &by_slot {
        let at = start_of(*slot);
        let mut outlook = None;
        for CountrySlot { country, counts, .. } in now {
            if let Some((until, index)) = held.get(country.as_str())
                && slot < until
            {
                found[*index].counts += *counts;
                continue;
            }
            let outlook = outlook.get_or_insert_with(|| {
                let past = || slots.iter().filter(|past| past.slot < *slot && past.slot >= slot - slots_in(super::MEMORY)).cloned();
                let day = past().filter(|past| past.slot >= slot - slots_in(DAY));
                Outlook::of(day, &Usual::of(past(), at), &HashMap::new(), at)
            });
            let is_home = home.contains(country);
            let evidence = Evidence { country: outlook.find(country), is_home, ..Evidence::default() };
            let (rule, key) = match evidence.judge("", country) {
                Verdict::Hold(rule, key) => (rule, key),
                Verdict::Challenge(rule) => (rule, HoldKey::Country(country.clone())),
                Verdict::Send | Verdict::Held(_) => continue,
            };
            let is_same = |last: &&mut Replayed| last.rule == rule && last.key == key && at.duration_since(last.at) < DAY;
            if rule != GuardRule::C1
                && let Some(last) = found.iter_mut().rev().find(is_same)
            {
                last.counts += *counts;
                continue;
            }
            if rule == GuardRule::C1 {
                held.insert(country, (slot + slots_in(HOLD), found.len()));
            }
            found.push(Replayed { rule, key, at, evidence: evidence.reason(rule), counts: *counts });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: i64 = 5_666_400;

    fn counts(sends: i64, verified: i64) -> Counts {
        Counts { sends, verified }
    }

    #[test]
    fn a_burst_in_a_prefix_would_have_been_held_with_all_that_followed() {
        let slot = |prefix: &str, slot: i64, counts| ((prefix.to_owned(), FIRST + slot), counts);
        let past = [
            slot("+9989939", 0, counts(3, 0)),
            slot("+9989939", 1, counts(6, 1)),
            slot("+9989939", 2, counts(50, 2)),
            slot("+9989939", 200, counts(4, 0)),
            slot("+8210123", 0, counts(40, 38)),
        ];
        let found = replay(&past, &[], &[]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].rule, &found[0].key), (GuardRule::P1, &HoldKey::Prefix("+9989939".into())));
        assert_eq!((found[0].counts, found[0].evidence.as_str()), (counts(56, 3), "1 of 9 sends proven in 10 minutes"));
    }

    #[test]
    fn a_country_that_nobody_proves_would_have_been_held_and_home_asked_for_work() {
        let slot = |country: &str, slot: i64, counts| CountrySlot { country: country.into(), slot: FIRST + slot, counts };
        let past: Vec<_> = (0..20).flat_map(|n| [slot("UZ", n, counts(6, 0)), slot("KR", n, counts(6, 1))]).collect();
        let found = replay(&[], &past, &["KR".to_owned()]);
        let told: Vec<_> = found.iter().map(|found| (found.rule.as_str(), found.key.to_string(), found.counts)).collect();
        assert!(told.contains(&("c1", "UZ".into(), counts(78, 0))), "{told:?}");
        assert!(told.iter().any(|(rule, key, _)| (*rule, key.as_str()) == ("c2", "KR")), "{told:?}");
        assert!(!told.iter().any(|(rule, key, _)| (*rule, key.as_str()) == ("c1", "KR")), "{told:?}");
    }
}
