//! Challenges whose code a vendor holds, and what its word makes of them.

use jiff::Timestamp;

use super::Connection;
use super::challenges::columns;
use crate::server::store::rows::ChallengeRow;
use crate::verification::{Challenge, ChallengeId, PhoneNumber};

/// What may still live at the vendor, by its own time and whatever we think of it.
pub(super) async fn find(
    db: &mut Connection,
    number: &PhoneNumber,
    provider: &str,
    except: &ChallengeId,
    opened_after: Timestamp,
) -> Result<Vec<Challenge>, sqlx::Error> {
    let sql = concat!(
        "select ",
        columns!(),
        " from challenges where phone_number = $1 and opened_at > $2 and coalesce(judge, provider) = $3 and id <> $4 and verified_at is null
            and hosted_ended_at is null"
    );
    let select = sqlx::query_as(sql).bind(number.as_e164()).bind(opened_after.as_millisecond()).bind(provider);
    let rows: Vec<ChallengeRow> = select.bind(except.as_str()).fetch_all(db).await?;
    Ok(rows.into_iter().map(Challenge::from).collect())
}

/// One of those that want to know at once, and none so soon after another.
pub(super) async fn claim_look_up(
    db: &mut Connection,
    id: &ChallengeId,
    now: Timestamp,
    last_before: Timestamp,
) -> Result<bool, sqlx::Error> {
    let sql = "update challenges set looked_up_at = $1
               where id = $2 and closed_at is null and verified_at is null and hosted_ended_at is null
                 and (coalesce(looked_up_at, 0) <= $3 or looked_up_at > $1)";
    let update = sqlx::query(sql).bind(now.as_millisecond()).bind(id.as_str()).bind(last_before.as_millisecond());
    Ok(update.execute(db).await?.rows_affected() > 0)
}

/// A vendor's verification belongs to one challenge: the last that was told its name. One that is closed is told too late to take it from
/// another.
pub(super) async fn mark_reference(
    db: &mut Connection,
    id: &ChallengeId,
    reference: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let sql = "update challenges set provider_reference = $1 where id = $2 returning closed_at";
    let marked: Option<Option<i64>> = sqlx::query_scalar(sql).bind(reference).bind(id.as_str()).fetch_optional(&mut *db).await?;
    if marked != Some(None) {
        return Ok(());
    }
    let sql = "update challenges set closed_at = $1 where provider_reference = $2 and id <> $3 and closed_at is null";
    sqlx::query(sql).bind(now.as_millisecond()).bind(reference).bind(id.as_str()).execute(db).await.map(drop)
}

pub(super) async fn mark_exhausted(db: &mut Connection, id: &ChallengeId, max_attempts: u32) -> Result<(), sqlx::Error> {
    let sql = "update challenges set attempts = $1 where id = $2 and attempts < $1";
    sqlx::query(sql).bind(i64::from(max_attempts)).bind(id.as_str()).execute(db).await.map(drop)
}

pub(super) async fn mark_expired(db: &mut Connection, id: &ChallengeId, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "update challenges set expires_at = case when expires_at > $1 then $1 else expires_at end, hosted_ended_at = $1
               where id = $2 and verified_at is null";
    sqlx::query(sql).bind(now.as_millisecond()).bind(id.as_str()).execute(db).await.map(drop)
}

/// Not one that is verified: its proof came first. It does not live at a vendor any more, so what was closed for another stays so.
pub(super) async fn close(db: &mut Connection, id: &ChallengeId, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "update challenges set closed_at = coalesce(closed_at, $1), closed_for = null,
                   hosted_ended_at = case when provider_reference is null then hosted_ended_at else $1 end
               where id = $2 and verified_at is null";
    sqlx::query(sql).bind(now.as_millisecond()).bind(id.as_str()).execute(db).await.map(drop)
}
