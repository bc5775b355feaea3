//! What happens when: drawn from the seed alone, so that a seed repeats it. Only what depends on answers is decided later.

use super::apps::drawn;
use super::apps::plan::Guest;
use super::chance::Chance;
use super::vendor::Fate;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

/// Stories begin this often, and none in the last of these milliseconds of a run.
const STORY_PERIOD_MS: u64 = 150;
const LONGEST_STORY_MS: u64 = 9_000;
/// Slightly more than the cooldown that the servers are given, so that sends happen.
const ACT_PERIOD_MS: u64 = 1_050;
/// Nobody is killed before everybody has begun.
const FIRST_KILL_MS: u64 = 1_500;

/// A run.
#[derive(Hash)]
pub struct Schedule {
    /// When all is over.
    pub end_ms: u64,
    /// What people do.
    pub stories: Vec<Story>,
    /// What those do who use applications.
    pub guests: Vec<Guest>,
    /// What happens to the replicas.
    pub kills: Vec<Kill>,
}

/// One number and those who want it.
#[derive(Clone, Hash)]
pub struct Story {
    /// When it begins.
    pub at_ms: u64,
    /// The number as it is typed.
    pub number: String,
    /// The acts of each person.
    pub people: Vec<Vec<Act>>,
}

/// Some calls of one person at once.
#[derive(Clone, Hash)]
pub struct Act {
    /// When, from the story's beginning; later if the person is still busy.
    pub after_ms: u64,
    /// The calls.
    pub moves: Vec<Move>,
}

/// One call.
#[derive(Clone, Hash)]
pub struct Move {
    /// What.
    pub kind: Kind,
    /// Through which replica.
    pub replica: usize,
    /// The guess, where it is one.
    pub guess: String,
}

/// What a person can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Ask for a code.
    Send,
    /// Give a drawn code.
    GuessWrong,
    /// Give the code of the newest message.
    GuessRight,
    /// Give a drawn code for another person's challenge.
    GuessForeign,
    /// Sign up.
    SignUp,
    /// Ask for the status.
    Ask,
}

/// A replica is killed, and comes back.
#[derive(Hash)]
pub struct Kill {
    /// When.
    pub at_ms: u64,
    /// Which.
    pub replica: usize,
    /// For how long.
    pub down_ms: u64,
}

impl Schedule {
    /// Draws a run.
    pub fn draw(seed: u64, seconds: u64, replicas: usize) -> Self {
        let end_ms = (seconds * 1000).saturating_sub(LONGEST_STORY_MS).max(STORY_PERIOD_MS);
        let stories = (0..end_ms / STORY_PERIOD_MS).map(|index| story(seed, index, replicas)).collect();
        let guests = drawn::draw(seed, seconds, replicas);
        let kills = kills(&mut Chance::of(seed ^ 0x6b69_6c6c), seconds * 1000, replicas);
        Self { end_ms: seconds * 1000, stories, guests, kills }
    }

    /// Two runs with the same fingerprint do the same.
    pub fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        hasher.finish()
    }
}

fn kills(chance: &mut Chance, end_ms: u64, replicas: usize) -> Vec<Kill> {
    let (mut at_ms, mut kills) = (FIRST_KILL_MS, Vec::new());
    while at_ms + 500 < end_ms {
        kills.push(Kill { at_ms, replica: replica(chance, replicas), down_ms: chance.below(1_200) });
        at_ms += chance.between(250, 2_200);
    }
    kills
}

fn story(seed: u64, index: u64, replicas: usize) -> Story {
    let mut chance = Chance::of(seed.wrapping_mul(0x9e37_79b9).wrapping_add(index));
    let people = chance.between(1, 5);
    let acts = if index.is_multiple_of(8) { storm } else { ordinary };
    Story {
        at_ms: index * STORY_PERIOD_MS + chance.below(STORY_PERIOD_MS),
        number: format!("010{:04}{index:04}", 3000 + seed % 6000),
        people: (0..people).map(|_| acts(&mut chance, replicas)).collect(),
    }
}

/// Everybody asks for codes as often as the cooldown lets them.
fn storm(chance: &mut Chance, replicas: usize) -> Vec<Act> {
    let act = |step| Act { after_ms: step * ACT_PERIOD_MS, moves: burst(chance, replicas, &[Kind::Send], 1, 5) };
    (0..8).map(act).collect()
}

/// Somebody asks, guesses, signs up, twice and three times at once.
fn ordinary(chance: &mut Chance, replicas: usize) -> Vec<Act> {
    let mut acts = vec![Act { after_ms: chance.below(300), moves: burst(chance, replicas, &[Kind::Send], 1, 4) }];
    for step in 1..chance.between(4, 8) {
        let moves = match chance.below(10) {
            0 => burst(chance, replicas, &[Kind::Send], 1, 4),
            1..=2 => burst(chance, replicas, &[Kind::GuessWrong], 1, 9),
            3..=4 => burst(chance, replicas, &[Kind::GuessRight], 1, 4),
            5..=6 => burst(chance, replicas, &[Kind::SignUp], 1, 4),
            7 => burst(chance, replicas, &[Kind::GuessRight, Kind::GuessWrong, Kind::Send], 3, 9),
            8 => burst(chance, replicas, &[Kind::GuessRight, Kind::SignUp, Kind::SignUp, Kind::Ask], 3, 7),
            _ => burst(chance, replicas, &[Kind::GuessForeign, Kind::GuessWrong, Kind::Ask], 2, 7),
        };
        acts.push(Act { after_ms: step * ACT_PERIOD_MS + chance.below(200), moves });
    }
    acts
}

fn burst(chance: &mut Chance, replicas: usize, kinds: &[Kind], least: u64, end: u64) -> Vec<Move> {
    let moves = chance.between(least, end);
    let mut draw = || {
        let kind = *chance.one_of(kinds);
        Move { kind, replica: replica(chance, replicas), guess: format!("{:06}", chance.below(1_000_000)) }
    };
    (0..moves).map(|_| draw()).collect()
}

fn replica(chance: &mut Chance, replicas: usize) -> usize {
    usize::try_from(chance.below(replicas as u64)).unwrap_or_default()
}

/// What the vendor does with the next message to a number. Guests of applications get theirs; else some lines are dead, elsewhere some sends fail, get lost or take long.
pub fn fate(seed: u64, number: &str, earlier: usize) -> Fate {
    if drawn::is_guest(number) {
        return Fate { delay: Duration::ZERO, status: Some(202), is_delivered: true };
    }
    let mut hasher = DefaultHasher::new();
    (seed, number).hash(&mut hasher);
    let is_dead_line = hasher.finish().is_multiple_of(10);
    earlier.hash(&mut hasher);
    let mut chance = Chance::of(hasher.finish());
    let status = match chance.below(100) {
        _ if is_dead_line => Some(503),
        0..12 => Some(503),
        12..24 => None,
        _ => Some(202),
    };
    let slow = if chance.below(10) == 0 { 300 } else { 40 };
    // Later than anybody waits: what was taken then is taken all the same.
    let late = if chance.below(50) == 0 { 5500 } else { 0 };
    Fate { delay: Duration::from_millis(late + chance.below(slow)), status, is_delivered: chance.below(8) > 0 }
}
