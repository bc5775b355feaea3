//! What is forgotten: a session or a person on demand, and everything whose time is over.

use jiff::Timestamp;

use super::history::hour_of;
use super::{Connection, accounts, challenges, console, grants, logouts, oversight};
use crate::server::store::Deed;
use crate::verification::guard::{MEMORY, slot_of};
use crate::verification::policy::DAY;
use crate::verification::{PhoneNumber, Policy, SubjectId};

/// A session that was replaced is over already, and what its successor does is not its to end.
pub(super) async fn remove_session(
    db: &mut Connection,
    digest: &str,
    subject: &SubjectId,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    logouts::end_clients(db, digest, now).await?;
    let sql = "delete from sessions where digest = $1 and rotated_at is null";
    let is_removed = sqlx::query(sql).bind(digest).execute(&mut *db).await?.rows_affected() > 0;
    let sql = "select 1 from sessions where digest = $1";
    let is_replaced = !is_removed && sqlx::query(sql).bind(digest).fetch_optional(&mut *db).await?.is_some();
    if is_replaced { Ok(()) } else { challenges::close(db, subject, now).await }
}

pub(super) async fn remove_account(db: &mut Connection, number: &PhoneNumber, deed: &Deed) -> Result<bool, sqlx::Error> {
    oversight::audit(db, "account remove", &oversight::target(Some(number)), deed).await?;
    if let Some(account) = accounts::find_id_of_number(db, number).await? {
        logouts::end_all(db, &account, deed.at).await?;
    }
    let number = number.as_e164();
    let sql = "delete from accounts where phone_number = $1";
    let removed = sqlx::query(sql).bind(number).execute(&mut *db).await?;
    // Their answers say where they stand.
    let sql = "delete from kept_answers where subject in (select subject from challenges where phone_number = $1)";
    sqlx::query(sql).bind(number).execute(&mut *db).await?;
    sqlx::query("delete from challenges where phone_number = $1").bind(number).execute(&mut *db).await?;
    sqlx::query("delete from refusals where phone_number = $1").bind(number).execute(&mut *db).await?;
    sqlx::query("delete from budgets where key = $1").bind(format!("number:{number}")).execute(&mut *db).await?;
    // The rows stay for the counts of subjects, requesters and the day.
    let sql = "update sends set phone_number = null, code_digest = null, provider_reference = null, delivery = null, fault = null
               where phone_number = $1";
    sqlx::query(sql).bind(number).execute(db).await?;
    Ok(removed.rows_affected() > 0)
}

/// One statement a kind of row, each a transaction of its own, so that nobody waits long for the writer.
pub(super) async fn sweep(db: &mut Connection, policy: &Policy, now: Timestamp, batch: u32) -> Result<bool, sqlx::Error> {
    let day_ago = (now - DAY).as_millisecond();
    let proof_ends = (now - policy.verified_lifetime).as_millisecond();
    let sends = "delete from sends where id in (select id from sends where reserved_at < $1 limit $2)";
    let challenges = "delete from challenges where id in (
                          select id from challenges
                          where opened_at < $1 and (closed_at is not null or coalesce(verified_at, 0) < $3) limit $2)";
    let sessions = "delete from sessions where digest in (select digest from sessions where expires_at < $1 limit $2)";
    let answers = "delete from kept_answers where (subject, key) in (
                       select subject, key from kept_answers where claimed_at < $1 limit $2)";
    let refusals = "delete from refusals where id in (select id from refusals where refused_at < $1 limit $2)";
    let proofs = "delete from spent_proofs where id in (select id from spent_proofs where expires_at < $1 limit $2)";
    let budgets = "delete from budgets where key in (select key from budgets where touched_at < $1 limit $2)";
    // A country's and a prefix's past is what is usual there; a requester's is nobody's business after a day.
    let tally = "delete from tally where (key, slot, shard) in (
                     select key, slot, shard from tally where substr(key, 1, 1) in ('i', 'n') and slot < $1 limit $2)";
    let past = "delete from tally where (key, slot, shard) in (
                    select key, slot, shard from tally where substr(key, 1, 1) in ('c', 'p') and slot < $1 limit $2)";
    let batch = i64::from(batch);
    let mut swept = vec![sqlx::query(sends).bind(day_ago).bind(batch).execute(&mut *db).await?.rows_affected()];
    let delete = sqlx::query(challenges).bind(day_ago).bind(batch).bind(proof_ends);
    swept.push(delete.execute(&mut *db).await?.rows_affected());
    let delete = sqlx::query(sessions).bind(now.as_millisecond()).bind(batch);
    swept.push(delete.execute(&mut *db).await?.rows_affected());
    let delete = sqlx::query(proofs).bind(now.as_millisecond()).bind(batch);
    swept.push(delete.execute(&mut *db).await?.rows_affected());
    swept.push(sqlx::query(answers).bind(day_ago).bind(batch).execute(&mut *db).await?.rows_affected());
    swept.push(sqlx::query(refusals).bind(day_ago).bind(batch).execute(&mut *db).await?.rows_affected());
    swept.push(sqlx::query(budgets).bind(day_ago).bind(batch).execute(&mut *db).await?.rows_affected());
    swept.push(sqlx::query(tally).bind(slot_of(now - DAY)).bind(batch).execute(&mut *db).await?.rows_affected());
    swept.push(sqlx::query(past).bind(slot_of(now - MEMORY)).bind(batch).execute(&mut *db).await?.rows_affected());
    let long_ago = (now - MEMORY).as_millisecond();
    sqlx::query("delete from held where until < $1").bind(long_ago).execute(&mut *db).await?;
    sqlx::query("delete from events where at < $1").bind(long_ago).execute(&mut *db).await?;
    sqlx::query("delete from hourly_costs where hour < $1").bind(hour_of(now - DAY)).execute(&mut *db).await?;
    swept.push(console::sweep(db, now, batch).await?);
    swept.push(grants::sweep(db, now, batch).await?);
    sqlx::query("delete from hourly_refusals where hour < $1").bind(hour_of(now - DAY)).execute(&mut *db).await?;
    sqlx::query("delete from hourly_sends where hour < $1").bind(hour_of(now - DAY)).execute(db).await?;
    Ok(swept.into_iter().any(|rows| i64::try_from(rows).unwrap_or(i64::MAX) >= batch))
}
