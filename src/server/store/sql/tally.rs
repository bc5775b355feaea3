//! What came of sends, in slots of five minutes: added to in the background, and read to find out what is to be held.

use sqlx::QueryBuilder;

use super::super::Db;
use super::Connection;
use crate::server::store::Tallied;
use crate::verification::GuardMode;
use crate::verification::guard::{CountrySlot, Counts};

/// How many rows go at once: each binds five values.
const BATCH: usize = 1000;

/// A mode as it was stored.
pub(super) fn mode_of(stored: &str) -> GuardMode {
    if stored == GuardMode::On.as_str() { GuardMode::On } else { GuardMode::Watch }
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
