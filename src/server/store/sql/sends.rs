//! Sends: what the budgets count, and the codes that are good.

use jiff::Timestamp;

use super::super::{ADD_OPENED, ADD_PROLONGED, NEEDS_ROW_LOCKS};
use super::history::{self, hour_of};
use super::{Connection, challenges};
use crate::server::store::rows::instant;
use crate::server::store::{DecideSend, Reservation, SendRequest};
use crate::verification::policy::{DAY, MAX_SENDS_GIVEN_BACK};
use crate::verification::{CodeDigest, PhoneNumber, Policy, SendPlan, SendRefusal};

/// How many rows share an hour's count, so that replicas seldom wait for each other's commit.
const SHARDS: u8 = 8;

/// Locks, reads, decides, writes. The caller commits.
pub(super) async fn reserve(
    db: &mut Connection,
    request: &SendRequest,
    policy: &Policy,
    now: Timestamp,
    decide: &DecideSend,
) -> Result<Result<Reservation, SendRefusal>, sqlx::Error> {
    lock(db, "requester", &request.requester, now).await?;
    lock(db, "subject", request.subject.as_str(), now).await?;
    lock(db, "number", request.phone_number.as_e164(), now).await?;
    loop {
        // Read by a statement of its own: inside the locking statement, PostgreSQL would show the state before the lock.
        let history = history::find_asked(db, request, policy, now).await?;
        let decision = decide(&history);
        match (&decision, &history.current) {
            (Ok(made), Some(current)) if made.plan == SendPlan::OpenChallenge => {
                // A right guess that was under way may have proven it since it was read: then all is decided anew.
                if !challenges::close_as_seen(db, current, now).await? {
                    continue;
                }
                add(db, request, made, now).await?;
            }
            (Ok(made), _) => add(db, request, made, now).await?,
            (Err(SendRefusal::NumberTaken), _) => add_taken(db, request, now).await?,
            (Err(_), _) => {}
        }
        return Ok(decision);
    }
}

/// Takes the row lock that serialises all sends of a key across replicas until the transaction ends.
async fn lock(db: &mut Connection, kind: &str, name: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    if !NEEDS_ROW_LOCKS {
        return Ok(());
    }
    let sql = "insert into budgets (key, touched_at, lifted_at) values ($1, $2, 0)
               on conflict (key) do update set touched_at = excluded.touched_at";
    sqlx::query(sql).bind(format!("{kind}:{name}")).bind(now.as_millisecond()).execute(db).await.map(drop)
}

/// The statements of a reservation share their numbered values, because they are handed to the database as one text.
macro_rules! open {
    () => {
        "insert into challenges (id, subject, phone_number, purpose, provider, attempts, opened_at, expires_at)
         values ($1, $2, $3, $4, $5, 0, $6, $7)"
    };
}
macro_rules! prolong {
    () => {
        "update challenges set expires_at = $7, delivery = null where id = $1 and subject = $2 and purpose = $4 and provider = $5"
    };
}
macro_rules! count {
    () => {
        "insert into hourly_sends (hour, shard, sends) values ($8, $9, 1)
         on conflict (hour, shard) do update set sends = hourly_sends.sends + 1"
    };
}
macro_rules! send {
    () => {
        "insert into sends (id, challenge_id, subject, requester, phone_number, code_digest, reserved_at, expires_at, result, given_back)
         values ($10, $1, $2, $11, $3, $12, $6, $7, 'reserved', 0)"
    };
}
pub(in crate::server::store) use {count, open, prolong, send};

async fn add(db: &mut Connection, request: &SendRequest, made: &Reservation, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = match made.plan {
        SendPlan::OpenChallenge => ADD_OPENED,
        SendPlan::AddCode(_) => ADD_PROLONGED,
    };
    let insert = sqlx::query(sql)
        .bind(made.challenge.as_str())
        .bind(request.subject.as_str())
        .bind(request.phone_number.as_e164())
        .bind(request.purpose.as_str())
        .bind(request.provider)
        .bind(now.as_millisecond())
        .bind(made.expires_at.as_millisecond())
        .bind(hour_of(now))
        .bind(shard_of(&made.send_id))
        .bind(&made.send_id)
        .bind(&request.requester)
        .bind(made.code_digest.as_ref().map(CodeDigest::as_str));
    insert.execute(db).await.map(drop)
}

/// Names are random, so their first letters spread over the shards.
fn shard_of(send_id: &str) -> i64 {
    i64::from(send_id.as_bytes().first().copied().unwrap_or_default() % SHARDS)
}

/// An answer that a number is taken counts for subject and requester, not for the number.
async fn add_taken(db: &mut Connection, request: &SendRequest, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "insert into sends (id, subject, requester, reserved_at, expires_at, result, given_back)
               values ($1, $2, $3, $4, $4, 'taken', 0)";
    let insert = sqlx::query(sql).bind(crate::server::entropy::new_id()).bind(request.subject.as_str());
    insert.bind(&request.requester).bind(now.as_millisecond()).execute(db).await.map(drop)
}

pub(super) async fn mark_accepted(
    db: &mut Connection,
    id: &str,
    reference: Option<&str>,
    poll_at: Option<Timestamp>,
) -> Result<(), sqlx::Error> {
    let sql = "update sends set result = 'accepted', provider_reference = $1, poll_at = $2 where id = $3";
    let poll_at = poll_at.map(Timestamp::as_millisecond);
    sqlx::query(sql).bind(reference).bind(poll_at).bind(id).execute(db).await.map(drop)
}

pub(super) async fn mark_unknown(db: &mut Connection, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("update sends set result = 'unknown' where id = $1").bind(id).execute(db).await.map(drop)
}

/// Removes the code, gives the send back within the bound, and leaves the challenge as long as another code of it is good.
pub(super) async fn mark_failed(db: &mut Connection, id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    lock_number_of(db, id, now).await?;
    let sql = "update sends set result = 'failed', code_digest = null where id = $1 and result <> 'failed' returning challenge_id";
    let challenge: Option<String> = sqlx::query_scalar(sql).bind(id).fetch_optional(&mut *db).await?;
    let Some(challenge) = challenge else { return Ok(()) };
    let given_back = give_back(db, id, now).await?;
    leave_with_other_codes(db, &challenge, now).await?;
    uncount(db, id, given_back).await
}

/// Two failures of one number at once must not both find room for the last that is given back.
pub(super) async fn lock_number_of(db: &mut Connection, id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    if !NEEDS_ROW_LOCKS {
        return Ok(());
    }
    let sql = "select phone_number from sends where id = $1";
    let number: Option<Option<String>> = sqlx::query_scalar(sql).bind(id).fetch_optional(&mut *db).await?;
    lock(db, "number", &number.flatten().unwrap_or_default(), now).await
}

/// Gives a send back to subject and number, within the bound, and says when it was reserved if that was done. The caller holds the
/// number's lock.
pub(super) async fn give_back(db: &mut Connection, id: &str, now: Timestamp) -> Result<Option<i64>, sqlx::Error> {
    let sql = "update sends set given_back = 1
               where id = $1 and (select count(*) from sends as others where others.phone_number = sends.phone_number
                                    and others.given_back = 1 and others.reserved_at > $2) < $3
               returning reserved_at";
    let update = sqlx::query_scalar(sql).bind(id).bind((now - DAY).as_millisecond());
    update.bind(i64::from(MAX_SENDS_GIVEN_BACK)).fetch_optional(db).await
}

/// Takes a send that was given back out of the service's count. The last statement of its transaction, as counting is: whoever holds a
/// count waits for nothing else.
pub(super) async fn uncount(db: &mut Connection, id: &str, reserved_at: Option<i64>) -> Result<(), sqlx::Error> {
    let Some(reserved_at) = reserved_at else { return Ok(()) };
    let sql = "update hourly_sends set sends = sends - 1 where hour = $1 and shard = $2";
    sqlx::query(sql).bind(hour_of(instant(reserved_at))).bind(shard_of(id)).execute(db).await.map(drop)
}

/// A challenge whose last code was removed is closed; one that has others expires with the newest of them. One that is verified stays: the
/// text had arrived, whatever the vendor said afterwards.
async fn leave_with_other_codes(db: &mut Connection, challenge: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "select max(expires_at) from sends where challenge_id = $1 and result <> 'failed'";
    let newest: Option<i64> = sqlx::query_scalar(sql).bind(challenge).fetch_one(&mut *db).await?;
    let sql = "update challenges set expires_at = $1, closed_at = $2 where id = $3 and closed_at is null and verified_at is null";
    let closed_at = if newest.is_some() { None } else { Some(now.as_millisecond()) };
    let update = sqlx::query(sql).bind(newest.unwrap_or(0)).bind(closed_at).bind(challenge);
    update.execute(db).await.map(drop)
}

pub(super) async fn lift_budget(db: &mut Connection, number: &PhoneNumber, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "insert into budgets (key, touched_at, lifted_at) values ($1, $2, $2)
               on conflict (key) do update set touched_at = excluded.touched_at, lifted_at = excluded.lifted_at";
    let key = format!("number:{}", number.as_e164());
    sqlx::query(sql).bind(key).bind(now.as_millisecond()).execute(db).await.map(drop)
}
