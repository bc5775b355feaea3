//! Sessions, found by the digest of their cookie.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Connection, SqlStore, erasure, history, kept, logouts};
use crate::server::store::{Rotation, Sessions, Stored, StoredSession};
use crate::verification::{Policy, SendHistory, SubjectId};

pub(super) async fn prolong(db: &mut Connection, digest: &str, expires_at: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "update sessions set expires_at = $2 where digest = $1 and rotated_at is null and expires_at < $2";
    sqlx::query(sql).bind(digest).bind(expires_at.as_millisecond()).execute(db).await.map(drop)
}

pub(super) async fn count_repeat(db: &mut Connection, digest: &str, max_repeats: u32) -> Result<bool, sqlx::Error> {
    let sql = "update sessions set repeats = repeats + 1 where digest = $1 and rotated_at is not null and repeats < $2";
    Ok(sqlx::query(sql).bind(digest).bind(i64::from(max_repeats)).execute(db).await?.rows_affected() > 0)
}

/// Puts one session in the place of another. False when the old one was replaced already: then the caller takes back what was written.
pub(super) async fn rotate(
    db: &mut Connection,
    rotation: &Rotation,
    account_id: Option<&str>,
    outcome: &str,
) -> Result<bool, sqlx::Error> {
    // The old session may have no row yet: a cookie that never posted without JavaScript.
    let sql = "insert into sessions (digest, subject, expires_at, rotated_at, rotated_by, rotated_outcome, account_id,
                   authenticated_at, sid)
               values ($1, $3, $4, $5, $6, $7, null, null, null), ($2, $3, $8, null, null, null, $9, $10, $11)
               on conflict (digest) do update set account_id = null, rotated_at = excluded.rotated_at,
                   rotated_by = excluded.rotated_by, rotated_outcome = excluded.rotated_outcome
               where sessions.rotated_at is null";
    let expires_at = if account_id.is_some() { rotation.account_expires_at } else { rotation.expires_at };
    let rotated = sqlx::query(sql)
        .bind(&rotation.old_digest)
        .bind(&rotation.new_digest)
        .bind(rotation.subject.as_str())
        .bind(rotation.expires_at.as_millisecond())
        .bind(rotation.at.as_millisecond())
        .bind(&rotation.by)
        .bind(outcome)
        .bind(expires_at.as_millisecond())
        .bind(account_id)
        .bind(account_id.map(|_| rotation.at.as_millisecond()))
        .bind(account_id.map(|_| sid_after(rotation, account_id)))
        .execute(&mut *db)
        .await?;
    let is_rotated = rotated.rows_affected() == 2;
    if is_rotated {
        hand_clients_on(db, rotation, account_id).await?;
    }
    Ok(is_rotated)
}

/// Applications call it by the same name as long as it is the same person's.
fn sid_after<'a>(rotation: &'a Rotation, account_id: Option<&str>) -> &'a str {
    let former = rotation.former.as_ref().filter(|(account, _)| Some(account.as_str()) == account_id);
    former.map_or(&rotation.sid, |(_, sid)| sid)
}

/// Whoever proves their number once more stays signed in everywhere; where it is somebody else, the former is signed out.
async fn hand_clients_on(db: &mut Connection, rotation: &Rotation, account_id: Option<&str>) -> Result<(), sqlx::Error> {
    let Some((former, _)) = &rotation.former else { return Ok(()) };
    if account_id == Some(former) {
        logouts::move_clients(db, &rotation.old_digest, &rotation.new_digest).await
    } else {
        logouts::end_clients(db, &rotation.old_digest, rotation.at).await
    }
}

#[async_trait]
impl Sessions for SqlStore {
    async fn find_visitor(
        &self,
        digest: &str,
        subject: &SubjectId,
        requester: &str,
        policy: &Policy,
        now: Timestamp,
    ) -> Stored<(Option<StoredSession>, SendHistory)> {
        Ok(history::find_visitor(&mut *self.reader.acquire().await?, digest, subject, requester, policy, now).await?)
    }

    async fn prolong_session(&self, digest: &str, expires_at: Timestamp) -> Stored<()> {
        hand_over!(self.execute(digest), db => prolong(db, &digest, expires_at))
    }

    async fn count_repeat(&self, digest: &str, max_repeats: u32) -> Stored<bool> {
        hand_over!(self.execute(digest), db => count_repeat(db, &digest, max_repeats))
    }

    async fn remove_session(&self, digest: &str, subject: &SubjectId, now: Timestamp) -> Stored<()> {
        hand_over!(self.transact(digest, subject), db => kept(erasure::remove_session(db, &digest, &subject, now)))
    }
}
