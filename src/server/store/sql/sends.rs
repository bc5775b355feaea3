//! Sends: what the budgets count, and the codes that are good.

use jiff::Timestamp;

use super::super::{ADD_CODE, ADD_OPENED, NEEDS_ROW_LOCKS};
use super::history::{self, hour_of};
use super::{Connection, challenges};
use crate::server::store::rows::instant;
use crate::server::store::{DecideSend, Ending, Reservation, SendCharge, SendRequest};
use crate::verification::policy::{DAY, MAX_SENDS_GIVEN_BACK};
use crate::verification::{CodeDigest, PhoneNumber, Policy, SendHistory, SendPlan, SendRefusal};

/// How many rows share an hour's count, so that replicas seldom wait for each other's commit.
const SHARDS: u8 = 8;

/// Locks, reads, decides, writes. A refusal leaves nothing, but where it is told that a number is taken.
pub(super) async fn reserve(
    db: &mut Connection,
    request: &SendRequest,
    policy: &Policy,
    now: Timestamp,
    decide: &DecideSend,
) -> Result<Ending<Result<Reservation, SendRefusal>>, sqlx::Error> {
    lock(db, "requester", &request.requester, now).await?;
    lock(db, "subject", request.subject.as_str(), now).await?;
    lock(db, "number", request.phone_number.as_e164(), now).await?;
    loop {
        // Read by a statement of its own: inside the locking statement, PostgreSQL would show the state before the lock.
        let history = history::find_asked(db, request, policy, now).await?;
        let made = match decide(&history) {
            Ok(made) => made,
            Err(SendRefusal::NumberTaken) => {
                add_taken(db, request, now).await?;
                return Ok(Ending::Commit(Err(SendRefusal::NumberTaken)));
            }
            Err(refusal) => return Ok(Ending::Rollback(Err(refusal))),
        };
        // A guess that was under way may have changed the challenge since it was read: then all is decided anew.
        if make_room(db, request, policy, &history, &made, now).await? {
            add(db, request, &made, now).await?;
            return Ok(Ending::Commit(Ok(made)));
        }
    }
}

/// Readies the subject's challenge for another send: prolongs it by one more code, or closes it for a new one. False when it is not as it
/// was read any more.
async fn make_room(
    db: &mut Connection,
    request: &SendRequest,
    policy: &Policy,
    history: &SendHistory,
    made: &Reservation,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    match (&made.plan, &history.current) {
        (SendPlan::AddCode(current), _) => {
            challenges::prolong(db, &current.id, &request.subject, policy.max_attempts, now, made.expires_at).await
        }
        (SendPlan::OpenChallenge, Some(current)) => challenges::close_as_seen(db, current, &made.challenge, now).await,
        (SendPlan::OpenChallenge, None) => Ok(true),
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
        "insert into challenges (id, subject, phone_number, purpose, provider, attempts, opened_at, sent_at, expires_at)
         values ($1, $2, $3, $11, $12, 0, $4, $4, $5)"
    };
}
macro_rules! count {
    () => {
        "insert into hourly_sends (hour, shard, sends) values ($6, $7, 1)
         on conflict (hour, shard) do update set sends = hourly_sends.sends + 1"
    };
}
macro_rules! send {
    () => {
        "insert into sends (id, challenge_id, subject, requester, phone_number, code_digest, reserved_at, expires_at, result, given_back)
         values ($8, $1, $2, $9, $3, $10, $4, $5, 'reserved', 0)"
    };
}
pub(in crate::server::store) use {count, open, send};

async fn add(db: &mut Connection, request: &SendRequest, made: &Reservation, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = if made.plan == SendPlan::OpenChallenge { ADD_OPENED } else { ADD_CODE };
    let insert = sqlx::query(sql)
        .bind(made.challenge.as_str())
        .bind(request.subject.as_str())
        .bind(request.phone_number.as_e164())
        .bind(now.as_millisecond())
        .bind(made.expires_at.as_millisecond())
        .bind(hour_of(now))
        .bind(shard_of(&made.send_id))
        .bind(&made.send_id)
        .bind(&request.requester)
        .bind(made.code_digest.as_ref().map(CodeDigest::as_str));
    let insert = match made.plan {
        SendPlan::OpenChallenge => insert.bind(request.purpose.as_str()).bind(request.provider),
        SendPlan::AddCode(_) => insert,
    };
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

/// Removes the code, gives the send back within the bound, and leaves the challenge as long as another code of it is good. The service's
/// count is of what a vendor may have taken.
pub(super) async fn mark_failed(db: &mut Connection, id: &str, now: Timestamp) -> Result<SendCharge, sqlx::Error> {
    lock_owners_of(db, id, now).await?;
    let sql = "update sends set result = 'failed', code_digest = null where id = $1 and result <> 'failed'
               returning challenge_id, reserved_at";
    let failed: Option<(String, i64)> = sqlx::query_as(sql).bind(id).fetch_optional(&mut *db).await?;
    let Some((challenge, reserved_at)) = failed else { return Ok(SendCharge::GivenBack) };
    let charge = give_back(db, id, now).await?;
    leave_with_other_codes(db, &challenge, now).await?;
    uncount(db, id, reserved_at).await?;
    Ok(charge)
}

/// Two failures of one number at once must not both find room for the last that is given back, and a subject that asks anew meanwhile must
/// not get two open challenges.
async fn lock_owners_of(db: &mut Connection, id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    if !NEEDS_ROW_LOCKS {
        return Ok(());
    }
    let sql = "select subject, phone_number from sends where id = $1";
    let owners: Option<(String, Option<String>)> = sqlx::query_as(sql).bind(id).fetch_optional(&mut *db).await?;
    let (subject, number) = owners.unwrap_or_default();
    lock(db, "subject", &subject, now).await?;
    lock(db, "number", &number.unwrap_or_default(), now).await
}

/// Two lost texts of one number at once must not both find room for the last that is given back.
pub(super) async fn lock_number_of(db: &mut Connection, id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    if !NEEDS_ROW_LOCKS {
        return Ok(());
    }
    let sql = "select phone_number from sends where id = $1";
    let number: Option<Option<String>> = sqlx::query_scalar(sql).bind(id).fetch_optional(&mut *db).await?;
    lock(db, "number", &number.flatten().unwrap_or_default(), now).await
}

/// Gives a send back to subject and number, within the bound. The caller holds the number's lock.
pub(super) async fn give_back(db: &mut Connection, id: &str, now: Timestamp) -> Result<SendCharge, sqlx::Error> {
    let sql = "update sends set given_back = 1
               where id = $1 and (select count(*) from sends as others where others.phone_number = sends.phone_number
                                    and others.given_back = 1 and others.reserved_at > $2) < $3";
    let update = sqlx::query(sql).bind(id).bind((now - DAY).as_millisecond()).bind(i64::from(MAX_SENDS_GIVEN_BACK));
    let is_given_back = update.execute(db).await?.rows_affected() > 0;
    Ok(if is_given_back { SendCharge::GivenBack } else { SendCharge::Kept })
}

/// Takes a send that certainly was not made out of the service's count. The last statement of its transaction, as counting is: whoever holds
/// a count waits for nothing else.
async fn uncount(db: &mut Connection, id: &str, reserved_at: i64) -> Result<(), sqlx::Error> {
    let sql = "update hourly_sends set sends = sends - 1 where hour = $1 and shard = $2";
    sqlx::query(sql).bind(hour_of(instant(reserved_at))).bind(shard_of(id)).execute(db).await.map(drop)
}

/// A challenge whose last code was removed is closed, and the one that it took the place of is open again; one that has others expires with
/// the newest of them. One that is verified stays: the text had arrived, whatever the vendor said afterwards.
async fn leave_with_other_codes(db: &mut Connection, challenge: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "select max(expires_at), max(reserved_at) from sends where challenge_id = $1 and result <> 'failed'";
    let (newest, sent_at): (Option<i64>, Option<i64>) = sqlx::query_as(sql).bind(challenge).fetch_one(&mut *db).await?;
    let sql = "update challenges set expires_at = $1, sent_at = coalesce($4, sent_at), closed_at = $2
               where id = $3 and closed_at is null and verified_at is null";
    let closed_at = if newest.is_some() { None } else { Some(now.as_millisecond()) };
    let update = sqlx::query(sql).bind(newest.unwrap_or(0)).bind(closed_at).bind(challenge).bind(sent_at);
    let is_left = update.execute(&mut *db).await?.rows_affected() > 0;
    if is_left && closed_at.is_some() { challenges::reopen(db, challenge).await } else { Ok(()) }
}

/// What was lifted by hand is told apart from what was given back after a failure, and counts against neither number nor subject.
pub(super) async fn lift_budgets(db: &mut Connection, number: Option<&PhoneNumber>) -> Result<u64, sqlx::Error> {
    let sql = "update sends set given_back = 2 where given_back = 0 and ($1 is null or phone_number = $1)";
    let update = sqlx::query(sql).bind(number.map(PhoneNumber::as_e164));
    Ok(update.execute(db).await?.rows_affected())
}
