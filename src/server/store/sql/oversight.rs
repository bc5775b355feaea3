//! What is remembered for the operator.

use async_trait::async_trait;
use jiff::Timestamp;

use super::super::report;
use super::history::hour_of;
use super::{Connection, SqlStore, abuse, kept, story};
use crate::server::entropy;
use crate::server::store::oversight::{MAX_REFUSALS, MAX_REFUSALS_PER_NUMBER};
use crate::server::store::{AbuseFacts, Deed, NumberStory, Oversight, Refused, Stored};
use crate::verification::PhoneNumber;

/// What stands in the audit for a deed that concerns every number.
pub(super) const EVERYBODY: &str = "everybody";

/// Room is made in the same transaction, so that no flood of refusals leaves more rows than these bounds.
async fn add_refusals(
    db: &mut Connection,
    refused: &[Refused],
    counts: &[(String, u64)],
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    for refused in refused {
        add(db, refused).await?;
    }
    for (rule, count) in counts {
        let sql = "insert into hourly_refusals (hour, rule, refusals) values ($1, $2, $3)
                   on conflict (hour, rule) do update set refusals = hourly_refusals.refusals + excluded.refusals";
        sqlx::query(sql).bind(hour_of(now)).bind(rule).bind(stored(*count)).execute(&mut *db).await?;
    }
    let sql =
        "delete from refusals where refused_at <= (select refused_at from refusals order by refused_at desc limit 1 offset $1 + 0)";
    sqlx::query(sql).bind(i64::from(MAX_REFUSALS)).execute(db).await.map(drop)
}

async fn add(db: &mut Connection, refused: &Refused) -> Result<(), sqlx::Error> {
    let sql =
        "insert into refusals (id, phone_number, rule, subject, requester, refused_at, times) values ($1, $2, $3, $4, $5, $6, $7)";
    let number = refused.phone_number.as_e164();
    let insert = sqlx::query(sql).bind(entropy::new_id()).bind(number).bind(&refused.rule).bind(refused.subject.as_str());
    let insert = insert.bind(&refused.requester).bind(refused.at.as_millisecond()).bind(stored(refused.times));
    insert.execute(&mut *db).await?;
    let sql = "delete from refusals where phone_number = $1 and id not in (
                   select id from refusals where phone_number = $1 order by refused_at desc, id limit $2 + 0)";
    sqlx::query(sql).bind(number).bind(i64::from(MAX_REFUSALS_PER_NUMBER)).execute(db).await.map(drop)
}

fn stored(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

async fn note_fault(db: &mut Connection, send_id: &str, fault: &str) -> Result<(), sqlx::Error> {
    sqlx::query("update sends set fault = $1 where id = $2").bind(fault).bind(send_id).execute(db).await.map(drop)
}

/// What a deed is done to, as the audit names it.
pub(super) fn target(number: Option<&PhoneNumber>) -> String {
    number.map_or_else(|| EVERYBODY.to_owned(), PhoneNumber::masked)
}

/// Writes down what an operator does, in the transaction that does it.
pub(super) async fn audit(db: &mut Connection, action: &str, target: &str, deed: &Deed) -> Result<(), sqlx::Error> {
    let sql = "insert into audit (id, at, actor, action, target, reason) values ($1, $2, $3, $4, $5, $6)";
    let insert = sqlx::query(sql).bind(entropy::new_id()).bind(deed.at.as_millisecond()).bind(&deed.actor);
    insert.bind(action).bind(target).bind(&deed.reason).execute(db).await.map(drop)
}

/// What was lifted by hand is told apart from what was given back after a failure, and counts against neither number nor subject.
pub(super) async fn lift_budgets(db: &mut Connection, number: Option<&PhoneNumber>, deed: &Deed) -> Result<u64, sqlx::Error> {
    audit(db, "unlock", &target(number), deed).await?;
    let sql = "update sends set given_back = 2 where given_back = 0 and ($1 is null or phone_number = $1)";
    let update = sqlx::query(sql).bind(number.map(PhoneNumber::as_e164));
    Ok(update.execute(db).await?.rows_affected())
}

#[async_trait]
impl Oversight for SqlStore {
    async fn add_refusals(&self, refused: &[Refused], counts: &[(String, u64)], now: Timestamp) -> Stored<()> {
        hand_over!(self.transact(refused, counts), db => kept(add_refusals(db, &refused, &counts, now)))
    }

    async fn note_fault(&self, send_id: &str, fault: &str) -> Stored<()> {
        hand_over!(self.execute(send_id, fault), db => note_fault(db, &send_id, &fault))
    }

    async fn find_service_sends(&self, now: Timestamp) -> Stored<u64> {
        Ok(story::service_sends(&mut *self.reader.acquire().await?, now).await?)
    }

    async fn tell_of(&self, number: &PhoneNumber, now: Timestamp) -> Stored<NumberStory> {
        Ok(story::find(&mut *self.reader.acquire().await?, number, now).await?)
    }

    async fn find_abuse(&self, since: Timestamp) -> Stored<AbuseFacts> {
        Ok(abuse::find(&mut *report(&self.reader).await?, since).await?)
    }
}
