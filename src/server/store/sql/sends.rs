//! Sends: what the budgets count, and the codes that are good.

use async_trait::async_trait;
use jiff::Timestamp;

use super::super::NEEDS_ROW_LOCKS;
use super::asked::AskedSend;
use super::results::Taken;
use super::{Connection, SqlStore, deliveries, kept, oversight, results};
use crate::server::store::{
    DecideSend, Deed, DeliveryResult, Reservation, SendCharge, SendRequest, SendResult, Sends, SentText, Stored,
};
use crate::verification::{ChallengeId, Delivered, PhoneNumber, Policy, SendRefusal};

/// How many rows share an hour's count, so that replicas seldom wait for each other's commit.
const SHARDS: u8 = 8;

/// Takes the row lock that serialises all sends of a key across replicas until the transaction ends.
pub(super) async fn lock(db: &mut Connection, kind: &str, name: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    if !NEEDS_ROW_LOCKS {
        return Ok(());
    }
    let sql = "insert into budgets (key, touched_at, lifted_at) values ($1, $2, 0)
               on conflict (key) do update set touched_at = excluded.touched_at";
    sqlx::query(sql).bind(format!("{kind}:{name}")).bind(now.as_millisecond()).execute(db).await.map(drop)
}

/// Names are random, so their first letters spread over the shards.
pub(super) fn shard_of(send_id: &str) -> i64 {
    i64::from(send_id.as_bytes().first().copied().unwrap_or_default() % SHARDS)
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
        let asked = AskedSend { request: request.clone(), policy: policy.clone(), now, decide };
        self.gathered.reservations.ask(asked).await
    }

    async fn mark_send(&self, send_id: &str, result: &SendResult, now: Timestamp) -> Stored<SendCharge> {
        let Some(taken) = Taken::of(send_id, result) else {
            return hand_over!(self.transact(send_id), db => kept(results::mark_failed(db, &send_id, now)));
        };
        self.gathered.results.ask(taken).await?;
        Ok(SendCharge::Kept)
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
            news.extend(hand_over!(self.transact(result), db => kept(deliveries::mark_all(db, &[result], now)))?);
        }
        if !delivered.is_empty() {
            news.extend(hand_over!(self.transact(delivered), db => kept(deliveries::mark_all(db, &delivered, now)))?);
        }
        Ok(news)
    }

    async fn lift_budgets(&self, number: Option<&PhoneNumber>, deed: &Deed) -> Stored<u64> {
        let number = number.cloned();
        hand_over!(self.transact(number, deed), db => kept(oversight::lift_budgets(db, number.as_ref(), &deed)))
    }
}
