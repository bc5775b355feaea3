//! The links and sessions of the console, and the audit from end to end.

use async_trait::async_trait;
use jiff::Timestamp;

use super::super::report;
use super::oversight::{audit, target};
use super::{Connection, SqlStore, day, kept};
use crate::server::store::rows::instant;
use crate::server::store::{AuditLine, Audited, Console, DayFigures, Deed, NewConsoleSession, Stored};
use crate::verification::PhoneNumber;
use crate::verification::policy::HOUR;

/// What stands in the audit for a deed that concerns no number.
const CONSOLE: &str = "console";

async fn add_link(db: &mut Connection, digest: &str, deed: &Deed, expires_at: Timestamp) -> Result<(), sqlx::Error> {
    audit(db, "console link", CONSOLE, deed).await?;
    let sql = "insert into console_links (digest, actor, reason, expires_at) values ($1, $2, $3, $4)";
    let insert = sqlx::query(sql).bind(digest).bind(&deed.actor).bind(&deed.reason).bind(expires_at.as_millisecond());
    insert.execute(db).await.map(drop)
}

async fn find_link(db: &mut Connection, digest: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let sql = "select 1 from console_links where digest = $1 and used_at is null and expires_at > $2";
    Ok(sqlx::query(sql).bind(digest).bind(now.as_millisecond()).fetch_optional(db).await?.is_some())
}

async fn claim_link(db: &mut Connection, digest: &str, session: &NewConsoleSession, now: Timestamp) -> Result<bool, sqlx::Error> {
    let sql = "update console_links set used_at = $2 where digest = $1 and used_at is null and expires_at > $2
               returning actor, reason";
    let claim = sqlx::query_as(sql).bind(digest).bind(now.as_millisecond());
    let claimed: Option<(String, String)> = claim.fetch_optional(&mut *db).await?;
    let Some((actor, reason)) = claimed else { return Ok(false) };
    add_session(db, session, &Deed { actor, reason, at: now }).await?;
    Ok(true)
}

async fn add_session(db: &mut Connection, session: &NewConsoleSession, deed: &Deed) -> Result<(), sqlx::Error> {
    audit(db, "console enter", CONSOLE, deed).await?;
    let sql = "insert into console_sessions (digest, actor, expires_at, last_seen_at) values ($1, $2, $3, $4)";
    let insert = sqlx::query(sql).bind(&session.digest).bind(&deed.actor).bind(session.expires_at.as_millisecond());
    insert.bind(deed.at.as_millisecond()).execute(db).await.map(drop)
}

async fn claim_session(
    db: &mut Connection,
    digest: &str,
    rested_since: Timestamp,
    now: Timestamp,
) -> Result<Option<String>, sqlx::Error> {
    let sql = "update console_sessions set last_seen_at = $2 where digest = $1 and expires_at > $2 and last_seen_at > $3
               returning actor";
    let claim = sqlx::query_scalar(sql).bind(digest).bind(now.as_millisecond()).bind(rested_since.as_millisecond());
    claim.fetch_optional(db).await
}

async fn remove_session(db: &mut Connection, digest: &str) -> Result<(), sqlx::Error> {
    sqlx::query("delete from console_sessions where digest = $1").bind(digest).execute(db).await.map(drop)
}

type AuditRow = (String, i64, String, String, String, String);

async fn find_audit(db: &mut Connection, behind: Option<&(Timestamp, String)>, limit: u32) -> Result<Vec<AuditLine>, sqlx::Error> {
    let sql = "select id, at, actor, action, target, reason from audit where at < $1 or (at = $1 and id > $2)
               order by at desc, id limit $3 + 0";
    let (at, id) = behind.map_or((i64::MAX, ""), |(at, id)| (at.as_millisecond(), id));
    let rows: Vec<AuditRow> = sqlx::query_as(sql).bind(at).bind(id).bind(i64::from(limit)).fetch_all(db).await?;
    let line = |(id, at, actor, action, target, reason)| {
        let deed = Deed { actor, reason, at: instant(at) };
        AuditLine { id, audited: Audited { deed, action }, target }
    };
    Ok(rows.into_iter().map(line).collect())
}

/// Forgets links and sessions that are over, and says how many rows went.
pub(super) async fn sweep(db: &mut Connection, now: Timestamp, batch: i64) -> Result<u64, sqlx::Error> {
    let links = "delete from console_links where digest in (select digest from console_links where expires_at < $1 limit $2)";
    let sessions = "delete from console_sessions where digest in (
                        select digest from console_sessions where last_seen_at < $1 or expires_at < $3 limit $2)";
    let links = sqlx::query(links).bind(now.as_millisecond()).bind(batch).execute(&mut *db).await?;
    let delete = sqlx::query(sessions).bind((now - HOUR).as_millisecond()).bind(batch).bind(now.as_millisecond());
    let sessions = delete.execute(db).await?;
    Ok(links.rows_affected().max(sessions.rows_affected()))
}

#[async_trait]
impl Console for SqlStore {
    async fn add_link(&self, digest: &str, deed: &Deed, expires_at: Timestamp) -> Stored<()> {
        hand_over!(self.transact(digest, deed), db => kept(add_link(db, &digest, &deed, expires_at)))
    }

    async fn find_link(&self, digest: &str, now: Timestamp) -> Stored<bool> {
        Ok(find_link(&mut *self.reader.acquire().await?, digest, now).await?)
    }

    async fn claim_link(&self, digest: &str, session: &NewConsoleSession, now: Timestamp) -> Stored<bool> {
        hand_over!(self.transact(digest, session), db => kept(claim_link(db, &digest, &session, now)))
    }

    async fn add_console_session(&self, session: &NewConsoleSession, deed: &Deed) -> Stored<()> {
        hand_over!(self.transact(session, deed), db => kept(add_session(db, &session, &deed)))
    }

    async fn claim_console_session(&self, digest: &str, rested_since: Timestamp, now: Timestamp) -> Stored<Option<String>> {
        hand_over!(self.execute(digest), db => claim_session(db, &digest, rested_since, now))
    }

    async fn remove_console_session(&self, digest: &str) -> Stored<()> {
        hand_over!(self.execute(digest), db => remove_session(db, &digest))
    }

    async fn mark_unmasked(&self, number: &PhoneNumber, deed: &Deed) -> Stored<()> {
        hand_over!(self.execute(number, deed), db => audit(db, "unmask", &target(Some(&number)), &deed))
    }

    async fn find_audit(&self, behind: Option<&(Timestamp, String)>, limit: u32) -> Stored<Vec<AuditLine>> {
        Ok(find_audit(&mut *self.reader.acquire().await?, behind, limit).await?)
    }

    async fn find_day(&self, now: Timestamp) -> Stored<DayFigures> {
        Ok(day::find(&mut *report(&self.reader).await?, now).await?)
    }
}
