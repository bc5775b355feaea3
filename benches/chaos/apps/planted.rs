//! Whether the rules find what they look for: each kind of violation that is planted in a record is found, in a made one before each run and in
//! the run's own after it.

mod calls;
mod others;
mod sound;

use std::mem::discriminant;

use super::ledger::{Call, Ledger};
use super::rules::{Broken, check};
use super::story::{Grant, Story};

/// What is planted, how, and what the rules should call it. The planting says whether the record had a place for it.
type Planted = (&'static str, fn(&mut Ledger) -> bool, fn(String) -> Broken);

/// What came of planting.
pub struct Found {
    /// How many were found.
    pub count: usize,
    /// Those that the record had no place for.
    pub without_place: Vec<&'static str>,
}

/// Plants every violation in a made record that has none, and a place for each. An error names the first that was not found.
pub fn test() -> Result<usize, String> {
    let sound = sound::ledger();
    let found = check(&sound);
    if !found.is_empty() {
        return Err(format!("a sound record of applications is said to have {found:#?}"));
    }
    let planted = test_in(&sound)?;
    if planted.without_place.is_empty() { Ok(planted.count) } else { Err(format!("no place for {:?}", planted.without_place)) }
}

/// Plants every violation that a record without one has a place for.
pub fn test_in(sound: &Ledger) -> Result<Found, String> {
    let mut planted = Found { count: 0, without_place: Vec::new() };
    for (name, plant, broken) in calls::PLANTED.into_iter().chain(others::PLANTED) {
        let mut ledger = sound.clone();
        if !plant(&mut ledger) {
            planted.without_place.push(name);
            continue;
        }
        let found = check(&ledger);
        if !found.iter().any(|found| discriminant(found) == discriminant(&broken(String::new()))) {
            return Err(format!("{name} was planted, and {found:?} was found"));
        }
        planted.count += 1;
    }
    Ok(planted)
}

/// The first that a look at every grant finds.
fn find<T>(ledger: &Ledger, look: impl Fn(&Story<'_>, &Grant<'_>) -> Option<T>) -> Option<T> {
    let stories = Story::all(ledger);
    stories.iter().find_map(|story| {
        let mut grants: Vec<_> = story.grants.values().collect();
        grants.sort_by_key(|grant| grant.made.from);
        grants.into_iter().find_map(|grant| look(story, grant))
    })
}

fn add(ledger: &mut Ledger, call: Option<Call>) -> bool {
    let is_placed = call.is_some();
    ledger.calls.extend(call);
    is_placed
}
