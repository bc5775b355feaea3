//! Waiting requests and grants, from the code on.
//!
//! Sessions are locked first, then grants, then tokens: nobody who ends one waits for somebody who waits for it.

use async_trait::async_trait;
use jiff::Timestamp;

use super::super::NEEDS_ROW_LOCKS;
use super::{Connection, SqlStore, kept, logouts, tokens};
use crate::server::store::rows::{GrantRow, instant};
use crate::server::store::{
    Ending, Grant, Grants, HeldToken, LogoutNotice, NewToken, OwnSession, Redeemed, Refreshed, Stored, WaitingRequest,
};

/// The columns of a grant `g`.
macro_rules! grant {
    () => {
        "g.id as grant_id, g.client_id, g.account_id, g.session, g.sid, g.scope, g.nonce, g.redirect_uri, g.challenge,
         g.authenticated_at, g.code, g.code_expires_at, g.redeemed_at, g.is_offline, g.ended_at, g.granted_at,
         g.expires_at as grant_expires_at"
    };
}
pub(super) use grant;

/// A session with this account, kept from ending until what is written with it is committed.
const LIVING_SESSION: &str = if NEEDS_ROW_LOCKS {
    "select 1 from sessions where digest = $1 and account_id = $2 and rotated_at is null for share"
} else {
    "select 1 from sessions where digest = $1 and account_id = $2 and rotated_at is null"
};

async fn session_lives(db: &mut Connection, digest: &str, account_id: &str) -> Result<bool, sqlx::Error> {
    Ok(sqlx::query(LIVING_SESSION).bind(digest).bind(account_id).fetch_optional(db).await?.is_some())
}

async fn add_request(db: &mut Connection, request: &WaitingRequest, most: u32) -> Result<bool, sqlx::Error> {
    let sql = "insert into authorization_requests (digest, client_id, parameters, fresh_after, requester, opened_at, expires_at)
               select $1, $2, $3, $4, $5, $6, $7
               where (select count(*) from authorization_requests where requester = $5 and expires_at > $6) < $8";
    let insert = sqlx::query(sql).bind(&request.digest).bind(&request.client_id).bind(&request.parameters);
    let insert = insert.bind(request.fresh_after.map(Timestamp::as_millisecond)).bind(&request.requester);
    let insert = insert.bind(request.opened_at.as_millisecond()).bind(request.expires_at.as_millisecond()).bind(i64::from(most));
    Ok(insert.execute(db).await?.rows_affected() > 0)
}

type RequestRow = (String, String, Option<i64>, String, i64, i64);

async fn find_request(db: &mut Connection, digest: &str, now: Timestamp) -> Result<Option<WaitingRequest>, sqlx::Error> {
    let sql = "select client_id, parameters, fresh_after, requester, opened_at, expires_at
               from authorization_requests where digest = $1 and expires_at > $2";
    let row: Option<RequestRow> = sqlx::query_as(sql).bind(digest).bind(now.as_millisecond()).fetch_optional(db).await?;
    Ok(row.map(|(client_id, parameters, fresh_after, requester, opened_at, expires_at)| WaitingRequest {
        digest: digest.to_owned(),
        client_id,
        parameters,
        fresh_after: fresh_after.map(instant),
        requester,
        opened_at: instant(opened_at),
        expires_at: instant(expires_at),
    }))
}

async fn add(db: &mut Connection, grant: &Grant) -> Result<bool, sqlx::Error> {
    if !session_lives(db, &grant.session, &grant.account_id).await? {
        return Ok(false);
    }
    let sql =
        "insert into grants (id, client_id, account_id, session, sid, scope, nonce, redirect_uri, challenge, authenticated_at,
                   code, code_expires_at, is_offline, granted_at, expires_at)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    let insert = sqlx::query(sql).bind(&grant.id).bind(&grant.client_id).bind(&grant.account_id).bind(&grant.session);
    let insert = insert.bind(&grant.sid).bind(&grant.scope).bind(&grant.nonce).bind(&grant.redirect_uri).bind(&grant.challenge);
    let insert = insert.bind(grant.authenticated_at.map(Timestamp::as_millisecond)).bind(&grant.code);
    let insert = insert.bind(grant.code_expires_at.as_millisecond()).bind(i64::from(grant.is_offline));
    let insert = insert.bind(grant.granted_at.as_millisecond()).bind(grant.expires_at.as_millisecond());
    insert.execute(db).await?;
    Ok(true)
}

async fn find(db: &mut Connection, code: &str) -> Result<Option<Grant>, sqlx::Error> {
    let sql = concat!("select ", grant!(), " from grants g where g.code = $1");
    let row: Option<GrantRow> = sqlx::query_as(sql).bind(code).fetch_optional(db).await?;
    Ok(row.map(Grant::from))
}

/// A replay is judged first: it ends what came of the code whether or not the session is over.
async fn redeem(db: &mut Connection, grant: &Grant, new: &[NewToken], now: Timestamp) -> Result<Ending<Redeemed>, sqlx::Error> {
    let lives = session_lives(db, &grant.session, &grant.account_id).await?;
    let sql = "update grants set redeemed_at = $2
               where id = $1 and redeemed_at is null and ended_at is null and code_expires_at > $2 and session = $3";
    let claim = sqlx::query(sql).bind(&grant.id).bind(now.as_millisecond()).bind(&grant.session);
    if lives && claim.execute(&mut *db).await?.rows_affected() > 0 {
        tokens::add(db, &grant.id, new, now).await?;
        logouts::remember_client(db, grant, now).await?;
        return Ok(Ending::Commit(Redeemed::Issued));
    }
    let sql = "select 1 from grants where id = $1 and redeemed_at is not null";
    if sqlx::query(sql).bind(&grant.id).fetch_optional(&mut *db).await?.is_some() {
        tokens::end_grant(db, &grant.id, now).await?;
        return Ok(Ending::Commit(Redeemed::Replayed));
    }
    Ok(Ending::Rollback(Redeemed::Over))
}

/// Forgets what is over, and says how many rows went.
pub(super) async fn sweep(db: &mut Connection, now: Timestamp, batch: i64) -> Result<u64, sqlx::Error> {
    let requests = "delete from authorization_requests where digest in (
                        select digest from authorization_requests where expires_at < $1 limit $2)";
    let tokens = "delete from tokens where digest in (select digest from tokens where expires_at < $1 limit $2)";
    let grants = "delete from grants where id in (select id from grants where expires_at < $1 limit $2)";
    let mut most = 0;
    for sql in [requests, tokens, grants] {
        most = most.max(sqlx::query(sql).bind(now.as_millisecond()).bind(batch).execute(&mut *db).await?.rows_affected());
    }
    Ok(most)
}

#[async_trait]
impl Grants for SqlStore {
    async fn add_request(&self, request: &WaitingRequest, most: u32) -> Stored<bool> {
        hand_over!(self.execute(request), db => add_request(db, &request, most))
    }

    async fn find_request(&self, digest: &str, now: Timestamp) -> Stored<Option<WaitingRequest>> {
        Ok(find_request(&mut *self.reader.acquire().await?, digest, now).await?)
    }

    async fn add_grant(&self, grant: &Grant) -> Stored<bool> {
        hand_over!(self.transact(grant), db => kept(add(db, &grant)))
    }

    async fn find_grant(&self, code: &str) -> Stored<Option<Grant>> {
        Ok(find(&mut *self.reader.acquire().await?, code).await?)
    }

    async fn redeem_code(&self, grant: &Grant, tokens: &[NewToken], now: Timestamp) -> Stored<Redeemed> {
        hand_over!(self.transact(grant, tokens), db => redeem(db, &grant, &tokens, now))
    }

    async fn find_token(&self, digest: &str, now: Timestamp) -> Stored<Option<HeldToken>> {
        Ok(tokens::find(&mut *self.reader.acquire().await?, digest, now).await?)
    }

    async fn refresh_tokens(
        &self,
        digest: &str,
        tokens: &[NewToken],
        forget_at: Timestamp,
        repeatable_after: Timestamp,
        now: Timestamp,
    ) -> Stored<Refreshed> {
        hand_over!(self.transact(digest, tokens), db => tokens::refresh(db, &digest, &tokens, forget_at, repeatable_after, now))
    }

    async fn remove_token(&self, digest: &str) -> Stored<()> {
        hand_over!(self.execute(digest), db => tokens::remove(db, &digest))
    }

    async fn end_grant(&self, id: &str, now: Timestamp) -> Stored<()> {
        hand_over!(self.transact(id), db => kept(tokens::end_grant(db, &id, now)))
    }

    async fn find_own_sessions(&self, account_id: &str, now: Timestamp) -> Stored<Vec<OwnSession>> {
        Ok(logouts::find_own_sessions(&mut *self.reader.acquire().await?, account_id, now).await?)
    }

    async fn end_sessions(&self, account_id: &str, now: Timestamp) -> Stored<()> {
        hand_over!(self.transact(account_id), db => kept(logouts::end_all(db, &account_id, now)))
    }

    async fn end_session(&self, account_id: &str, digest: &str, now: Timestamp) -> Stored<()> {
        hand_over!(self.transact(account_id, digest), db => kept(logouts::end_own(db, &account_id, &digest, now)))
    }

    async fn claim_notices(&self, now: Timestamp, again_at: Timestamp, batch: u32) -> Stored<Vec<LogoutNotice>> {
        hand_over!(self.execute(), db => logouts::claim(db, now, again_at, batch))
    }

    async fn delay_notice(&self, id: &str, due_at: Timestamp) -> Stored<()> {
        hand_over!(self.execute(id), db => logouts::delay(db, &id, due_at))
    }

    async fn remove_notice(&self, id: &str) -> Stored<()> {
        hand_over!(self.execute(id), db => logouts::remove(db, &id))
    }
}
