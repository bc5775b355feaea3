//! The guard at work: gathers what is known of a send, asks the rules, and remembers what came of sends.
//!
//! It never stands in the way: when the tally does not answer in time, sends go on under the budgets, and the log says so.

mod countries;
mod pending;

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::timeout;

use super::store::{CountedOf, Event, Hold, Store, StoreFault, StoredEvidence, Suspect};
use super::telemetry::Seldom;
use crate::verification::guard::{Counts, Evidence, HOLD, keys_of, slot_of};
use crate::verification::{GuardLists, GuardMode, GuardRule, HoldKey, PhoneNumber, Verdict};
use countries::Countries;
use pending::{Pending, Waiting};

/// How long a send waits for what is known at most.
const TIME_LIMIT: Duration = Duration::from_millis(500);
/// How many replicas write the tally without waiting for each other.
const SHARDS: i64 = 8;
/// What a requester is called whose address nobody knows.
const UNKNOWN: &str = "unknown";

/// `GUARD_MODE`, its lists, and the regions that are never held as a whole.
#[derive(Clone, Debug, Default)]
pub struct GuardSettings {
    /// What it does with what it finds.
    pub mode: GuardMode,
    /// What the operator knows better.
    pub lists: GuardLists,
    /// `HOME_REGIONS`.
    pub home: Vec<String>,
}

/// The guard of one replica.
pub struct Guard {
    settings: GuardSettings,
    shard: i64,
    pending: Pending,
    countries: Countries,
    outage_said: Seldom,
}

/// A send that somebody asks for.
pub struct Asked<'a> {
    /// Where the code would go.
    pub number: &'a PhoneNumber,
    /// The country that it is of.
    pub country: &'a str,
    /// The address that asks, IPv6 cut to /64.
    pub requester: &'a str,
}

/// What the guard says of a send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// By a list or a rule.
    pub said: Verdict,
    /// Whether that is done, or only written down.
    pub is_acted_on: bool,
}

impl Guard {
    /// One that knows nothing yet but its settings.
    #[must_use]
    pub fn new(settings: GuardSettings) -> Self {
        let shard = i64::from(super::entropy::new_id().as_bytes().first().copied().unwrap_or_default()) % SHARDS;
        let (pending, countries) = (Pending::default(), Countries::default());
        Self { settings, shard, pending, countries, outage_said: Seldom::default() }
    }

    /// What the guard does with what it finds.
    #[must_use]
    pub fn mode(&self) -> GuardMode {
        self.settings.mode
    }

    /// What lists and rules say of a send. A list is meant whatever the mode.
    pub async fn judge(&self, store: &dyn Store, asked: &Asked<'_>, now: Timestamp) -> Judged {
        if self.settings.mode == GuardMode::Off {
            return Judged { said: Verdict::Send, is_acted_on: true };
        }
        if let Some(said) = self.settings.lists.judge(asked.number.as_e164(), asked.country, asked.requester) {
            return Judged { said, is_acted_on: true };
        }
        Judged { said: self.judge_by_rules(store, asked, now).await, is_acted_on: self.settings.mode == GuardMode::On }
    }

    async fn judge_by_rules(&self, store: &dyn Store, asked: &Asked<'_>, now: Timestamp) -> Verdict {
        let looked = timeout(TIME_LIMIT, self.look(store, asked, now)).await;
        let fault = match looked {
            Ok(Ok((held, evidence))) => {
                if let Some(rule) = held {
                    return Verdict::Held(rule);
                }
                let verdict = evidence.judge(asked.number.prefix(), asked.country);
                if let Verdict::Hold(rule, key) = &verdict {
                    self.hold(store, *rule, key, &evidence, now).await;
                }
                return verdict;
            }
            Ok(Err(fault)) => std::error::Error::source(&fault).map(ToString::to_string).unwrap_or_default(),
            Err(_) => "it does not answer in time".to_owned(),
        };
        if self.outage_said.is_due(now) {
            tracing::error!(fault, "the guard cannot read the tally: sends go on under the budgets alone");
        }
        Verdict::Send
    }

    /// The rule that the send is held by already, and what is known. What waits may have come into the tally since: where that could make a
    /// difference, it is looked at again when it is written.
    async fn look(
        &self,
        store: &dyn Store,
        asked: &Asked<'_>,
        now: Timestamp,
    ) -> Result<(Option<GuardRule>, Evidence), StoreFault> {
        let suspect = Suspect { keys: keys_of(asked.number.prefix(), asked.country, asked.requester), now };
        let country = self.countries.look(store, now).await?.find(asked.country);
        let with = |waiting: &Waiting, stored: &StoredEvidence| Evidence {
            country,
            is_home: self.settings.home.iter().any(|home| home == asked.country),
            is_exempt: asked.requester == UNKNOWN || self.settings.lists.is_exempt(asked.requester),
            ..waiting.with(&suspect.keys, stored, now)
        };
        loop {
            let waiting = self.pending.of(&suspect.keys);
            let stored = store.find_evidence(&suspect).await?;
            let held = self.find_hold(&stored);
            if held.is_some() || self.pending.is_apart(&waiting) {
                return Ok((held, with(&waiting, &stored)));
            }
            let worst = with(&waiting.at_worst(), &stored);
            if worst.judge(asked.number.prefix(), asked.country) == Verdict::Send {
                return Ok((None, worst));
            }
            drop(self.pending.turn().await);
        }
    }

    fn find_hold(&self, stored: &StoredEvidence) -> Option<GuardRule> {
        let is_acted_on = |mode: GuardMode| mode == GuardMode::On || self.settings.mode == GuardMode::Watch;
        stored.held.iter().find(|(_, mode)| is_acted_on(*mode)).map(|(rule, _)| *rule)
    }

    async fn hold(&self, store: &dyn Store, rule: GuardRule, key: &HoldKey, evidence: &Evidence, now: Timestamp) {
        let (mode, until) = (self.settings.mode, now + HOLD);
        let evidence = evidence.reason(rule);
        let hold = Hold { key: key.clone(), rule, mode, evidence: evidence.clone(), held_at: now, until, lifted_at: None };
        let event = Event {
            id: format!("guard.held {} {} {}", key, mode.as_str(), now.as_millisecond()),
            at: now,
            kind: "guard.held".to_owned(),
            about: key.to_string(),
            detail: format!("{} ({}): {evidence}", rule.as_str(), mode.as_str()),
        };
        match store.hold(&hold, &event).await {
            Ok(true) => {
                tracing::warn!(key = %key, rule = rule.as_str(), mode = mode.as_str(), evidence, "the guard holds what looks like pumping");
            }
            Ok(false) => {}
            Err(fault) => tracing::error!(%fault, key = %key, "the guard could not write a hold down"),
        }
    }

    /// Remembers what came of a send. It is written with others, a moment later.
    pub fn count(&self, send: &CountedOf, counts: Counts) {
        if self.settings.mode != GuardMode::Off {
            let keys = keys_of(send.phone_number.prefix(), &send.phone_number.country(), &send.requester);
            self.pending.add(keys, slot_of(send.at), counts);
        }
    }

    /// Writes what waits. What cannot be written waits on, in bounded room.
    pub async fn write(&self, store: &dyn Store) -> Result<(), StoreFault> {
        let _turn = self.pending.turn().await;
        let taken = self.pending.take();
        if taken.is_empty() {
            return Ok(());
        }
        let written = store.add_tally(&taken, self.shard).await;
        self.pending.settle(written.is_ok());
        written
    }
}
