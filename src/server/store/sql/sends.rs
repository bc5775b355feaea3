//! Sends: what the budgets count, and the codes that are good.

use jiff::Timestamp;

use super::{Connection, challenges};
use crate::server::store::rows::{self, CountedRow};
use crate::server::store::{DecideSend, Reservation, SendRequest, SendResult};
use crate::verification::policy::{DAY, HOUR, MAX_SENDS_GIVEN_BACK};
use crate::verification::{ChallengeId, CodeDigest, PhoneNumber, Policy, SendHistory, SendPlan, SendRefusal, SubjectId};

/// What counts against the budgets of a subject and a number, one line each. The lines stop at the budget's size.
macro_rules! of_subject_and_number {
    () => {
        "select 'subject' as kind, reserved_at as at, result from (
             select reserved_at, result from sends
             where subject = $1 and given_back = 0 and reserved_at > $2 order by reserved_at desc limit $3) as of_subject
         union all
         select 'number', reserved_at, result from (
             select reserved_at, result from sends
             where phone_number = $4 and given_back = 0 and reserved_at > $2
               and reserved_at > coalesce((select lifted_at from budgets where key = $5), 0)
             order by reserved_at desc limit $6) as of_number"
    };
}

/// The same, and the last lines of the budgets of a requester and of the whole service: there only when those are spent.
const HISTORY: &str = concat!(
    of_subject_and_number!(),
    " union all
      select 'requester', reserved_at, '' from (
          select reserved_at from sends
          where requester = $7 and reserved_at > $8 order by reserved_at desc limit 1 offset $9) as of_requester
      union all
      select 'service', reserved_at, '' from (
          select reserved_at from sends where reserved_at > $2 and given_back = 0 and result <> 'taken'
          order by reserved_at desc limit 1 offset $10) as of_service
      union all
      select 'account', created_at, '' from accounts where phone_number = $4"
);

/// What counts for a send that is asked for; read under the locks.
async fn history(db: &mut Connection, request: &SendRequest, policy: &Policy, now: Timestamp) -> Result<SendHistory, sqlx::Error> {
    let current = challenges::find_current(db, &request.subject).await?;
    let number = request.phone_number.as_e164();
    let rows: Vec<CountedRow> = sqlx::query_as(HISTORY)
        .bind(request.subject.as_str())
        .bind((now - DAY).as_millisecond())
        .bind(i64::from(policy.max_sends_per_subject))
        .bind(number)
        .bind(format!("number:{number}"))
        .bind(i64::from(policy.max_sends_per_number))
        .bind(&request.requester)
        .bind((now - HOUR).as_millisecond())
        .bind(i64::from(policy.max_sends_per_requester.saturating_sub(1)))
        .bind(i64::from(policy.max_sends_per_day.saturating_sub(1)))
        .fetch_all(db)
        .await?;
    let history = rows::history(rows, current);
    Ok(SendHistory { is_signed_up: request.is_signed_up, ..history })
}

/// What counts for a subject and the number of its challenge, without a lock: for a status.
pub(super) async fn find_history(
    db: &mut Connection,
    subject: &SubjectId,
    policy: &Policy,
    now: Timestamp,
) -> Result<SendHistory, sqlx::Error> {
    let current = challenges::find_current(db, subject).await?;
    let number = current.as_ref().map_or("", |challenge| challenge.phone_number.as_e164());
    let rows: Vec<CountedRow> = sqlx::query_as(of_subject_and_number!())
        .bind(subject.as_str())
        .bind((now - DAY).as_millisecond())
        .bind(i64::from(policy.max_sends_per_subject))
        .bind(number)
        .bind(format!("number:{number}"))
        .bind(i64::from(policy.max_sends_per_number))
        .fetch_all(db)
        .await?;
    Ok(rows::history(rows, current))
}

/// Locks, reads, decides, writes. The caller commits.
pub(super) async fn reserve(
    db: &mut Connection,
    request: &SendRequest,
    policy: &Policy,
    now: Timestamp,
    decide: DecideSend<'_>,
) -> Result<Result<Reservation, SendRefusal>, sqlx::Error> {
    let number = request.phone_number.as_e164();
    lock(db, &format!("requester:{}", request.requester), now).await?;
    lock(db, &format!("subject:{}", request.subject.as_str()), now).await?;
    lock(db, &format!("number:{number}"), now).await?;
    // Read by a statement of its own: inside the locking statement, PostgreSQL would show the state before the lock.
    let history = history(db, request, policy, now).await?;
    let decision = decide(&history);
    match &decision {
        Ok(reservation) => add(db, request, reservation, now).await?,
        Err(SendRefusal::NumberTaken) => add_taken(db, request, now).await?,
        Err(_) => {}
    }
    Ok(decision)
}

/// Takes the row lock that serialises all sends of a key across replicas until the transaction ends.
async fn lock(db: &mut Connection, key: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "insert into budgets (key, touched_at, lifted_at) values ($1, $2, 0)
               on conflict (key) do update set touched_at = excluded.touched_at";
    sqlx::query(sql).bind(key).bind(now.as_millisecond()).execute(db).await.map(drop)
}

async fn add(db: &mut Connection, request: &SendRequest, made: &Reservation, now: Timestamp) -> Result<(), sqlx::Error> {
    match made.plan {
        SendPlan::OpenChallenge => open_challenge(db, request, made, now).await?,
        SendPlan::AddCode(_) => prolong_challenge(db, made).await?,
    }
    let sql = "insert into sends (id, challenge_id, subject, requester, phone_number, code_digest, reserved_at, expires_at,
                   result, given_back)
               values ($1, $2, $3, $4, $5, $6, $7, $8, 'reserved', 0)";
    let insert = sqlx::query(sql).bind(&made.send_id).bind(made.challenge.as_str()).bind(request.subject.as_str());
    let insert = insert.bind(&request.requester).bind(request.phone_number.as_e164());
    let insert = insert.bind(made.code_digest.as_ref().map(CodeDigest::as_str)).bind(now.as_millisecond());
    insert.bind(made.expires_at.as_millisecond()).execute(db).await.map(drop)
}

async fn open_challenge(db: &mut Connection, request: &SendRequest, made: &Reservation, now: Timestamp) -> Result<(), sqlx::Error> {
    challenges::close(db, &request.subject, now).await?;
    let sql = "insert into challenges (id, subject, phone_number, purpose, provider, attempts, opened_at, expires_at)
               values ($1, $2, $3, $4, $5, 0, $6, $7)";
    let insert = sqlx::query(sql).bind(made.challenge.as_str()).bind(request.subject.as_str());
    let insert = insert.bind(request.phone_number.as_e164()).bind(request.purpose.as_str()).bind(request.provider);
    insert.bind(now.as_millisecond()).bind(made.expires_at.as_millisecond()).execute(db).await.map(drop)
}

async fn prolong_challenge(db: &mut Connection, made: &Reservation) -> Result<(), sqlx::Error> {
    let sql = "update challenges set expires_at = $1, delivery = null where id = $2";
    sqlx::query(sql).bind(made.expires_at.as_millisecond()).bind(made.challenge.as_str()).execute(db).await.map(drop)
}

/// An answer that a number is taken counts for subject and requester, not for the number.
async fn add_taken(db: &mut Connection, request: &SendRequest, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "insert into sends (id, subject, requester, reserved_at, expires_at, result, given_back)
               values ($1, $2, $3, $4, $4, 'taken', 0)";
    let insert = sqlx::query(sql).bind(crate::server::entropy::new_id()).bind(request.subject.as_str());
    insert.bind(&request.requester).bind(now.as_millisecond()).execute(db).await.map(drop)
}

pub(super) async fn mark(db: &mut Connection, id: &str, result: &SendResult, now: Timestamp) -> Result<(), sqlx::Error> {
    match result {
        SendResult::Accepted { reference, poll_at } => {
            let sql = "update sends set result = 'accepted', provider_reference = $1, poll_at = $2 where id = $3";
            let poll_at = poll_at.map(Timestamp::as_millisecond);
            sqlx::query(sql).bind(reference).bind(poll_at).bind(id).execute(db).await.map(drop)
        }
        SendResult::Unknown => {
            sqlx::query("update sends set result = 'unknown' where id = $1").bind(id).execute(db).await.map(drop)
        }
        SendResult::Failed => mark_failed(db, id, now).await,
    }
}

/// Removes the code, gives the send back within the bound, and leaves the challenge as long as another code of it is good.
async fn mark_failed(db: &mut Connection, id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    lock_number_of(db, id, now).await?;
    let sql = "update sends set result = 'failed', code_digest = null where id = $1 and result <> 'failed' returning challenge_id";
    let challenge: Option<String> = sqlx::query_scalar(sql).bind(id).fetch_optional(&mut *db).await?;
    let Some(challenge) = challenge else { return Ok(()) };
    give_back(db, id, now).await?;
    leave_with_other_codes(db, &challenge, now).await
}

/// Two failures of one number at once must not both find room for the last that is given back.
pub(super) async fn lock_number_of(db: &mut Connection, id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "select phone_number from sends where id = $1";
    let number: Option<Option<String>> = sqlx::query_scalar(sql).bind(id).fetch_optional(&mut *db).await?;
    lock(db, &format!("number:{}", number.flatten().unwrap_or_default()), now).await
}

/// Gives a send back to subject and number, within the bound. The caller holds the number's lock.
pub(super) async fn give_back(db: &mut Connection, id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "update sends set given_back = 1
               where id = $1 and (select count(*) from sends as others where others.phone_number = sends.phone_number
                                    and others.given_back = 1 and others.reserved_at > $2) < $3";
    let update = sqlx::query(sql).bind(id).bind((now - DAY).as_millisecond());
    update.bind(i64::from(MAX_SENDS_GIVEN_BACK)).execute(db).await.map(drop)
}

/// A challenge whose last code was removed is closed; one that has others expires with the newest of them.
async fn leave_with_other_codes(db: &mut Connection, challenge: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "select max(expires_at) from sends where challenge_id = $1 and result <> 'failed'";
    let newest: Option<i64> = sqlx::query_scalar(sql).bind(challenge).fetch_one(&mut *db).await?;
    let sql = "update challenges set expires_at = $1, closed_at = $2 where id = $3 and closed_at is null";
    let closed_at = if newest.is_some() { None } else { Some(now.as_millisecond()) };
    let update = sqlx::query(sql).bind(newest.unwrap_or(0)).bind(closed_at).bind(challenge);
    update.execute(db).await.map(drop)
}

pub(super) async fn find_codes(db: &mut Connection, id: &ChallengeId, now: Timestamp) -> Result<Vec<CodeDigest>, sqlx::Error> {
    let sql = "select code_digest from sends where challenge_id = $1 and code_digest is not null and expires_at > $2";
    let rows: Vec<String> = sqlx::query_scalar(sql).bind(id.as_str()).bind(now.as_millisecond()).fetch_all(db).await?;
    Ok(rows.into_iter().map(CodeDigest::from_stored).collect())
}

pub(super) async fn lift_budget(db: &mut Connection, number: &PhoneNumber, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "insert into budgets (key, touched_at, lifted_at) values ($1, $2, $2)
               on conflict (key) do update set touched_at = excluded.touched_at, lifted_at = excluded.lifted_at";
    let key = format!("number:{}", number.as_e164());
    sqlx::query(sql).bind(key).bind(now.as_millisecond()).execute(db).await.map(drop)
}
