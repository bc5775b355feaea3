//! What is held, what sends cost, and what is told of it.

use async_trait::async_trait;
use jiff::Timestamp;

use super::history::hour_of;
use super::tally::mode_of;
use super::{Connection, SqlStore, kept, oversight, tally};
use crate::server::store::rows::instant;
use crate::server::store::{Deed, Event, GuardBook, Hold, Stored, StoredEvidence, Suspect, Tallied};
use crate::verification::guard::CountrySlot;
use crate::verification::policy::DAY;
use crate::verification::{GuardRule, HoldKey, PhoneNumber};

/// How many holds are listed.
const MAX_HOLDS: i64 = 500;

/// A hold that is written down only gives way to one that is acted on.
async fn hold(db: &mut Connection, hold: &Hold, event: &Event) -> Result<bool, sqlx::Error> {
    let sql = "insert into held (key, rule, mode, evidence, held_at, until) values ($1, $2, $3, $4, $5, $6)
               on conflict (key) do update set rule = excluded.rule, mode = excluded.mode, evidence = excluded.evidence,
                   held_at = excluded.held_at, until = excluded.until
               where held.until <= excluded.held_at or (held.mode = 'watch' and excluded.mode = 'on')";
    let insert = sqlx::query(sql).bind(hold.key.stored()).bind(hold.rule.as_str()).bind(hold.mode.as_str()).bind(&hold.evidence);
    let insert = insert.bind(hold.held_at.as_millisecond()).bind(hold.until.as_millisecond());
    let is_new = insert.execute(&mut *db).await?.rows_affected() > 0;
    if is_new {
        add_event(db, event).await?;
    }
    Ok(is_new)
}

type HoldRow = (String, String, String, String, i64, i64, Option<i64>);

fn hold_of((key, rule, mode, evidence, held_at, until, lifted_at): HoldRow) -> Option<Hold> {
    let key = HoldKey::parse(&key)?;
    let (rule, lifted_at) = (GuardRule::from_stored(&rule), lifted_at.map(instant));
    Some(Hold { key, rule, mode: mode_of(&mode), evidence, held_at: instant(held_at), until: instant(until), lifted_at })
}

async fn find_holds(db: &mut Connection) -> Result<Vec<Hold>, sqlx::Error> {
    let sql = "select key, rule, mode, evidence, held_at, until, lifted_at from held order by held_at desc, key limit $1 + 0";
    let rows: Vec<HoldRow> = sqlx::query_as(sql).bind(MAX_HOLDS).fetch_all(db).await?;
    Ok(rows.into_iter().filter_map(hold_of).collect())
}

/// Of its prefix and its country.
pub(super) async fn find_holds_of(db: &mut Connection, number: &PhoneNumber) -> Result<Vec<Hold>, sqlx::Error> {
    let sql =
        "select key, rule, mode, evidence, held_at, until, lifted_at from held where key in ($1, $2) order by held_at desc, key";
    let keys = [HoldKey::Prefix(number.prefix().to_owned()), HoldKey::Country(number.country())].map(|key| key.stored());
    let [prefix, country] = keys;
    let rows: Vec<HoldRow> = sqlx::query_as(sql).bind(prefix).bind(country).fetch_all(db).await?;
    Ok(rows.into_iter().filter_map(hold_of).collect())
}

async fn lift_hold(db: &mut Connection, key: &HoldKey, deed: &Deed) -> Result<bool, sqlx::Error> {
    let sql = "update held set until = $1, lifted_at = $1 where key = $2 and until > $1";
    let update = sqlx::query(sql).bind(deed.at.as_millisecond()).bind(key.stored());
    let is_there = update.execute(&mut *db).await?.rows_affected() > 0;
    audit(db, is_there, "hold lift", key, deed).await
}

async fn keep_hold(db: &mut Connection, key: &HoldKey, until: Timestamp, deed: &Deed) -> Result<bool, sqlx::Error> {
    let sql = "update held set until = $1 where key = $2 and until > $3";
    let update = sqlx::query(sql).bind(until.as_millisecond()).bind(key.stored()).bind(deed.at.as_millisecond());
    let is_there = update.execute(&mut *db).await?.rows_affected() > 0;
    audit(db, is_there, "hold keep", key, deed).await
}

async fn audit(db: &mut Connection, is_done: bool, action: &str, key: &HoldKey, deed: &Deed) -> Result<bool, sqlx::Error> {
    if is_done {
        oversight::audit(db, action, &key.to_string(), deed).await?;
    }
    Ok(is_done)
}

async fn find_costs(db: &mut Connection, currency: &str, now: Timestamp) -> Result<Vec<(String, i64)>, sqlx::Error> {
    let sql = "select country, cast(sum(micros) as bigint) as micros from hourly_costs where hour >= $1 and currency = $2
               group by country order by micros desc, country";
    sqlx::query_as(sql).bind(hour_of(now - DAY)).bind(currency).fetch_all(db).await
}

async fn add_event(db: &mut Connection, event: &Event) -> Result<bool, sqlx::Error> {
    let sql = "insert into events (id, at, kind, about, detail) values ($1, $2, $3, $4, $5) on conflict (id) do nothing";
    let insert = sqlx::query(sql).bind(&event.id).bind(event.at.as_millisecond()).bind(&event.kind);
    Ok(insert.bind(&event.about).bind(&event.detail).execute(db).await?.rows_affected() > 0)
}

async fn find_events(db: &mut Connection, most: u32) -> Result<Vec<Event>, sqlx::Error> {
    let sql = "select id, at, kind, about, detail from events order by at desc, id limit $1 + 0";
    let rows: Vec<(String, i64, String, String, String)> = sqlx::query_as(sql).bind(i64::from(most)).fetch_all(db).await?;
    let event = |(id, at, kind, about, detail)| Event { id, at: instant(at), kind, about, detail };
    Ok(rows.into_iter().map(event).collect())
}

#[async_trait]
impl GuardBook for SqlStore {
    async fn find_evidence(&self, suspect: &Suspect) -> Stored<StoredEvidence> {
        self.gathered.evidence.ask(suspect.clone()).await
    }

    async fn find_country_slots(&self, from: i64) -> Stored<Vec<CountrySlot>> {
        Ok(tally::find_country_slots(&mut *self.reader.acquire().await?, from).await?)
    }

    async fn find_prefix_slots(&self, from: i64) -> Stored<Vec<Tallied>> {
        Ok(tally::find_prefix_slots(&mut *self.reader.acquire().await?, from).await?)
    }

    async fn add_tally(&self, tallied: &[Tallied], shard: i64) -> Stored<()> {
        hand_over!(self.transact(tallied), db => kept(tally::add(db, &tallied, shard)))
    }

    async fn hold(&self, asked: &Hold, event: &Event) -> Stored<bool> {
        hand_over!(self.transact(asked, event), db => kept(hold(db, &asked, &event)))
    }

    async fn find_holds(&self) -> Stored<Vec<Hold>> {
        Ok(find_holds(&mut *self.reader.acquire().await?).await?)
    }

    async fn lift_hold(&self, key: &HoldKey, deed: &Deed) -> Stored<bool> {
        hand_over!(self.transact(key, deed), db => kept(lift_hold(db, &key, &deed)))
    }

    async fn keep_hold(&self, key: &HoldKey, until: Timestamp, deed: &Deed) -> Stored<bool> {
        hand_over!(self.transact(key, deed), db => kept(keep_hold(db, &key, until, &deed)))
    }

    async fn find_costs(&self, currency: &str, now: Timestamp) -> Stored<Vec<(String, i64)>> {
        Ok(find_costs(&mut *self.reader.acquire().await?, currency, now).await?)
    }

    async fn add_event(&self, event: &Event) -> Stored<bool> {
        hand_over!(self.execute(event), db => add_event(db, &event))
    }

    async fn find_events(&self, most: u32) -> Stored<Vec<Event>> {
        Ok(find_events(&mut *self.reader.acquire().await?, most).await?)
    }
}
