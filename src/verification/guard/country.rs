//! What is usual in a country, and what is going on there now.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

use super::{CountryEvidence, Counts, mature_before, recent_from, slot_of, slots_in};
use crate::verification::policy::DAY;

/// What came of a country's sends of five minutes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountrySlot {
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Which five minutes.
    pub slot: i64,
    /// What came of them.
    pub counts: Counts,
}

/// What is usual in each country: its best day and its best ten minutes, in proven sends.
#[derive(Clone, Debug, Default)]
pub struct Usual(HashMap<String, Best>);

#[derive(Clone, Copy, Debug, Default)]
struct Best {
    day: i64,
    recent: i64,
}

impl Usual {
    /// Looks through a fortnight that ends a day ago: an attack must not become its own measure.
    #[must_use]
    pub fn of(slots: impl IntoIterator<Item = CountrySlot>, now: Timestamp) -> Self {
        let today = first_slot_of_day(now);
        let past = by_country(slots.into_iter().filter(|slot| slot.slot < today));
        Self(past.into_iter().map(|(country, slots)| (country, best(&slots, today))).collect())
    }
}

fn best(slots: &BTreeMap<i64, Counts>, today: i64) -> Best {
    let (mut days, mut recent) = (HashMap::<i64, i64>::new(), 0);
    for (slot, counts) in slots {
        *days.entry((today - 1 - slot) / slots_in(DAY)).or_default() += counts.verified;
        let before = slots.get(&(slot - 1)).copied().unwrap_or_default();
        recent = recent.max(counts.verified + before.verified);
    }
    Best { day: days.into_values().max().unwrap_or(0), recent }
}

/// All countries, at one instant.
#[derive(Clone, Debug, Default)]
pub struct Outlook(HashMap<String, CountryEvidence>);

impl Outlook {
    /// Puts a day's slots together. `since` is up to which slot its sends are no evidence, because an operator lifted its hold
    /// then.
    #[must_use]
    pub fn of(slots: impl IntoIterator<Item = CountrySlot>, usual: &Usual, since: &HashMap<String, i64>, now: Timestamp) -> Self {
        let today = first_slot_of_day(now);
        let evidence = |(country, slots): (String, BTreeMap<i64, Counts>)| {
            let from = since.get(&country).map_or(today, |ended| today.max(ended + 1));
            let best = usual.0.get(&country).copied().unwrap_or_default();
            let evidence = CountryEvidence {
                day: sum(slots.iter().filter(|(slot, _)| (from..mature_before(now)).contains(*slot)).map(|(_, counts)| *counts)),
                recent: sum(slots.range(recent_from(now)..).map(|(_, counts)| *counts)).sends,
                best_day: best.day,
                best_recent: best.recent,
            };
            (country, evidence)
        };
        Self(by_country(slots).into_iter().map(evidence).collect())
    }

    /// What is known of a country; of one that was never sent anything, nothing.
    #[must_use]
    pub fn find(&self, country: &str) -> CountryEvidence {
        self.0.get(country).copied().unwrap_or_default()
    }
}

/// The first slot of the day that ends now.
fn first_slot_of_day(now: Timestamp) -> i64 {
    slot_of(now) - slots_in(DAY)
}

fn by_country(slots: impl IntoIterator<Item = CountrySlot>) -> HashMap<String, BTreeMap<i64, Counts>> {
    let mut countries: HashMap<String, BTreeMap<i64, Counts>> = HashMap::new();
    for CountrySlot { country, slot, counts } in slots {
        *countries.entry(country).or_default().entry(slot).or_default() += counts;
    }
    countries
}

fn sum(counts: impl Iterator<Item = Counts>) -> Counts {
    counts.fold(Counts::default(), |mut sum, counts| {
        sum += counts;
        sum
    })
}
