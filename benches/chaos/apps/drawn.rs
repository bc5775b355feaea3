//! What those do who use applications: drawn from the seed alone, like the stories.

use super::clients::CLIENTS;
use super::plan::{Act, Deed, Fate, Guest, Move};
use crate::chance::Chance;

/// Guests begin this often, and none in the last of these milliseconds of a run.
const PERIOD_MS: u64 = 400;
const LONGEST_MS: u64 = 5_500;
/// How their numbers begin, and nobody else's.
const NUMBERS: &str = "0109";
/// As many at once as the promise is about.
const MANY: u64 = 50;

/// The guests of a run.
pub fn draw(seed: u64, seconds: u64, replicas: usize) -> Vec<Guest> {
    let count = ((seconds * 1000).saturating_sub(LONGEST_MS) / PERIOD_MS).max(1);
    (0..count).map(|index| guest(seed, index, replicas)).collect()
}

/// Whether a number, as the vendor knows it, is that of a guest.
pub fn is_guest(number: &str) -> bool {
    number.strip_prefix("+82").is_some_and(|national| national.starts_with(&NUMBERS[1..]))
}

fn guest(seed: u64, index: u64, replicas: usize) -> Guest {
    let mut chance = Chance::of(seed.wrapping_mul(0x51_7cc1_b727_2220).wrapping_add(index));
    let sessions = usize::try_from(chance.between(1, 4)).unwrap_or(1);
    let mut hand = Hand { chance, replicas, acts: Vec::new(), after_ms: 0 };
    hand.grant(if index.is_multiple_of(20) { MANY } else { 1 });
    for _ in 0..hand.chance.between(5, 11) {
        hand.act();
    }
    hand.end();
    let number = format!("{NUMBERS}{:03}{index:04}", seed % 1000);
    Guest { at_ms: 500 + index * PERIOD_MS, number, sessions, acts: hand.acts }
}

/// Draws acts one after another.
struct Hand {
    chance: Chance,
    replicas: usize,
    acts: Vec<Act>,
    after_ms: u64,
}

impl Hand {
    fn act(&mut self) {
        match self.chance.below(24) {
            0..=4 => {
                let times = self.times();
                self.grant(times);
            }
            5..=7 => self.push(&[Deed::Look], 3),
            8..=12 => {
                let times = self.times().min(8);
                self.push(&[Deed::Refresh], times);
            }
            13..=15 => self.push(&[Deed::Repeat], 2),
            16 => self.push(&[Deed::Refresh, Deed::Repeat, Deed::Look], 4),
            17..=18 => self.probed(&[Deed::Reuse], 1),
            19 => self.probed(&[Deed::Replay], 1),
            20 => self.probed(&[Deed::SignOut], 1),
            21 => self.probed(&[Deed::Leave], 1),
            22 => {
                self.authorize();
                self.probed(&[Deed::SignOut, Deed::Redeem, Deed::Look, Deed::Refresh], 4);
            }
            _ => self.probed(&[Deed::Leave, Deed::Refresh, Deed::Repeat], 3),
        }
    }

    fn end(&mut self) {
        match self.chance.below(6) {
            0..=1 => self.probed(&[Deed::Everywhere], 1),
            2 => {
                self.authorize();
                self.probed(&[Deed::Everywhere, Deed::Redeem, Deed::Refresh, Deed::SignOut], 4);
            }
            3 => self.probed(&[Deed::SignOut], 1),
            _ => self.push(&[Deed::Probe], 1),
        }
    }

    fn grant(&mut self, times: u64) {
        self.authorize();
        if times > 1 { self.probed(&[Deed::Redeem], times) } else { self.push(&[Deed::Redeem], 1) }
    }

    fn authorize(&mut self) {
        let client = usize::try_from(self.chance.below(CLIENTS.len() as u64)).unwrap_or_default();
        let is_offline = CLIENTS[client].may_refresh && self.chance.below(5) > 0;
        let waits = self.chance.below(4) == 0;
        self.push(&[Deed::Authorize { client, is_offline, waits }], 1);
    }

    /// Mostly one; sometimes a few, or as many as the promise is about.
    fn times(&mut self) -> u64 {
        match self.chance.below(20) {
            0..=14 => 1,
            15..=18 => self.chance.between(2, 9),
            _ => MANY,
        }
    }

    /// What may end something, and then a look at all that is there.
    fn probed(&mut self, deeds: &[Deed], times: u64) {
        self.push(deeds, times);
        self.push(&[Deed::Probe], 1);
    }

    /// The first of several deeds is done in any case.
    fn push(&mut self, deeds: &[Deed], times: u64) {
        let pick = self.draw_place();
        let moves = (0..times).map(|time| {
            let deed = if time == 0 { deeds[0] } else { *self.chance.one_of(deeds) };
            let replica = self.draw_place() % self.replicas;
            Move { deed, pick, replica, fate: self.fate(deed, times) }
        });
        let moves = moves.collect();
        self.acts.push(Act { after_ms: self.after_ms, moves });
        self.after_ms += self.chance.between(30, 350);
    }

    fn draw_place(&mut self) -> usize {
        usize::try_from(self.chance.below(1 << 20)).unwrap_or_default()
    }

    fn fate(&mut self, deed: Deed, times: u64) -> Fate {
        let is_change = !matches!(deed, Deed::Look | Deed::Probe | Deed::Authorize { .. });
        match self.chance.below(100) {
            0..=3 if is_change && times < MANY => Fate::Killed { after_ms: self.chance.below(14), down_ms: self.chance.below(500) },
            4..=11 if is_change => Fate::HungUp { after_ms: self.chance.below(6) },
            _ => Fate::Heard,
        }
    }
}
