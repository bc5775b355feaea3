//! `beonho report abuse`: what in a day's sends looks like abuse.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use jiff::Timestamp;
use serde::Serialize;

use crate::server::store::{AbuseFacts, TalliedSource};
use crate::verification::abuse::wider_network;
use crate::verification::{AbuseThresholds, PhoneNumber, Tally};

/// How many lines of a kind are told.
const MAX_LINES: usize = 20;
/// Letters of a subject that tell one from another in a list.
const MASKED_LETTERS: usize = 8;

/// What is told. Subjects are cut, numbers masked, times UTC.
#[derive(Debug, Serialize)]
pub struct Report {
    since: String,
    browsers: Vec<Line>,
    addresses: Vec<Line>,
    networks: Vec<Line>,
    prefixes: Vec<Line>,
    /// Hours with a burst of new accounts.
    bursts: Vec<Counted>,
    /// Numbers that were erased more than once.
    removed_again: Vec<Counted>,
    /// Every country, for its conversion.
    countries: Vec<Line>,
}

#[derive(Debug, Serialize)]
struct Line {
    source: String,
    sends: u64,
    numbers: u64,
    browsers: u64,
    proven: u64,
    conversion_percent: u64,
}

#[derive(Debug, Serialize)]
struct Counted {
    what: String,
    times: u64,
}

impl Report {
    /// Judges what the store found.
    #[must_use]
    pub fn of(facts: &AbuseFacts, thresholds: &AbuseThresholds, since: Timestamp, now: Timestamp) -> Self {
        let networks = joined(&facts.addresses, |address| wider_network(&address.source));
        let countries = joined(&facts.prefixes, |prefix| {
            prefix.sample.as_ref().and_then(PhoneNumber::region).unwrap_or_else(|| "other".to_owned())
        });
        let hours = u64::try_from((now - since).get_hours().max(1)).unwrap_or(1);
        let bursts = thresholds.bursts(&facts.accounts_by_hour, hours).into_iter();
        Self {
            since: since.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            browsers: lines(&facts.browsers, |tally| tally.numbers >= thresholds.browser, cut),
            addresses: lines(&facts.addresses, |tally| tally.numbers >= thresholds.address, str::to_owned),
            networks: lines(&networks, |tally| tally.numbers >= thresholds.network, str::to_owned),
            prefixes: lines(&facts.prefixes, |tally| tally.unproven() >= thresholds.prefix, |prefix| format!("{prefix}****")),
            bursts: bursts.take(MAX_LINES).map(|(hour, times)| Counted { what: hour_name(hour), times }).collect(),
            removed_again: counted(&facts.removed),
            countries: lines(&countries, |_| true, str::to_owned),
        }
    }
}

fn hour_name(hour: i64) -> String {
    Timestamp::from_second(hour * 3600).map(|at| at.strftime("%Y-%m-%dT%H:00Z").to_string()).unwrap_or_default()
}

fn cut(subject: &str) -> String {
    subject.chars().take(MASKED_LETTERS).collect()
}

fn counted(all: &[(String, u64)]) -> Vec<Counted> {
    all.iter().take(MAX_LINES).map(|(what, times)| Counted { what: what.clone(), times: *times }).collect()
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
    told.map(|TalliedSource { source, tally, .. }| Line {
        source: name(source),
        sends: tally.sends,
        numbers: tally.numbers,
        browsers: tally.browsers,
        proven: tally.proven,
        conversion_percent: tally.conversion_percent(),
    })
    .collect()
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "since {}; thresholds are those of ABUSE_THRESHOLDS; nothing is blocked by this", self.since)?;
        list(f, "browsers that asked for many numbers", &self.browsers)?;
        list(f, "addresses from which many numbers were asked for", &self.addresses)?;
        list(f, "networks (/24, /48) from which many numbers were asked for", &self.networks)?;
        list(f, "prefixes with many sends that nobody proved", &self.prefixes)?;
        list(f, "hours with a burst of new accounts", &self.bursts)?;
        list(f, "numbers that were erased more than once", &self.removed_again)?;
        list(f, "countries", &self.countries)
    }
}

fn list<T: Display>(f: &mut Formatter<'_>, title: &str, lines: &[T]) -> fmt::Result {
    writeln!(f, "\n{title}{}", if lines.is_empty() { ": none" } else { "" })?;
    lines.iter().try_for_each(|line| writeln!(f, "  {line}"))
}

impl Display for Line {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { source, sends, numbers, browsers, proven, conversion_percent } = self;
        write!(f, "{source}: {sends} sends to {numbers} numbers, {browsers} browsers, {proven} proven ({conversion_percent} %)")
    }
}

impl Display for Counted {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.times)
    }
}
