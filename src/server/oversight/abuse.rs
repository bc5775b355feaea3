//! What in a day's sends looks like abuse: `beonho report abuse` and the console tell it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::{cut, time};
use crate::server::store::{AbuseFacts, Event, TalliedSource};
use crate::verification::abuse::wider_network;
use crate::verification::{AbuseThresholds, PhoneNumber, Tally};

/// How many lines of a kind are told.
const MAX_LINES: usize = 20;

/// What is told. Subjects are cut, numbers masked, times UTC.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub(crate) since: String,
    pub(crate) browsers: Vec<Line>,
    pub(crate) addresses: Vec<Line>,
    pub(crate) networks: Vec<Line>,
    pub(crate) prefixes: Vec<Line>,
    /// Hours with a burst of new accounts.
    pub(crate) bursts: Vec<Counted>,
    /// Numbers that were erased more than once.
    pub(crate) removed_again: Vec<Counted>,
    /// Every country, for its conversion.
    pub(crate) countries: Vec<Line>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Line {
    pub(crate) source: String,
    pub(crate) sends: u64,
    pub(crate) numbers: u64,
    pub(crate) browsers: u64,
    pub(crate) proven: u64,
    pub(crate) conversion_percent: u64,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Counted {
    pub(crate) what: String,
    pub(crate) times: u64,
}

impl Line {
    pub(super) fn of(source: String, tally: &Tally) -> Self {
        let (conversion_percent, Tally { sends, numbers, browsers, proven }) = (tally.conversion_percent(), tally.clone());
        Self { source, sends, numbers, browsers, proven, conversion_percent }
    }
}

impl Report {
    /// Judges what the store found.
    #[must_use]
    pub fn of(facts: &AbuseFacts, thresholds: &AbuseThresholds, now: Timestamp) -> Self {
        let networks = joined(&facts.addresses, |address| wider_network(&address.source));
        let hours = u64::try_from((now - facts.since).get_hours().max(1)).unwrap_or(1);
        let bursts = thresholds.bursts(&facts.accounts_by_hour, hours).into_iter();
        Self {
            since: time(facts.since),
            browsers: lines(&facts.browsers, |tally| tally.numbers >= thresholds.browser, cut),
            addresses: lines(&facts.addresses, |tally| tally.numbers >= thresholds.address, str::to_owned),
            networks: lines(&networks, |tally| tally.numbers >= thresholds.network, str::to_owned),
            prefixes: lines(&facts.prefixes, |tally| tally.unproven() >= thresholds.prefix, |prefix| format!("{prefix}****")),
            bursts: bursts.take(MAX_LINES).map(|(hour, times)| Counted { what: hour_name(hour), times }).collect(),
            removed_again: counted(&facts.removed),
            countries: lines(&by_country(facts), |_| true, str::to_owned),
        }
    }
}

impl Report {
    /// What of it an operator is told without asking, each under the name of its source and day.
    #[must_use]
    pub(crate) fn events(&self, now: Timestamp) -> Vec<Event> {
        let kinds =
            [("browser", &self.browsers), ("address", &self.addresses), ("network", &self.networks), ("prefix", &self.prefixes)];
        let sources = kinds.into_iter().flat_map(|(kind, lines)| lines.iter().map(move |line| (kind, line)));
        let mut found: Vec<_> = sources
            .map(|(kind, Line { source, sends, numbers, proven, .. })| {
                (kind, source.clone(), format!("{sends} sends to {numbers} numbers, {proven} proven"))
            })
            .collect();
        found.extend(self.bursts.iter().map(|Counted { what, times }| ("hour", what.clone(), format!("{times} new accounts"))));
        found.extend(
            self.removed_again.iter().map(|Counted { what, times }| ("number", what.clone(), format!("erased {times} times"))),
        );
        let event = |(kind, about, detail): (&str, String, String)| Event {
            id: format!("abuse.found {kind} {about} {}", now.strftime("%Y-%m-%d")),
            at: now,
            kind: "abuse.found".to_owned(),
            about,
            detail: format!("{kind}: {detail}"),
        };
        found.into_iter().map(event).collect()
    }
}

fn hour_name(hour: i64) -> String {
    Timestamp::from_second(hour * 3600).map(|at| at.strftime("%Y-%m-%dT%H:00Z").to_string()).unwrap_or_default()
}

fn counted(all: &[(String, u64)]) -> Vec<Counted> {
    all.iter().take(MAX_LINES).map(|(what, times)| Counted { what: what.clone(), times: *times }).collect()
}

/// Every country, by the region that the number plan has its prefixes in.
pub(super) fn by_country(facts: &AbuseFacts) -> Vec<TalliedSource> {
    joined(&facts.prefixes, |prefix| prefix.sample.as_ref().and_then(PhoneNumber::region).unwrap_or_else(|| "other".to_owned()))
}

/// The tallies of sources that have a name in common.
fn joined(sources: &[TalliedSource], name: impl Fn(&TalliedSource) -> String) -> Vec<TalliedSource> {
    let mut joined: BTreeMap<String, Tally> = BTreeMap::new();
    for source in sources {
        let tally = joined.entry(name(source)).or_default();
        *tally = tally.with(&source.tally);
    }
    let mut joined: Vec<_> = joined.into_iter().map(|(source, tally)| TalliedSource { source, tally, sample: None }).collect();
    joined.sort_by_key(|source| std::cmp::Reverse(source.tally.sends));
    joined
}

fn lines(sources: &[TalliedSource], is_told: impl Fn(&Tally) -> bool, name: impl Fn(&str) -> String) -> Vec<Line> {
    let told = sources.iter().filter(|source| is_told(&source.tally)).take(MAX_LINES);
    told.map(|TalliedSource { source, tally, .. }| Line::of(name(source), tally)).collect()
}
