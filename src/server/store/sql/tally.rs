//! What came of sends, in slots of five minutes: added to in the background, read before a send.

use sqlx::QueryBuilder;

use super::super::Db;
use super::Connection;
use crate::server::store::rows::instant;
use crate::server::store::{CountedOf, StoredEvidence, Suspect, Tallied};
use crate::verification::guard::{CountrySlot, Counts, mature_before, recent_from, slot_of, slots_in};
use crate::verification::policy::{DAY, HOUR};
use crate::verification::{ChallengeId, GuardMode, GuardRule, PhoneNumber};

/// How many rows go at once: each binds five values.
const BATCH: usize = 1000;

/// Of a prefix only what was sent since an operator lifted its last hold. `300000` are a slot's milliseconds.
const EVIDENCE: &str = "
select prefix.recent_sends, prefix.recent_verified, prefix.day_sends, prefix.day_verified,
    requester.sends as requester_sends, requester.verified as requester_verified,
    network.sends as network_sends, network.verified as network_verified,
    (select lifted_at / 300000 from held where key = $1) as since,
    (select string_agg(rule || ' ' || mode, ',') from held where key in ($1, $2) and until > $9) as held
from (select cast(sum(case when slot >= $5 then sends end) as bigint) as recent_sends,
             cast(sum(case when slot >= $5 then verified end) as bigint) as recent_verified,
             cast(sum(case when slot < $6 then sends end) as bigint) as day_sends,
             cast(sum(case when slot < $6 then verified end) as bigint) as day_verified
      from tally where key = $1 and slot >= $7
        and slot > coalesce((select lifted_at / 300000 from held where key = $1), -1)) prefix
cross join (select cast(sum(sends) as bigint) as sends, cast(sum(verified) as bigint) as verified
            from tally where key = $3 and slot >= $8 and slot < $6) requester
cross join (select cast(sum(sends) as bigint) as sends, cast(sum(verified) as bigint) as verified
            from tally where key = $4 and slot >= $8 and slot < $6) network";

#[derive(sqlx::FromRow)]
struct EvidenceRow {
    recent_sends: Option<i64>,
    recent_verified: Option<i64>,
    day_sends: Option<i64>,
    day_verified: Option<i64>,
    requester_sends: Option<i64>,
    requester_verified: Option<i64>,
    network_sends: Option<i64>,
    network_verified: Option<i64>,
    since: Option<i64>,
    held: Option<String>,
}

fn counts(sends: Option<i64>, verified: Option<i64>) -> Counts {
    Counts { sends: sends.unwrap_or(0), verified: verified.unwrap_or(0) }
}

impl From<EvidenceRow> for StoredEvidence {
    fn from(row: EvidenceRow) -> Self {
        let held = row.held.unwrap_or_default();
        let held = held.split(',').filter_map(|hold| hold.split_once(' '));
        Self {
            prefix_recent: counts(row.recent_sends, row.recent_verified),
            prefix_day: counts(row.day_sends, row.day_verified),
            requester: counts(row.requester_sends, row.requester_verified),
            network: counts(row.network_sends, row.network_verified),
            prefix_since: row.since.unwrap_or(-1),
            held: held.map(|(rule, mode)| (GuardRule::from_stored(rule), mode_of(mode))).collect(),
        }
    }
}

/// A mode as it was stored.
pub(super) fn mode_of(stored: &str) -> GuardMode {
    if stored == GuardMode::On.as_str() { GuardMode::On } else { GuardMode::Watch }
}

pub(super) async fn find_evidence(db: &mut Connection, Suspect { keys, now }: &Suspect) -> Result<StoredEvidence, sqlx::Error> {
    let [prefix, country, requester, network] = keys;
    let slot = slot_of(*now);
    let select = sqlx::query_as(EVIDENCE).bind(prefix).bind(country).bind(requester).bind(network);
    let select = select.bind(recent_from(*now)).bind(mature_before(*now)).bind(slot - slots_in(DAY)).bind(slot - slots_in(HOUR));
    let row: EvidenceRow = select.bind(now.as_millisecond()).fetch_one(db).await?;
    Ok(row.into())
}

type SlotRow = (String, i64, i64, i64);

async fn slots(db: &mut Connection, kind: &str, from: i64) -> Result<Vec<SlotRow>, sqlx::Error> {
    let sql = "select substr(key, 3) as name, slot, cast(sum(sends) as bigint), cast(sum(verified) as bigint)
               from tally where slot >= $1 and substr(key, 1, 1) = $2 group by 1, slot order by slot";
    sqlx::query_as(sql).bind(from).bind(kind).fetch_all(db).await
}

pub(super) async fn find_country_slots(db: &mut Connection, from: i64) -> Result<Vec<CountrySlot>, sqlx::Error> {
    let slot = |(country, slot, sends, verified)| CountrySlot { country, slot, counts: Counts { sends, verified } };
    Ok(slots(db, "c", from).await?.into_iter().map(slot).collect())
}

pub(super) async fn find_prefix_slots(db: &mut Connection, from: i64) -> Result<Vec<Tallied>, sqlx::Error> {
    let tallied = |(prefix, slot, sends, verified)| ((prefix, slot), Counts { sends, verified });
    Ok(slots(db, "p", from).await?.into_iter().map(tallied).collect())
}

/// The rows come in the order of their keys, so that two replicas never wait for each other.
pub(super) async fn add(db: &mut Connection, tallied: &[Tallied], shard: i64) -> Result<(), sqlx::Error> {
    for tallied in tallied.chunks(BATCH) {
        let mut insert = QueryBuilder::<Db>::new("insert into tally (key, slot, shard, sends, verified) ");
        insert.push_values(tallied, |mut row, ((key, slot), counts)| {
            row.push_bind(key).push_bind(slot).push_bind(shard).push_bind(counts.sends).push_bind(counts.verified);
        });
        insert.push(
            " on conflict (key, slot, shard) do update
              set sends = tally.sends + excluded.sends, verified = tally.verified + excluded.verified",
        );
        insert.build().persistent(false).execute(&mut *db).await?;
    }
    Ok(())
}

pub(super) async fn find_sends_of(db: &mut Connection, challenge: &ChallengeId) -> Result<Vec<CountedOf>, sqlx::Error> {
    let sql = "select phone_number, requester, reserved_at from sends
               where challenge_id = $1 and result <> 'failed' and phone_number is not null
                 and coalesce(delivery, 'delivered') = 'delivered'";
    let rows: Vec<(String, String, i64)> = sqlx::query_as(sql).bind(challenge.as_str()).fetch_all(db).await?;
    let send = |(number, requester, at)| CountedOf { phone_number: PhoneNumber::from_stored(number), requester, at: instant(at) };
    Ok(rows.into_iter().map(send).collect())
}
