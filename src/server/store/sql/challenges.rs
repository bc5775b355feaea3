//! Challenges: found, counted, consumed, closed.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Connection, SqlStore, accounts, hosted, kept, sessions};
use crate::server::store::rows::{AttemptRow, ChallengeRow};
use crate::server::store::{Attempt, Challenges, Consumed, Ending, Rotation, Stored};
use crate::verification::policy::MAX_CLOCK_SKEW;
use crate::verification::{Challenge, ChallengeId, PhoneNumber, Purpose, State, SubjectId};

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

/// One guarded statement: two hundred parallel guesses find it true five times.
pub(super) async fn count_attempt(
    db: &mut Connection,
    id: Option<&ChallengeId>,
    subject: &SubjectId,
    max_attempts: u32,
    now: Timestamp,
) -> Result<Option<Attempt>, sqlx::Error> {
    let sql = concat!(
        "update challenges set attempts = attempts + 1
         where subject = $1 and closed_at is null and id = coalesce($2, id)
           and attempts < $3 and expires_at > $4 and coalesce(sent_at, opened_at) <= $5 and verified_at is null
         returning ",
        columns!(),
        ", (select string_agg(code_digest, ' ') from sends
            where challenge_id = challenges.id and code_digest is not null and sends.expires_at > $4 and reserved_at <= $5) as codes"
    );
    let update = sqlx::query_as(sql).bind(subject.as_str()).bind(id.map(ChallengeId::as_str)).bind(i64::from(max_attempts));
    let update = update.bind(now.as_millisecond()).bind((now + MAX_CLOCK_SKEW).as_millisecond());
    let row: Option<AttemptRow> = update.fetch_optional(db).await?;
    Ok(row.map(Attempt::from))
}

/// Closes a challenge that is still as it was read, for another of its subject. False when it was verified or closed since.
pub(super) async fn close_as_seen(
    db: &mut Connection,
    seen: &Challenge,
    successor: &ChallengeId,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let verified_at = match seen.state {
        State::Verified { verified_at } => Some(verified_at.as_millisecond()),
        State::Pending { .. } | State::Closed => None,
    };
    let sql = "update challenges set closed_at = $1, closed_for = $4
               where id = $2 and closed_at is null and verified_at is not distinct from $3";
    let update = sqlx::query(sql).bind(now.as_millisecond()).bind(seen.id.as_str()).bind(verified_at).bind(successor.as_str());
    Ok(update.execute(db).await?.rows_affected() > 0)
}

/// Opens a challenge again that was closed for one that came to nothing, unless its subject has another by now.
pub(super) async fn reopen(db: &mut Connection, successor: &str) -> Result<(), sqlx::Error> {
    let sql = "update challenges set closed_at = null, closed_for = null
               where closed_for = $1 and closed_at is not null and verified_at is null
                 and not exists (select 1 from challenges as others
                                 where others.subject = challenges.subject and others.closed_at is null)";
    sqlx::query(sql).bind(successor).execute(db).await.map(drop)
}

/// Prolongs a challenge by one more code, as long as it still takes guesses. False when it was verified, closed or used up since it was read.
pub(super) async fn prolong(
    db: &mut Connection,
    id: &ChallengeId,
    subject: &SubjectId,
    max_attempts: u32,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<bool, sqlx::Error> {
    let sql = "update challenges set expires_at = $1, sent_at = $2, delivery = null
               where id = $3 and subject = $4 and closed_at is null and verified_at is null and attempts < $5";
    let update = sqlx::query(sql).bind(expires_at.as_millisecond()).bind(now.as_millisecond());
    let update = update.bind(id.as_str()).bind(subject.as_str()).bind(i64::from(max_attempts));
    Ok(update.execute(db).await?.rows_affected() > 0)
}

pub(super) async fn give_attempt_back(db: &mut Connection, id: &ChallengeId) -> Result<(), sqlx::Error> {
    let sql = "update challenges set attempts = attempts - 1 where id = $1 and attempts > 0 and verified_at is null";
    sqlx::query(sql).bind(id.as_str()).execute(db).await.map(drop)
}

/// A sign-in of a number that has an account closes the challenge at once.
pub(super) async fn mark_verified(
    db: &mut Connection,
    challenge: &Challenge,
    rotation: &Rotation,
) -> Result<Ending<Consumed>, sqlx::Error> {
    let account_id = match challenge.purpose {
        Purpose::SignIn => accounts::find_id_of_number(db, &challenge.phone_number).await?,
        Purpose::SignUp => None,
    };
    let sql = "update challenges set verified_at = $1, closed_at = $2
               where id = $3 and subject = $4 and verified_at is null and closed_at is null";
    let at = rotation.at.as_millisecond();
    let update = sqlx::query(sql).bind(at).bind(account_id.as_ref().map(|_| at));
    let updated = update.bind(challenge.id.as_str()).bind(challenge.subject.as_str()).execute(&mut *db).await?;
    if updated.rows_affected() == 0 || !sessions::rotate(db, rotation, account_id.as_deref(), "verified").await? {
        return Ok(Ending::Rollback(Consumed::Lost));
    }
    Ok(Ending::Commit(if account_id.is_some() { Consumed::SignedIn } else { Consumed::Verified }))
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
        let id = id.cloned();
        hand_over!(self.execute(subject), db => count_attempt(db, id.as_ref(), &subject, max_attempts, now))
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

    async fn mark_verified(&self, challenge: &Challenge, rotation: &Rotation) -> Stored<Consumed> {
        hand_over!(self.transact(challenge, rotation), db => mark_verified(db, &challenge, &rotation))
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
