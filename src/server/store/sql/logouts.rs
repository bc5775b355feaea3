//! The end of sessions, and who is told of it.

use jiff::Timestamp;

use super::super::NEEDS_ROW_LOCKS;
use super::Connection;
use crate::server::store::rows::instant;
use crate::server::store::{Grant, LogoutNotice, OwnSession};

/// Keeps applications from being added to a session while it ends.
const LOCKED_SESSION: &str = if NEEDS_ROW_LOCKS {
    "select 1 from sessions where digest = $1 for update"
} else {
    "select 1 from sessions where digest = $1"
};

/// The same for all sessions of an account.
const LOCKED_SESSIONS: &str = if NEEDS_ROW_LOCKS {
    "select 1 from sessions where account_id = $1 order by digest for update"
} else {
    "select 1 from sessions where account_id = $1"
};

pub(super) async fn remember_client(db: &mut Connection, grant: &Grant, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "insert into session_clients (session, client_id, account_id, sid, since) values ($1, $2, $3, $4, $5)
               on conflict (session, client_id) do nothing";
    let insert = sqlx::query(sql).bind(&grant.session).bind(&grant.client_id).bind(&grant.account_id).bind(&grant.sid);
    insert.bind(now.as_millisecond()).execute(db).await.map(drop)
}

/// What applications were given in a session ends with it, but for what they may have without it; each of them is to be told. The caller
/// removes the session, or puts another in its place, in the same transaction.
pub(super) async fn end_clients(db: &mut Connection, digest: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query(LOCKED_SESSION).bind(digest).fetch_optional(&mut *db).await?;
    let sql = "insert into logout_notices (id, client_id, account_id, sid, made_at, due_at)
               select sid || ' ' || client_id, client_id, account_id, sid, $2, $2 from session_clients where session = $1
               on conflict (id) do nothing";
    sqlx::query(sql).bind(digest).bind(now.as_millisecond()).execute(&mut *db).await?;
    sqlx::query("delete from session_clients where session = $1").bind(digest).execute(&mut *db).await?;
    let sql = "update grants set ended_at = $2 where session = $1 and ended_at is null and is_offline = 0";
    sqlx::query(sql).bind(digest).bind(now.as_millisecond()).execute(&mut *db).await?;
    let sql = "delete from tokens where kind <> 'refresh' and grant_id in (select id from grants where session = $1)";
    sqlx::query(sql).bind(digest).execute(db).await.map(drop)
}

/// The session of the same person goes on by another cookie.
pub(super) async fn move_clients(db: &mut Connection, old: &str, new: &str) -> Result<(), sqlx::Error> {
    let moved = "update session_clients set session = $2 where session = $1";
    sqlx::query(moved).bind(old).bind(new).execute(&mut *db).await?;
    sqlx::query("update grants set session = $2 where session = $1").bind(old).bind(new).execute(db).await.map(drop)
}

pub(super) async fn end_own(db: &mut Connection, account_id: &str, digest: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "select 1 from sessions where digest = $1 and account_id = $2";
    if sqlx::query(sql).bind(digest).bind(account_id).fetch_optional(&mut *db).await?.is_some() {
        end_clients(db, digest, now).await?;
        sqlx::query("delete from sessions where digest = $1").bind(digest).execute(db).await?;
    }
    Ok(())
}

/// One notice tells an application of all sessions.
pub(super) async fn end_all(db: &mut Connection, account_id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query(LOCKED_SESSIONS).bind(account_id).fetch_all(&mut *db).await?;
    let sql = "insert into logout_notices (id, client_id, account_id, sid, made_at, due_at)
               select $1 || ' ' || client_id || ' ' || $2, client_id, $1, null, $2 + 0, $2 + 0
               from (select client_id from session_clients where account_id = $1
                     union select client_id from grants where account_id = $1 and is_offline = 1 and ended_at is null) told where true
               on conflict (id) do nothing";
    sqlx::query(sql).bind(account_id).bind(now.as_millisecond()).execute(&mut *db).await?;
    let sql = "update grants set ended_at = $2 where account_id = $1 and ended_at is null";
    sqlx::query(sql).bind(account_id).bind(now.as_millisecond()).execute(&mut *db).await?;
    let sql = "delete from tokens where grant_id in (select id from grants where account_id = $1)";
    sqlx::query(sql).bind(account_id).execute(&mut *db).await?;
    sqlx::query("delete from sessions where account_id = $1").bind(account_id).execute(db).await.map(drop)
}

pub(super) async fn find_own_sessions(
    db: &mut Connection,
    account_id: &str,
    now: Timestamp,
) -> Result<Vec<OwnSession>, sqlx::Error> {
    let sql = "select digest, authenticated_at, expires_at,
                   (select string_agg(client_id, ' ') from session_clients where session = digest) as clients
               from sessions where account_id = $1 and rotated_at is null and expires_at > $2
               order by coalesce(authenticated_at, 0) desc, digest limit 50";
    let find = sqlx::query_as(sql).bind(account_id).bind(now.as_millisecond());
    let rows: Vec<(String, Option<i64>, i64, Option<String>)> = find.fetch_all(db).await?;
    let session = |(digest, authenticated_at, expires_at, clients): (String, Option<i64>, i64, Option<String>)| OwnSession {
        digest,
        authenticated_at: authenticated_at.map(instant),
        expires_at: instant(expires_at),
        clients: clients.unwrap_or_default().split(' ').filter(|id| !id.is_empty()).map(str::to_owned).collect(),
    };
    Ok(rows.into_iter().map(session).collect())
}

type NoticeRow = (String, String, String, Option<String>, i64);

/// The guard stands outside the inner select too: PostgreSQL looks at it again once it has the row's lock.
pub(super) async fn claim(
    db: &mut Connection,
    now: Timestamp,
    again_at: Timestamp,
    batch: u32,
) -> Result<Vec<LogoutNotice>, sqlx::Error> {
    let sql = "update logout_notices set due_at = $2, tries = tries + 1
               where due_at <= $1 and id in (select id from logout_notices where due_at <= $1 order by due_at limit $3 + 0)
               returning id, client_id, account_id, sid, tries";
    let update = sqlx::query_as(sql).bind(now.as_millisecond()).bind(again_at.as_millisecond()).bind(i64::from(batch));
    let rows: Vec<NoticeRow> = update.fetch_all(db).await?;
    let notice = |(id, client_id, account_id, sid, tries)| LogoutNotice {
        id,
        client_id,
        account_id,
        sid,
        tries: u32::try_from(tries).unwrap_or(u32::MAX),
    };
    Ok(rows.into_iter().map(notice).collect())
}

pub(super) async fn delay(db: &mut Connection, id: &str, due_at: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "update logout_notices set due_at = $2 where id = $1";
    sqlx::query(sql).bind(id).bind(due_at.as_millisecond()).execute(db).await.map(drop)
}

pub(super) async fn remove(db: &mut Connection, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("delete from logout_notices where id = $1").bind(id).execute(db).await.map(drop)
}
