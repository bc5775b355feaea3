//! Grants and tokens.

use super::{AccountRow, instant};
use crate::server::store::{Grant, HeldToken, TokenKind};

#[derive(sqlx::FromRow)]
pub(in crate::server::store) struct GrantRow {
    grant_id: String,
    client_id: String,
    account_id: String,
    session: String,
    sid: String,
    scope: String,
    nonce: Option<String>,
    redirect_uri: String,
    challenge: Option<String>,
    authenticated_at: Option<i64>,
    code: String,
    code_expires_at: i64,
    redeemed_at: Option<i64>,
    is_offline: i64,
    ended_at: Option<i64>,
    granted_at: i64,
    grant_expires_at: i64,
}

impl From<GrantRow> for Grant {
    fn from(row: GrantRow) -> Self {
        Self {
            id: row.grant_id,
            client_id: row.client_id,
            account_id: row.account_id,
            session: row.session,
            sid: row.sid,
            scope: row.scope,
            nonce: row.nonce,
            redirect_uri: row.redirect_uri,
            challenge: row.challenge,
            authenticated_at: row.authenticated_at.map(instant),
            code: row.code,
            code_expires_at: instant(row.code_expires_at),
            redeemed_at: row.redeemed_at.map(instant),
            is_offline: row.is_offline != 0,
            is_ended: row.ended_at.is_some(),
            granted_at: instant(row.granted_at),
            expires_at: instant(row.grant_expires_at),
        }
    }
}

#[derive(sqlx::FromRow)]
pub(in crate::server::store) struct TokenRow {
    kind: String,
    issued_at: i64,
    token_expires_at: i64,
    replaced_at: Option<i64>,
    #[sqlx(flatten)]
    grant: GrantRow,
    #[sqlx(flatten)]
    account: AccountRow,
}

impl From<TokenRow> for HeldToken {
    fn from(row: TokenRow) -> Self {
        Self {
            kind: TokenKind::from_stored(&row.kind),
            issued_at: instant(row.issued_at),
            expires_at: instant(row.token_expires_at),
            replaced_at: row.replaced_at.map(instant),
            grant: row.grant.into(),
            account: row.account.into(),
        }
    }
}

impl TokenKind {
    pub(in crate::server::store) fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
            Self::Door => "door",
        }
    }

    fn from_stored(text: &str) -> Self {
        match text {
            "refresh" => Self::Refresh,
            "door" => Self::Door,
            _ => Self::Access,
        }
    }
}
