//! What applications ask for and are given: waiting requests, grants, tokens, and the notices that a session is over.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Account, Stored};

/// What an application asked for, until its person has signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingRequest {
    /// SHA-256 of its name, which the browser carries.
    pub digest: String,
    /// Who asks.
    pub client_id: String,
    /// The parameters as they came, form-urlencoded.
    pub parameters: String,
    /// Whose number was proven before is to prove it again.
    pub fresh_after: Option<Timestamp>,
    /// The address that it came from, IPv6 cut to /64.
    pub requester: String,
    /// When it came.
    pub opened_at: Timestamp,
    /// Until when it waits.
    pub expires_at: Timestamp,
}

/// Somebody lets an application know them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Its name.
    pub id: String,
    /// The application.
    pub client_id: String,
    /// The person.
    pub account_id: String,
    /// By what the store knows the session in which it was made.
    pub session: String,
    /// What applications call that session.
    pub sid: String,
    /// What may be known, as a list of scopes.
    pub scope: String,
    /// What the application wants to find in the ID token.
    pub nonce: Option<String>,
    /// Where the code went.
    pub redirect_uri: String,
    /// What the code's verifier must hash to (RFC 7636).
    pub challenge: Option<String>,
    /// When the person last proved their number; none where an older release began the session.
    pub authenticated_at: Option<Timestamp>,
    /// SHA-256 of the code.
    pub code: String,
    /// Until when the code is good.
    pub code_expires_at: Timestamp,
    /// When the code was redeemed.
    pub redeemed_at: Option<Timestamp>,
    /// Whether it outlives the session.
    pub is_offline: bool,
    /// Whether nothing of it is good any more.
    pub is_ended: bool,
    /// When it was made.
    pub granted_at: Timestamp,
    /// When it is forgotten.
    pub expires_at: Timestamp,
}

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Opens userinfo.
    Access,
    /// Is changed for the next pair.
    Refresh,
    /// A cookie of forward authentication.
    Door,
}

/// A token to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken {
    /// SHA-256 of it.
    pub digest: String,
    /// What it is for.
    pub kind: TokenKind,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// A token that is stored, what it is of, and whose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldToken {
    /// What it is for.
    pub kind: TokenKind,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// Until when it is good.
    pub expires_at: Timestamp,
    /// When it was changed for another.
    pub replaced_at: Option<Timestamp>,
    /// What it is of.
    pub grant: Grant,
    /// The person.
    pub account: Account,
}

/// What came of redeeming a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redeemed {
    /// The tokens are good.
    Issued,
    /// It was redeemed before: all that came of it is over now.
    Replayed,
    /// Its session is over, or its time is.
    Over,
}

/// What came of a refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refreshed {
    /// The next pair is good.
    Issued,
    /// It was changed at that instant, a moment ago, and what it was changed for was not used yet.
    Repeated {
        /// When it was changed the first time.
        at: Timestamp,
    },
    /// It was changed before: all that came of the grant is over now.
    Reused,
    /// It is over, or there is none.
    Over,
}

/// A session of somebody's own, as they see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnSession {
    /// By what the store knows it.
    pub digest: String,
    /// When its person proved their number.
    pub authenticated_at: Option<Timestamp>,
    /// When it ends, unless it is used.
    pub expires_at: Timestamp,
    /// The `client_id` of the applications that know it.
    pub clients: Vec<String>,
}

/// An application that is to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutNotice {
    /// Its name, the same at each try.
    pub id: String,
    /// Who is told.
    pub client_id: String,
    /// Of whom.
    pub account_id: String,
    /// Which session; none for all of them.
    pub sid: Option<String>,
    /// How often it was tried, this time included.
    pub tries: u32,
}

/// What is remembered of what applications are given.
#[async_trait]
pub trait Grants: Send + Sync {
    /// Lets a request wait; false where so many of its requester wait already.
    async fn add_request(&self, request: &WaitingRequest, most: u32) -> Stored<bool>;
    /// A request that still waits.
    async fn find_request(&self, digest: &str, now: Timestamp) -> Stored<Option<WaitingRequest>>;
    /// Adds a grant; false where its session is over.
    async fn add_grant(&self, grant: &Grant) -> Stored<bool>;
    /// The grant of a code, by the code's digest.
    async fn find_grant(&self, code: &str) -> Stored<Option<Grant>>;
    /// Redeems a code, of many at once only one; a second time ends all that came of it. The application knows the session from now on.
    async fn redeem_code(&self, grant: &Grant, tokens: &[NewToken], now: Timestamp) -> Stored<Redeemed>;
    /// A token that is good, or was changed for another, with its grant and account.
    async fn find_token(&self, digest: &str, now: Timestamp) -> Stored<Option<HeldToken>>;
    /// Changes a refresh token for these, of many at once only once. `repeatable_after` is since when a repeat is taken for one.
    async fn refresh_tokens(
        &self,
        digest: &str,
        tokens: &[NewToken],
        forget_at: Timestamp,
        repeatable_after: Timestamp,
        now: Timestamp,
    ) -> Stored<Refreshed>;
    /// Ends one token.
    async fn remove_token(&self, digest: &str) -> Stored<()>;
    /// Ends a grant, with all its tokens.
    async fn end_grant(&self, id: &str, now: Timestamp) -> Stored<()>;
    /// The sessions of an account, the newest first.
    async fn find_own_sessions(&self, account_id: &str, now: Timestamp) -> Stored<Vec<OwnSession>>;
    /// Ends all sessions of an account, and all that applications were given.
    async fn end_sessions(&self, account_id: &str, now: Timestamp) -> Stored<()>;
    /// Ends one session of an account.
    async fn end_session(&self, account_id: &str, digest: &str, now: Timestamp) -> Stored<()>;
    /// Notices that are due: they are not due again before `again_at`, whoever asks.
    async fn claim_notices(&self, now: Timestamp, again_at: Timestamp, batch: u32) -> Stored<Vec<LogoutNotice>>;
    /// Lets a notice wait for its next try.
    async fn delay_notice(&self, id: &str, due_at: Timestamp) -> Stored<()>;
    /// Forgets a notice: it was delivered, or nobody will take it.
    async fn remove_notice(&self, id: &str) -> Stored<()>;
}
