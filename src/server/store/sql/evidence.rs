//! What the guard knows of sends that are asked for, and of those that a proof was for; read for many at once.

use async_trait::async_trait;

use super::Connection;
use super::statement::Statement;
use super::tally::mode_of;
use crate::server::store::batch::{Verb, Written};
use crate::server::store::set::{Set, row};
use crate::server::store::{StoredEvidence, Suspect};
use crate::verification::GuardRule;
use crate::verification::guard::{Counts, mature_before, recent_from, slot_of, slots_in};
use crate::verification::policy::{DAY, HOUR};

/// Each count is `sends verified`. Of a prefix only what was sent since an operator lifted its last hold. `300000` are a slot's milliseconds.
const EVIDENCE: &str =
    "select
        (select coalesce(sum(case when slot >= asked.recent then sends end), 0) || ' '
             || coalesce(sum(case when slot >= asked.recent then verified end), 0) || ' '
             || coalesce(sum(case when slot < asked.mature then sends end), 0) || ' '
             || coalesce(sum(case when slot < asked.mature then verified end), 0)
         from tally where key = asked.prefix and slot >= asked.day
           and slot > coalesce((select lifted_at / 300000 from held where key = asked.prefix), -1)) as prefix,
        (select coalesce(sum(sends), 0) || ' ' || coalesce(sum(verified), 0)
         from tally where key = asked.requester and slot >= asked.hour and slot < asked.mature) as requester,
        (select coalesce(sum(sends), 0) || ' ' || coalesce(sum(verified), 0)
         from tally where key = asked.network and slot >= asked.hour and slot < asked.mature) as network,
        (select lifted_at / 300000 from held where key = asked.prefix) as since,
        (select string_agg(rule || ' ' || mode, ',') from held where key in (asked.prefix, asked.country) and until > asked.now) as held
     from asked order by asked.i";

#[derive(sqlx::FromRow)]
struct EvidenceRow {
    prefix: String,
    requester: String,
    network: String,
    since: Option<i64>,
    held: Option<String>,
}

/// Reads counts as the statement puts them together.
fn counts(text: &str) -> impl Iterator<Item = Counts> {
    let numbers: Vec<i64> = text.split(' ').map(|number| number.parse().unwrap_or(0)).collect();
    let counts: Vec<_> =
        numbers.chunks(2).map(|pair| Counts { sends: pair[0], verified: pair.get(1).copied().unwrap_or(0) }).collect();
    counts.into_iter()
}

impl From<EvidenceRow> for StoredEvidence {
    fn from(row: EvidenceRow) -> Self {
        let held = row.held.unwrap_or_default();
        let held = held.split(',').filter_map(|hold| hold.split_once(' '));
        let [mut prefix, mut requester, mut network] = [counts(&row.prefix), counts(&row.requester), counts(&row.network)];
        Self {
            prefix_recent: prefix.next().unwrap_or_default(),
            prefix_day: prefix.next().unwrap_or_default(),
            requester: requester.next().unwrap_or_default(),
            network: network.next().unwrap_or_default(),
            prefix_since: row.since.unwrap_or(-1),
            held: held.map(|(rule, mode)| (GuardRule::from_stored(rule), mode_of(mode))).collect(),
        }
    }
}

row! {
    struct SuspectOf<'a> {
        i: i64,
        prefix: &'a str,
        country: &'a str,
        requester: &'a str,
        network: &'a str,
        recent: i64,
        mature: i64,
        day: i64,
        hour: i64,
        now: i64,
    }
}

impl<'a> SuspectOf<'a> {
    fn of(i: i64, Suspect { keys, now }: &'a Suspect) -> Self {
        let [prefix, country, requester, network] = keys;
        let slot = slot_of(*now);
        Self {
            i,
            prefix,
            country,
            requester,
            network,
            recent: recent_from(*now),
            mature: mature_before(*now),
            day: slot - slots_in(DAY),
            hour: slot - slots_in(HOUR),
            now: now.as_millisecond(),
        }
    }
}

pub(super) struct FindEvidence;

#[async_trait]
impl Verb<Connection> for FindEvidence {
    type Asked = Suspect;
    type Answer = StoredEvidence;

    const HAS_STEPS: bool = false;

    async fn run(db: &mut Connection, asked: &[&Suspect]) -> Result<Written<Self::Answer>, sqlx::Error> {
        let suspects = Set::of((0..).zip(asked).map(|(i, suspect)| SuspectOf::of(i, suspect)));
        let rows: Vec<EvidenceRow> = Statement::about(suspects, EVIDENCE)?.fetch_all(db).await?;
        Ok(Written::Kept(rows.into_iter().map(StoredEvidence::from).collect()))
    }
}
