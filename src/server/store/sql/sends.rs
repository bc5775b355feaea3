//! Sends: what the budgets count, and the codes that are good.

use async_trait::async_trait;
use jiff::Timestamp;

use super::super::{ADD_CODE, ADD_OPENED, NEEDS_ROW_LOCKS};
use super::history::{self, hour_of};
use super::{Connection, SqlStore, challenges, deliveries, kept, oversight, proofs, results};
use crate::server::store::{
    DecideSend, Deed, DeliveryResult, Ending, Reservation, SendCharge, SendRequest, SendResult, Sends, SentText, Stored,
};
use crate::verification::{ChallengeId, CodeDigest, Delivered, PhoneNumber, Policy, SendHistory, SendPlan, SendRefusal};

/// How many rows share an hour's count, so that replicas seldom wait for each other's commit.
const SHARDS: u8 = 8;

/// Locks, reads, decides, writes. A refusal leaves nothing, but where it tells who has an account.
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
            Err(refusal) if refusal.is_charged() => {
                add_taken(db, request, now).await?;
                return Ok(Ending::Commit(Err(refusal)));
            }
            Err(refusal) => return Ok(Ending::Rollback(Err(refusal))),
        };
        // A guess that was under way may have changed the challenge since it was read: then all is decided anew.
        if make_room(db, request, policy, &history, &made, now).await? {
            if !proofs::spend(db, request.proof.as_ref()).await? {
                return Ok(Ending::Rollback(Err(SendRefusal::ChallengeRequired)));
            }
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
pub(super) async fn lock(db: &mut Connection, kind: &str, name: &str, now: Timestamp) -> Result<(), sqlx::Error> {
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
        "insert into challenges (id, subject, phone_number, purpose, provider, judge, attempts, opened_at, sent_at, expires_at)
         values ($1, $2, $3, $15, $14, $16, 0, $4, $4, $5)"
    };
}
macro_rules! count {
    () => {
        "insert into hourly_sends (hour, shard, sends) values ($6, $7, 1)
         on conflict (hour, shard) do update set sends = hourly_sends.sends + 1"
    };
}
/// Nothing, where nobody told a price.
macro_rules! cost {
    () => {
        "insert into hourly_costs (hour, shard, currency, country, micros) select $6, $7, $12, $11, $13 where $13 is not null
         on conflict (hour, shard, currency, country) do update set micros = hourly_costs.micros + excluded.micros"
    };
}
macro_rules! send {
    () => {
        "insert into sends (id, challenge_id, subject, requester, phone_number, code_digest, reserved_at, expires_at, result, given_back,
             country, currency, price_micros, provider)
         values ($8, $1, $2, $9, $3, $10, $4, $5, 'reserved', 0, $11, $12, $13, $14)"
    };
}
pub(in crate::server::store) use {cost, count, open, send};

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
        .bind(made.code_digest.as_ref().map(CodeDigest::as_str))
        .bind(&request.country)
        .bind(request.price.as_ref().map(|price| &price.currency))
        .bind(request.price.as_ref().map(|price| price.micros))
        .bind(request.provider);
    let insert = match made.plan {
        SendPlan::OpenChallenge => insert.bind(request.purpose.as_str()).bind(request.judge.as_str()),
        SendPlan::AddCode(_) => insert,
    };
    insert.execute(db).await.map(drop)
}

/// Names are random, so their first letters spread over the shards.
pub(super) fn shard_of(send_id: &str) -> i64 {
    i64::from(send_id.as_bytes().first().copied().unwrap_or_default() % SHARDS)
}

/// An answer that tells who has an account counts for subject and requester, not for the number.
async fn add_taken(db: &mut Connection, request: &SendRequest, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "insert into sends (id, subject, requester, reserved_at, expires_at, result, given_back)
               values ($1, $2, $3, $4, $4, 'taken', 0)";
    let insert = sqlx::query(sql).bind(crate::server::entropy::new_id()).bind(request.subject.as_str());
    insert.bind(&request.requester).bind(now.as_millisecond()).execute(db).await.map(drop)
}

#[async_trait]
impl Sends for SqlStore {
    async fn reserve_send(
        &self,
        request: &SendRequest,
        policy: &Policy,
        now: Timestamp,
        decide: DecideSend,
    ) -> Stored<Result<Reservation, SendRefusal>> {
        hand_over!(self.transact(request, policy), db => reserve(db, &request, &policy, now, &decide))
    }

    async fn mark_send(&self, send_id: &str, result: &SendResult, now: Timestamp) -> Stored<SendCharge> {
        match result {
            SendResult::Failed => hand_over!(self.transact(send_id), db => kept(results::mark_failed(db, &send_id, now))),
            &SendResult::Accepted { provider, ref reference, poll_at } => {
                hand_over!(self.execute(send_id, reference), db => results::mark_accepted(db, &send_id, provider, reference.as_deref(), poll_at))?;
                Ok(SendCharge::Kept)
            }
            &SendResult::Unknown { provider } => {
                hand_over!(self.execute(send_id), db => results::mark_unknown(db, &send_id, provider))?;
                Ok(SendCharge::Kept)
            }
        }
    }

    async fn find_last_sender(&self, challenge: &ChallengeId) -> Stored<Option<String>> {
        Ok(results::find_last_sender(&mut *self.reader.acquire().await?, challenge).await?)
    }

    async fn claim_polls(&self, now: Timestamp, batch: u32) -> Stored<Vec<SentText>> {
        hand_over!(self.execute(), db => deliveries::claim(db, now, batch))
    }

    async fn find_send(&self, send_id: &str) -> Stored<Option<SentText>> {
        Ok(deliveries::find(&mut *self.reader.acquire().await?, send_id).await?)
    }

    async fn mark_deliveries(&self, results: &[DeliveryResult], now: Timestamp) -> Stored<Vec<String>> {
        // One that was lost takes locks, and two of them in one transaction could wait for each other's.
        let (lost, delivered): (Vec<_>, Vec<_>) = results.iter().cloned().partition(|result| result.delivered == Delivered::No);
        let mut news = Vec::new();
        for result in lost {
            news.extend(hand_over!(self.transact(), db => kept(deliveries::mark_all(db, &[result], now)))?);
        }
        if !delivered.is_empty() {
            news.extend(hand_over!(self.transact(delivered), db => kept(deliveries::mark_all(db, &delivered, now)))?);
        }
        Ok(news)
    }

    async fn lift_budgets(&self, number: Option<&PhoneNumber>, deed: &Deed) -> Stored<u64> {
        let number = number.cloned();
        hand_over!(self.transact(deed), db => kept(oversight::lift_budgets(db, number.as_ref(), &deed)))
    }
}
