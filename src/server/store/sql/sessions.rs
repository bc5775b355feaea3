//! Sessions, found by the digest of their cookie.

use jiff::Timestamp;

use super::Connection;
use crate::server::store::rows::SessionRow;
use crate::server::store::{Rotation, StoredSession};
use crate::verification::SubjectId;

pub(super) async fn find(db: &mut Connection, digest: &str) -> Result<Option<StoredSession>, sqlx::Error> {
    let sql = "select subject, account_id, expires_at, flash, rotated_at, rotated_by, rotated_outcome
               from sessions where digest = $1";
    let row: Option<SessionRow> = sqlx::query_as(sql).bind(digest).fetch_optional(db).await?;
    Ok(row.map(StoredSession::from))
}

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

pub(super) async fn remove(db: &mut Connection, digest: &str) -> Result<(), sqlx::Error> {
    sqlx::query("delete from sessions where digest = $1").bind(digest).execute(db).await.map(drop)
}

/// Puts one session in the place of another. False when the old one was replaced already: then nothing is written.
pub(super) async fn rotate(
    db: &mut Connection,
    rotation: &Rotation,
    account_id: Option<&str>,
    outcome: &str,
) -> Result<bool, sqlx::Error> {
    // The old session may have no row yet: a cookie that never posted without JavaScript.
    let bury = "insert into sessions (digest, subject, expires_at, rotated_at, rotated_by, rotated_outcome)
                values ($1, $2, $3, $4, $5, $6)
                on conflict (digest) do update set account_id = null, flash = null, rotated_at = excluded.rotated_at,
                    rotated_by = excluded.rotated_by, rotated_outcome = excluded.rotated_outcome
                where sessions.rotated_at is null";
    let buried = sqlx::query(bury)
        .bind(&rotation.old_digest)
        .bind(rotation.subject.as_str())
        .bind(rotation.expires_at.as_millisecond())
        .bind(rotation.at.as_millisecond())
        .bind(&rotation.by)
        .bind(outcome)
        .execute(&mut *db)
        .await?;
    if buried.rows_affected() == 0 {
        return Ok(false);
    }
    let expires_at = if account_id.is_some() { rotation.account_expires_at } else { rotation.expires_at };
    let raise = "insert into sessions (digest, subject, account_id, expires_at) values ($1, $2, $3, $4)";
    let raise = sqlx::query(raise).bind(&rotation.new_digest).bind(rotation.subject.as_str()).bind(account_id);
    raise.bind(expires_at.as_millisecond()).execute(db).await?;
    Ok(true)
}
