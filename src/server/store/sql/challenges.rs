//! Challenges: found, counted, consumed, closed.

use async_trait::async_trait;
use jiff::Timestamp;

use super::attempts::Guess;
use super::proving::Proof;
use super::{Connection, SqlStore, hosted, kept};
use crate::server::store::rows::ChallengeRow;
use crate::server::store::{Attempt, Challenges, Proven, Rotation, Stored};
use crate::verification::{Challenge, ChallengeId, PhoneNumber, SubjectId};

/// What a challenge is read by. A row of an older replica does not say when its newest code was sent.
macro_rules! columns {
    () => {
        "id, subject, phone_number, purpose, provider, judge, provider_reference, delivery, attempts, coalesce(sent_at, opened_at) as sent_at,
         expires_at, verified_at, closed_at"
    };
}
pub(super) use columns;

pub(super) async fn find(db: &mut Connection, id: &ChallengeId) -> Result<Option<Challenge>, sqlx::Error> {
    let row: Option<ChallengeRow> = sqlx::query_as(concat!("select ", columns!(), " from challenges where id = $1"))
        .bind(id.as_str())
        .fetch_optional(db)
        .await?;
    Ok(row.map(Challenge::from))
}

/// Opens a challenge again that was closed for one that came to nothing, unless its subject has another by now.
pub(super) async fn reopen(db: &mut Connection, successor: &str) -> Result<(), sqlx::Error> {
    let sql = "update challenges set closed_at = null, closed_for = null
               where closed_for = $1 and closed_at is not null and verified_at is null
                 and not exists (select 1 from challenges as others
                                 where others.subject = challenges.subject and others.closed_at is null)";
    sqlx::query(sql).bind(successor).execute(db).await.map(drop)
}

pub(super) async fn give_attempt_back(db: &mut Connection, id: &ChallengeId) -> Result<(), sqlx::Error> {
    let sql = "update challenges set attempts = attempts - 1 where id = $1 and attempts > 0 and verified_at is null";
    sqlx::query(sql).bind(id.as_str()).execute(db).await.map(drop)
}

pub(super) async fn close(db: &mut Connection, subject: &SubjectId, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "update challenges set closed_at = $1 where subject = $2 and closed_at is null";
    sqlx::query(sql).bind(now.as_millisecond()).bind(subject.as_str()).execute(db).await.map(drop)
}

#[async_trait]
impl Challenges for SqlStore {
    async fn find_challenge(&self, id: &ChallengeId) -> Stored<Option<Challenge>> {
        Ok(find(&mut *self.reader.acquire().await?, id).await?)
    }

    async fn count_attempt(
        &self,
        id: Option<&ChallengeId>,
        subject: &SubjectId,
        max_attempts: u32,
        now: Timestamp,
    ) -> Stored<Option<Attempt>> {
        self.gathered.attempts.ask(Guess { challenge: id.cloned(), subject: subject.clone(), max_attempts, now }).await
    }

    async fn mark_exhausted(&self, id: &ChallengeId, max_attempts: u32) -> Stored<()> {
        hand_over!(self.execute(id), db => hosted::mark_exhausted(db, &id, max_attempts))
    }

    async fn mark_expired(&self, id: &ChallengeId, now: Timestamp) -> Stored<()> {
        hand_over!(self.execute(id), db => hosted::mark_expired(db, &id, now))
    }

    async fn give_attempt_back(&self, id: &ChallengeId) -> Stored<()> {
        hand_over!(self.execute(id), db => give_attempt_back(db, &id))
    }

    async fn mark_verified(&self, challenge: &Challenge, rotation: &Rotation) -> Stored<Proven> {
        self.gathered.proofs.ask(Proof { challenge: challenge.clone(), rotation: rotation.clone() }).await
    }

    async fn find_hosted(
        &self,
        number: &PhoneNumber,
        provider: &str,
        except: &ChallengeId,
        opened_after: Timestamp,
    ) -> Stored<Vec<Challenge>> {
        Ok(hosted::find(&mut *self.reader.acquire().await?, number, provider, except, opened_after).await?)
    }

    async fn claim_look_up(&self, id: &ChallengeId, now: Timestamp, last_before: Timestamp) -> Stored<bool> {
        hand_over!(self.execute(id), db => hosted::claim_look_up(db, &id, now, last_before))
    }

    async fn mark_reference(&self, id: &ChallengeId, reference: &str, now: Timestamp) -> Stored<()> {
        hand_over!(self.transact(id, reference), db => kept(hosted::mark_reference(db, &id, &reference, now)))
    }

    async fn close_challenge(&self, id: &ChallengeId, now: Timestamp) -> Stored<()> {
        hand_over!(self.execute(id), db => hosted::close(db, &id, now))
    }

    async fn close_challenges(&self, subject: &SubjectId, now: Timestamp) -> Stored<()> {
        hand_over!(self.execute(subject), db => close(db, &subject, now))
    }
}
