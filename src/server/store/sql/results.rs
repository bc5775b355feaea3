//! What became of sends, and what is given back of those that certainly failed.

use async_trait::async_trait;
use jiff::Timestamp;

use super::super::NEEDS_ROW_LOCKS;
use super::history::hour_of;
use super::sends::{lock, shard_of};
use super::statement::Statement;
use super::{Connection, challenges};
use crate::server::store::batch::{Asked, Verb, Written};
use crate::server::store::rows::instant;
use crate::server::store::set::{Set, row};
use crate::server::store::{SendCharge, SendResult};
use crate::verification::ChallengeId;
use crate::verification::policy::{DAY, MAX_SENDS_GIVEN_BACK};

/// What a provider took, or may have taken. A result may be here before the answer to the send: then nobody needs to be asked.
const TAKEN: &str = "update sends set result = asked.result, provider = asked.provider,
         provider_reference = case when asked.result = 'accepted' then asked.reference else sends.provider_reference end,
         poll_at = case when asked.result <> 'accepted' then sends.poll_at when sends.delivery is null then asked.poll_at end
     from asked where sends.id = asked.id";

row! {
    struct TakenOf<'a> {
        id: &'a str,
        result: &'a str,
        provider: &'a str,
        reference: Option<&'a str>,
        poll_at: Option<i64>,
    }
}

/// A send that a provider took, or may have taken.
pub(super) struct Taken {
    id: String,
    result: &'static str,
    provider: &'static str,
    reference: Option<String>,
    poll_at: Option<i64>,
}

impl Taken {
    /// None where it certainly was not sent.
    pub(super) fn of(send_id: &str, result: &SendResult) -> Option<Self> {
        let id = send_id.to_owned();
        match result {
            SendResult::Accepted { provider, reference, poll_at } => {
                let poll_at = poll_at.map(Timestamp::as_millisecond);
                Some(Self { id, result: "accepted", provider, reference: reference.clone(), poll_at })
            }
            SendResult::Unknown { provider } => Some(Self { id, result: "unknown", provider, reference: None, poll_at: None }),
            SendResult::Failed => None,
        }
    }
}

impl Asked for Taken {
    fn keys(&self) -> Vec<String> {
        vec![self.id.clone()]
    }
}

pub(super) struct MarkTaken;

#[async_trait]
impl Verb<Connection> for MarkTaken {
    type Asked = Taken;
    type Answer = ();

    const HAS_STEPS: bool = false;

    async fn run(db: &mut Connection, asked: &[&Taken]) -> Result<Written<()>, sqlx::Error> {
        let taken = asked.iter().map(|Taken { id, result, provider, reference, poll_at }| TakenOf {
            id,
            result,
            provider,
            reference: reference.as_deref(),
            poll_at: *poll_at,
        });
        Statement::about(Set::of(taken), TAKEN)?.execute(db).await?;
        Ok(Written::Kept(vec![(); asked.len()]))
    }
}

pub(super) async fn find_last_sender(db: &mut Connection, challenge: &ChallengeId) -> Result<Option<String>, sqlx::Error> {
    let sql = "select provider from sends where challenge_id = $1 and result in ('accepted', 'unknown')
               order by reserved_at desc limit 1";
    let found: Option<Option<String>> = sqlx::query_scalar(sql).bind(challenge.as_str()).fetch_optional(db).await?;
    Ok(found.flatten())
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

/// Takes a send that certainly was not made out of what the service spent. The last statements of their transaction, as counting is: whoever
/// holds a count waits for nothing else. In the order in which PostgreSQL runs those of a reservation: from the last to the first.
async fn uncount(db: &mut Connection, id: &str, reserved_at: i64) -> Result<(), sqlx::Error> {
    let (hour, shard) = (hour_of(instant(reserved_at)), shard_of(id));
    let sql = "update hourly_costs set micros = micros - (select price_micros from sends where id = $3)
               where hour = $1 and shard = $2 and (currency, country) in (select currency, country from sends where id = $3)";
    sqlx::query(sql).bind(hour).bind(shard).bind(id).execute(&mut *db).await?;
    let sql = "update hourly_sends set sends = sends - 1 where hour = $1 and shard = $2";
    sqlx::query(sql).bind(hour).bind(shard).execute(db).await.map(drop)
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
