//! Sessions, found by the digest of their cookie.

use jiff::Timestamp;

use super::{Connection, challenges};
use crate::server::store::Rotation;
use crate::verification::SubjectId;

pub(super) async fn add_flash(
    db: &mut Connection,
    digest: &str,
    subject: &SubjectId,
    flash: &str,
    expires_at: Timestamp,
) -> Result<(), sqlx::Error> {
    let sql = "insert into sessions (digest, subject, expires_at, flash) values ($1, $2, $3, $4)
               on conflict (digest) do update set flash = excluded.flash";
    let insert = sqlx::query(sql).bind(digest).bind(subject.as_str()).bind(expires_at.as_millisecond()).bind(flash);
    insert.execute(db).await.map(drop)
}

pub(super) async fn remove_flash(db: &mut Connection, digest: &str, flash: &str) -> Result<(), sqlx::Error> {
    let sql = "update sessions set flash = null where digest = $1 and flash = $2";
    sqlx::query(sql).bind(digest).bind(flash).execute(db).await.map(drop)
}

/// Ends a session and its subject's challenge.
pub(super) async fn remove(db: &mut Connection, digest: &str, subject: &SubjectId, now: Timestamp) -> Result<(), sqlx::Error> {
    challenges::close(db, subject, now).await?;
    sqlx::query("delete from sessions where digest = $1").bind(digest).execute(db).await.map(drop)
}

/// Puts one session in the place of another. False when the old one was replaced already: then the caller takes back what was written.
pub(super) async fn rotate(
    db: &mut Connection,
    rotation: &Rotation,
    account_id: Option<&str>,
    outcome: &str,
) -> Result<bool, sqlx::Error> {
    // The old session may have no row yet: a cookie that never posted without JavaScript.
    let sql = "insert into sessions (digest, subject, expires_at, rotated_at, rotated_by, rotated_outcome, account_id)
               values ($1, $3, $4, $5, $6, $7, null), ($2, $3, $8, null, null, null, $9)
               on conflict (digest) do update set account_id = null, flash = null, rotated_at = excluded.rotated_at,
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
        .execute(db)
        .await?;
    Ok(rotated.rows_affected() == 2)
}
