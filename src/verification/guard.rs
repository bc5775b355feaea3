//! The guard against pumping: whoever is paid for texts asks for codes that nobody gives back. It looks at how many of a prefix's, a country's
//! and a requester's sends were proven, and holds what is surely not people, asks for work where it is in doubt, and lets all else go
//! (docs/design.md, "How does the guard tell pumping from people?").

mod country;
mod evidence;
mod hold_key;
mod lists;
mod replay;

use jiff::{SignedDuration, Timestamp};

use super::abuse::wider_network;

pub use country::{CountrySlot, Outlook, Usual};
pub use evidence::{CountryEvidence, Counts, Evidence};
pub use hold_key::HoldKey;
pub use lists::GuardLists;
pub use replay::{Replayed, replay};

/// How long a hold lasts. Twilio Verify blocks a prefix for as long (error 60410).
pub const HOLD: SignedDuration = SignedDuration::from_hours(12);
/// How much later what an operator keeps is looked at again.
pub const KEEP: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How far back a country's usual is looked for.
pub const MEMORY: SignedDuration = SignedDuration::from_hours(15 * 24);
/// What the sends of five minutes are counted by.
const SLOT_SECS: i64 = 300;
/// What a send counts for whose number the number plan has in no country.
pub const NO_COUNTRY: &str = "ZZ";

/// What the guard does with what it finds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GuardMode {
    /// Nothing, and it looks at nothing.
    Off,
    /// It decides and writes down, and does not act.
    #[default]
    Watch,
    /// It acts.
    On,
}

impl GuardMode {
    /// `off`, `watch`, `on`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Watch => "watch",
            Self::On => "on",
        }
    }
}

/// The rules, by the names of docs/operate.md. Names are stored and counted, so they never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GuardRule {
    /// `GUARD_DENY`.
    Denied,
    /// A burst in a prefix.
    P1,
    /// A prefix that nobody proves.
    P2,
    /// A country that nobody proves.
    C1,
    /// A country that few prove.
    C2,
    /// A country that asks far more than ever.
    C3,
    /// A requester that proves nothing.
    R1,
    /// A network that proves nothing.
    R2,
}

impl GuardRule {
    const ALL: [Self; 8] = [Self::Denied, Self::P1, Self::P2, Self::C1, Self::C2, Self::C3, Self::R1, Self::R2];

    /// A rule as it was stored. One of another release holds a prefix, as most do.
    #[must_use]
    pub fn from_stored(name: &str) -> Self {
        Self::ALL.into_iter().find(|rule| rule.as_str() == name).unwrap_or(Self::P1)
    }

    /// Its name in the store, the log and the metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::P1 => "p1",
            Self::P2 => "p2",
            Self::C1 => "c1",
            Self::C2 => "c2",
            Self::C3 => "c3",
            Self::R1 => "r1",
            Self::R2 => "r2",
        }
    }
}

/// What the guard says of a send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing is wrong with it.
    Send,
    /// It may be a person: let it do some work first.
    Challenge(GuardRule),
    /// What it would go to is to be held.
    Hold(GuardRule, HoldKey),
    /// What it would go to is held already, or denied.
    Held(GuardRule),
}

impl Verdict {
    /// The rule that spoke, and what it said.
    #[must_use]
    pub const fn told(&self) -> Option<(GuardRule, &'static str)> {
        match self {
            Self::Send => None,
            Self::Challenge(rule) => Some((*rule, "challenge")),
            Self::Hold(rule, _) => Some((*rule, "hold")),
            Self::Held(rule) => Some((*rule, "held")),
        }
    }
}

/// The five minutes of an instant, counted from the Unix epoch.
#[must_use]
pub fn slot_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(SLOT_SECS)
}

/// The names in the tally of where a code goes and who asks for it: prefix, country, requester and its network.
#[must_use]
pub fn keys_of(prefix: &str, country: &str, requester: &str) -> [String; 4] {
    [format!("p:{prefix}"), format!("c:{country}"), format!("i:{requester}"), format!("n:{}", wider_network(requester))]
}

/// How many slots a span has.
#[must_use]
pub fn slots_in(span: SignedDuration) -> i64 {
    span.as_secs() / SLOT_SECS
}

/// The first slot of the last ten minutes: the one that is under way and the one before.
#[must_use]
pub fn recent_from(now: Timestamp) -> i64 {
    slot_of(now) - 1
}

/// The slot from which on sends are younger than five minutes: their people may still be typing.
#[must_use]
pub fn mature_before(now: Timestamp) -> i64 {
    slot_of(now) - 1
}

#[cfg(test)]
mod tests;
