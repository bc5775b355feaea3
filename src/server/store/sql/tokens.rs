//! Tokens: digests alone, each of one grant.

use jiff::Timestamp;

use super::super::NEEDS_ROW_LOCKS;
use super::Connection;
use super::grants::grant;
use crate::server::store::rows::{TokenRow, instant};
use crate::server::store::{Ending, HeldToken, NewToken, Refreshed};

/// The grant of a token, locked before the token: whoever ends a grant does so in this order.
const LIVING_GRANT: &str = if NEEDS_ROW_LOCKS {
    "select id from grants where id = (select grant_id from tokens where digest = $1) and ended_at is null for update"
} else {
    "select id from grants where id = (select grant_id from tokens where digest = $1) and ended_at is null"
};

pub(super) async fn add(db: &mut Connection, grant: &str, new: &[NewToken], now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "insert into tokens (digest, grant_id, kind, issued_at, expires_at) values ($1, $2, $3, $4, $5)";
    for token in new {
        let insert = sqlx::query(sql).bind(&token.digest).bind(grant).bind(token.kind.as_str());
        insert.bind(now.as_millisecond()).bind(token.expires_at.as_millisecond()).execute(&mut *db).await?;
    }
    Ok(())
}

pub(super) async fn find(db: &mut Connection, digest: &str, now: Timestamp) -> Result<Option<HeldToken>, sqlx::Error> {
    let sql = concat!(
        "select t.kind, t.issued_at, t.expires_at as token_expires_at, t.replaced_at, ",
        grant!(),
        ", a.id, a.phone_number, a.nickname, a.consented_at, a.created_at
         from tokens t join grants g on g.id = t.grant_id join accounts a on a.id = g.account_id
         where t.digest = $1 and t.expires_at > $2 and g.ended_at is null"
    );
    let row: Option<TokenRow> = sqlx::query_as(sql).bind(digest).bind(now.as_millisecond()).fetch_optional(db).await?;
    Ok(row.map(HeldToken::from))
}

pub(super) async fn refresh(
    db: &mut Connection,
    digest: &str,
    new: &[NewToken],
    forget_at: Timestamp,
    repeatable_after: Timestamp,
    now: Timestamp,
) -> Result<Ending<Refreshed>, sqlx::Error> {
    let Some(grant): Option<String> = sqlx::query_scalar(LIVING_GRANT).bind(digest).fetch_optional(&mut *db).await? else {
        return Ok(Ending::Rollback(Refreshed::Over));
    };
    let sql = "update tokens set replaced_at = $2
               where digest = $1 and kind = 'refresh' and replaced_at is null and expires_at > $2";
    let claim = sqlx::query(sql).bind(digest).bind(now.as_millisecond());
    if claim.execute(&mut *db).await?.rows_affected() > 0 {
        add(db, &grant, new, now).await?;
        let sql = "update grants set expires_at = $2 where id = $1";
        sqlx::query(sql).bind(grant).bind(forget_at.as_millisecond()).execute(db).await?;
        return Ok(Ending::Commit(Refreshed::Issued));
    }
    let sql = "select replaced_at from tokens where digest = $1 and kind = 'refresh' and replaced_at is not null";
    let used: Option<i64> = sqlx::query_scalar(sql).bind(digest).fetch_optional(&mut *db).await?;
    let Some(replaced_at) = used else { return Ok(Ending::Rollback(Refreshed::Over)) };
    let at = instant(replaced_at);
    let sql = "select 1 from tokens where grant_id = $1 and kind = 'refresh' and issued_at > $2";
    let is_behind = sqlx::query(sql).bind(&grant).bind(replaced_at).fetch_optional(&mut *db).await?.is_some();
    if at > repeatable_after && !is_behind {
        return Ok(Ending::Rollback(Refreshed::Repeated { at }));
    }
    end_grant(db, &grant, now).await?;
    Ok(Ending::Commit(Refreshed::Reused))
}

pub(super) async fn remove(db: &mut Connection, digest: &str) -> Result<(), sqlx::Error> {
    sqlx::query("delete from tokens where digest = $1").bind(digest).execute(db).await.map(drop)
}

/// A token that is added beside this is worth nothing either: whoever looks for it asks whether the grant has ended.
pub(super) async fn end_grant(db: &mut Connection, id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "update grants set ended_at = $2 where id = $1 and ended_at is null";
    sqlx::query(sql).bind(id).bind(now.as_millisecond()).execute(&mut *db).await?;
    sqlx::query("delete from tokens where grant_id = $1").bind(id).execute(db).await.map(drop)
}
