//! `beonho guard holds`, `lift`, `keep` and `replay`: what the guard holds, and what it would have held.

use std::fmt::{self, Display, Formatter};

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::{Fault, GuardCommand, open, print};
use crate::server::clock::{Clock, SystemClock};
use crate::server::config::{CommandConfig, home_from_env};
use crate::server::oversight::holds::Held;
use crate::server::oversight::time;
use crate::server::store::Hold;
use crate::verification::HoldKey;
use crate::verification::guard::{Counts, KEEP, Replayed, replay, slot_of};

impl GuardCommand {
    pub(super) async fn run(self, config: &CommandConfig) -> Result<(), Fault> {
        match self {
            Self::Holds { json } => {
                let holds = open(config).await?.find_holds().await?;
                print(&Holds::of(&holds, SystemClock.now()), json)
            }
            Self::Lift { key, by } => {
                let (key, deed) = (parse(&key)?, by.now());
                let is_lifted = open(config).await?.lift_hold(&key, &deed).await?;
                tracing::warn!(%key, is_lifted, "the operator lifted a hold");
                told(is_lifted, &key)
            }
            Self::Keep { key, by } => {
                let (key, deed) = (parse(&key)?, by.now());
                let is_kept = open(config).await?.keep_hold(&key, deed.at + KEEP, &deed).await?;
                tracing::warn!(%key, is_kept, "the operator keeps a hold for a week");
                told(is_kept, &key)
            }
            Self::Replay { days, json } => {
                let home = home_from_env().map_err(|wrong| wrong.join("; "))?;
                let store = open(config).await?;
                let from = slot_of(SystemClock.now() - SignedDuration::from_hours(24 * i64::from(days)));
                let (prefixes, countries) = (store.find_prefix_slots(from).await?, store.find_country_slots(from).await?);
                let mut all = Counts::default();
                for slot in &countries {
                    all += slot.counts;
                }
                print(
                    &Replay { days, home: home.join(","), all: all.into(), found: told_of(replay(&prefixes, &countries, &home)) },
                    json,
                )
            }
        }
    }
}

fn parse(key: &str) -> Result<HoldKey, Fault> {
    HoldKey::parse(key).ok_or_else(|| format!("{key} is no prefix (+82101234) and no country (KR)").into())
}

fn told(is_done: bool, key: &HoldKey) -> Result<(), Fault> {
    if is_done { Ok(()) } else { Err(format!("nothing is held as {key} now: see beonho guard holds").into()) }
}

/// What is held, and what was.
#[derive(Debug, Serialize)]
struct Holds {
    at: String,
    holds: Vec<Held>,
}

impl Holds {
    fn of(holds: &[Hold], now: Timestamp) -> Self {
        Self { at: time(now), holds: holds.iter().map(|hold| Held::of(hold, now)).collect() }
    }
}

impl Display for Holds {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "as of {}: {}", self.at, if self.holds.is_empty() { "nothing is held" } else { "newest first" })?;
        for Held { key, rule, mode, is_over, evidence, since, until, .. } in &self.holds {
            let word = match (*is_over, *mode) {
                (true, _) => "over",
                (false, "on") => "held",
                (false, _) => "would be held",
            };
            writeln!(f, "  {since}  {key}  {word} until {until} by {rule}: {evidence}")?;
        }
        Ok(())
    }
}

/// What `GUARD_MODE=on` would have done.
#[derive(Debug, Serialize)]
struct Replay {
    days: u8,
    home: String,
    all: Sends,
    found: Vec<Found>,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct Sends {
    sends: i64,
    proven: i64,
}

impl From<Counts> for Sends {
    fn from(counts: Counts) -> Self {
        Self { sends: counts.sends, proven: counts.verified }
    }
}

#[derive(Debug, Serialize)]
struct Found {
    at: String,
    key: String,
    rule: &'static str,
    evidence: String,
    stopped: Sends,
}

fn told_of(found: Vec<Replayed>) -> Vec<Found> {
    let line = |found: Replayed| Found {
        at: time(found.at),
        key: found.key.to_string(),
        rule: found.rule.as_str(),
        evidence: found.evidence,
        stopped: found.counts.into(),
    };
    found.into_iter().map(line).collect()
}

impl Display for Replay {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { days, home, all, found } = self;
        writeln!(f, "{} sends of the last {days} days, {} of them proven; at home in {home}", all.sends, all.proven)?;
        writeln!(f, "GUARD_MODE=on would have{}", if found.is_empty() { " stopped none of them" } else { ":" })?;
        for Found { at, key, rule, evidence, stopped } in found {
            let does = if matches!(*rule, "c2" | "c3") { "asked for work" } else { "held" };
            writeln!(
                f,
                "  {at}  {does} {key} by {rule} ({evidence}): {} sends, {} of them people's",
                stopped.sends, stopped.proven
            )?;
        }
        writeln!(
            f,
            "Within five minutes the order of sends is not known, and addresses are not judged: they are kept for a day only."
        )
    }
}
