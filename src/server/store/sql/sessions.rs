//! Sessions, found by the digest of their cookie.

use async_trait::async_trait;
use jiff::Timestamp;

use super::history::Visit;
use super::statement::Statement;
use super::{Connection, SqlStore, erasure, kept, logouts};
use crate::server::store::set::{Set, row};
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

/// Puts sessions in the place of others. An old one may have no row yet: a cookie that never posted without JavaScript.
const ROTATE: &str =
    "insert into sessions (digest, subject, expires_at, rotated_at, rotated_by, rotated_outcome, account_id, authenticated_at, sid)
     select digest, subject, expires_at, rotated_at, rotated_by, rotated_outcome, account_id, authenticated_at, sid from asked
     where true order by digest
     on conflict (digest) do update set account_id = null, rotated_at = excluded.rotated_at,
         rotated_by = excluded.rotated_by, rotated_outcome = excluded.rotated_outcome
     where sessions.rotated_at is null";

row! {
    #[derive(Default)]
    struct RowOf<'a> {
        digest: &'a str,
        subject: &'a str,
        expires_at: i64,
        rotated_at: Option<i64>,
        rotated_by: Option<&'a str>,
        rotated_outcome: Option<&'a str>,
        account_id: Option<&'a str>,
        authenticated_at: Option<i64>,
        sid: Option<&'a str>,
    }
}

/// What becomes of the old row, and the new one.
fn rows<'a>(rotation: &'a Rotation, account_id: Option<&'a str>, outcome: &'a str) -> [RowOf<'a>; 2] {
    let subject = rotation.subject.as_str();
    let old = RowOf {
        digest: &rotation.old_digest,
        subject,
        expires_at: rotation.expires_at.as_millisecond(),
        rotated_at: Some(rotation.at.as_millisecond()),
        rotated_by: Some(&rotation.by),
        rotated_outcome: Some(outcome),
        ..RowOf::default()
    };
    let expires_at = if account_id.is_some() { rotation.account_expires_at } else { rotation.expires_at };
    let new = RowOf {
        digest: &rotation.new_digest,
        subject,
        expires_at: expires_at.as_millisecond(),
        account_id,
        authenticated_at: account_id.map(|_| rotation.at.as_millisecond()),
        sid: account_id.map(|_| sid_after(rotation, account_id)),
        ..RowOf::default()
    };
    [old, new]
}

/// Puts sessions in the place of others, each with its account. False when one was replaced already: then the caller takes back what was
/// written.
pub(super) async fn rotate_all(
    db: &mut Connection,
    rotations: &[(&Rotation, Option<&str>)],
    outcome: &str,
) -> Result<bool, sqlx::Error> {
    if rotations.is_empty() {
        return Ok(true);
    }
    let replaced = Set::of(rotations.iter().flat_map(|(rotation, account_id)| rows(rotation, *account_id, outcome)));
    let written = Statement::about(replaced, ROTATE)?.execute(db).await?;
    let is_rotated = written == 2 * rotations.len() as u64;
    if is_rotated {
        for (rotation, account_id) in rotations {
            hand_clients_on(db, rotation, *account_id).await?;
        }
    }
    Ok(is_rotated)
}

/// The same for one.
pub(super) async fn rotate(
    db: &mut Connection,
    rotation: &Rotation,
    account_id: Option<&str>,
    outcome: &str,
) -> Result<bool, sqlx::Error> {
    rotate_all(db, &[(rotation, account_id)], outcome).await
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
        self.gathered.visitors.ask(Visit::of(digest, subject, requester, policy, now)).await
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
