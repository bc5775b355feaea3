//! The SQL text, the same for both databases. `Db` and `BEGIN` come from the module that includes this file.

#[path = "sql/accounts.rs"]
mod accounts;
#[path = "sql/challenges.rs"]
mod challenges;
#[path = "sql/deliveries.rs"]
mod deliveries;
#[path = "sql/erasure.rs"]
mod erasure;
#[path = "sql/sends.rs"]
mod sends;
#[path = "sql/sessions.rs"]
mod sessions;

use async_trait::async_trait;
use jiff::Timestamp;

use super::super::{
    Account, AddedAccount, Consumed, DecideSend, DuePoll, NewAccount, Reservation, Rotation, SendRequest, SendResult, Store,
    StoreFault, Stored, StoredSession,
};
use super::{BEGIN, Db};
use crate::verification::{
    Challenge, ChallengeId, CodeDigest, Delivered, PhoneNumber, Policy, SendHistory, SendRefusal, SubjectId,
};

type Connection = <Db as sqlx::Database>::Connection;
type Transaction = sqlx::Transaction<'static, Db>;

/// The pools of one database. PostgreSQL has one for both uses.
pub(in crate::server::store) struct SqlStore {
    pub(super) reader: sqlx::Pool<Db>,
    pub(super) writer: sqlx::Pool<Db>,
}

pub(super) async fn migrate(db: &mut Connection) -> Stored<()> {
    // `run` would make every future that holds it less general than a task needs.
    sqlx::migrate!("./migrations").run_direct(None, db, false).await.map_err(|fault| StoreFault(Box::new(fault)))
}

impl SqlStore {
    async fn begin(&self) -> Result<Transaction, sqlx::Error> {
        self.writer.begin_with(BEGIN).await
    }
}

#[async_trait]
impl Store for SqlStore {
    async fn ping(&self) -> Stored<()> {
        sqlx::query("select 1").execute(&self.reader).await?;
        Ok(())
    }

    async fn find_session(&self, digest: &str) -> Stored<Option<StoredSession>> {
        Ok(sessions::find(&mut *self.reader.acquire().await?, digest).await?)
    }

    async fn add_flash(&self, digest: &str, subject: &SubjectId, flash: &str, expires_at: Timestamp) -> Stored<()> {
        Ok(sessions::add_flash(&mut *self.writer.acquire().await?, digest, subject, flash, expires_at).await?)
    }

    async fn remove_flash(&self, digest: &str, flash: &str) -> Stored<()> {
        Ok(sessions::remove_flash(&mut *self.writer.acquire().await?, digest, flash).await?)
    }

    async fn remove_session(&self, digest: &str, subject: &SubjectId, now: Timestamp) -> Stored<()> {
        let mut tx = self.begin().await?;
        challenges::close(&mut tx, subject, now).await?;
        sessions::remove(&mut tx, digest).await?;
        Ok(tx.commit().await?)
    }

    async fn find_history(&self, subject: &SubjectId, policy: &Policy, now: Timestamp) -> Stored<SendHistory> {
        Ok(sends::find_history(&mut *self.reader.acquire().await?, subject, policy, now).await?)
    }

    async fn find_challenge(&self, id: &ChallengeId) -> Stored<Option<Challenge>> {
        Ok(challenges::find(&mut *self.reader.acquire().await?, id).await?)
    }

    async fn reserve_send(
        &self,
        request: &SendRequest,
        policy: &Policy,
        now: Timestamp,
        decide: DecideSend<'_>,
    ) -> Stored<Result<Reservation, SendRefusal>> {
        let mut tx = self.begin().await?;
        let decision = sends::reserve(&mut tx, request, policy, now, decide).await?;
        tx.commit().await?;
        Ok(decision)
    }

    async fn mark_send(&self, send_id: &str, result: &SendResult, now: Timestamp) -> Stored<()> {
        if *result != SendResult::Failed {
            return Ok(sends::mark(&mut *self.writer.acquire().await?, send_id, result, now).await?);
        }
        let mut tx = self.begin().await?;
        sends::mark(&mut tx, send_id, result, now).await?;
        Ok(tx.commit().await?)
    }

    async fn claim_polls(&self, now: Timestamp, batch: u32) -> Stored<Vec<DuePoll>> {
        Ok(deliveries::claim(&mut *self.writer.acquire().await?, now, batch).await?)
    }

    async fn mark_delivery(&self, send_id: &str, delivered: Delivered, reason: &str, now: Timestamp) -> Stored<()> {
        let mut tx = self.begin().await?;
        deliveries::mark(&mut tx, send_id, delivered, reason, now).await?;
        Ok(tx.commit().await?)
    }

    async fn count_attempt(
        &self,
        id: &ChallengeId,
        subject: &SubjectId,
        max_attempts: u32,
        now: Timestamp,
    ) -> Stored<Option<Challenge>> {
        Ok(challenges::count_attempt(&mut *self.writer.acquire().await?, id, subject, max_attempts, now).await?)
    }

    async fn mark_exhausted(&self, id: &ChallengeId, max_attempts: u32) -> Stored<()> {
        Ok(challenges::mark_exhausted(&mut *self.writer.acquire().await?, id, max_attempts).await?)
    }

    async fn mark_expired(&self, id: &ChallengeId, now: Timestamp) -> Stored<()> {
        Ok(challenges::mark_expired(&mut *self.writer.acquire().await?, id, now).await?)
    }

    async fn give_attempt_back(&self, id: &ChallengeId) -> Stored<()> {
        Ok(challenges::give_attempt_back(&mut *self.writer.acquire().await?, id).await?)
    }

    async fn find_codes(&self, id: &ChallengeId, now: Timestamp) -> Stored<Vec<CodeDigest>> {
        Ok(sends::find_codes(&mut *self.reader.acquire().await?, id, now).await?)
    }

    async fn mark_verified(&self, challenge: &Challenge, rotation: &Rotation) -> Stored<Consumed> {
        let mut tx = self.begin().await?;
        let consumed = challenges::mark_verified(&mut tx, challenge, rotation).await?;
        if consumed != Consumed::Lost {
            tx.commit().await?;
        }
        Ok(consumed)
    }

    async fn find_hosted(
        &self,
        number: &PhoneNumber,
        provider: &str,
        except: &ChallengeId,
        now: Timestamp,
    ) -> Stored<Vec<Challenge>> {
        Ok(challenges::find_hosted(&mut *self.reader.acquire().await?, number, provider, except, now).await?)
    }

    async fn mark_reference(&self, id: &ChallengeId, reference: &str, now: Timestamp) -> Stored<()> {
        let mut tx = self.begin().await?;
        challenges::mark_reference(&mut tx, id, reference, now).await?;
        Ok(tx.commit().await?)
    }

    async fn close_challenge(&self, id: &ChallengeId, now: Timestamp) -> Stored<()> {
        Ok(challenges::close_one(&mut *self.writer.acquire().await?, id, now).await?)
    }

    async fn close_challenges(&self, subject: &SubjectId, now: Timestamp) -> Stored<()> {
        Ok(challenges::close(&mut *self.writer.acquire().await?, subject, now).await?)
    }

    async fn add_account(&self, account: &NewAccount, rotation: &Rotation) -> Stored<AddedAccount> {
        let mut tx = self.begin().await?;
        let added = accounts::add(&mut tx, account, rotation).await?;
        if added != AddedAccount::NotVerified {
            tx.commit().await?;
        }
        Ok(added)
    }

    async fn find_account(&self, id: &str) -> Stored<Option<Account>> {
        Ok(accounts::find(&mut *self.reader.acquire().await?, id).await?)
    }

    async fn lift_budget(&self, number: &PhoneNumber, now: Timestamp) -> Stored<()> {
        Ok(sends::lift_budget(&mut *self.writer.acquire().await?, number, now).await?)
    }

    async fn remove_account(&self, number: &PhoneNumber) -> Stored<bool> {
        let mut tx = self.begin().await?;
        let is_removed = erasure::remove_account(&mut tx, number).await?;
        tx.commit().await?;
        Ok(is_removed)
    }

    async fn sweep(&self, policy: &Policy, now: Timestamp, batch: u32) -> Stored<bool> {
        Ok(erasure::sweep(&mut *self.writer.acquire().await?, policy, now, batch).await?)
    }
}
