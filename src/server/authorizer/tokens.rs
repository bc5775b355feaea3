//! A code, or a refresh token, becomes tokens.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;

use super::{Authorizer, Credentials, digest_of, json};
use crate::authorization::claims::{IdToken, Person};
use crate::authorization::{Client, OauthError, Parameters, Refused, Scopes, lifetimes, pkce};
use crate::server::entropy;
use crate::server::store::{Account, Grant, HeldToken, NewToken, Redeemed, Refreshed, StoreFault, TokenKind};
use crate::verification::secret_keys::Use;

/// What an application gets.
pub(crate) struct Issued {
    pub(crate) access_token: String,
    pub(crate) refresh_token: Option<String>,
    pub(crate) id_token: String,
    pub(crate) scope: String,
}

/// Why it gets nothing.
#[derive(Clone, Debug)]
pub(crate) struct Untold {
    pub(crate) refused: Refused,
    /// Whether it named itself in a header: then it is told in one.
    pub(crate) is_basic: bool,
    pub(crate) is_too_often: bool,
}

impl Untold {
    pub(super) fn of(refused: Refused, credentials: &Credentials<'_>) -> Self {
        Self { refused, is_basic: credentials.basic.is_some(), is_too_often: false }
    }
}

type Told = Result<Issued, Untold>;

fn refused(error: OauthError, description: &'static str) -> Told {
    Err(Untold { refused: Refused::new(error, description), is_basic: false, is_too_often: false })
}

/// The same words for each: whoever tries codes learns nothing of them.
fn no_grant() -> Told {
    refused(OauthError::InvalidGrant, "the code or token is not good, or not for this application, address or verifier")
}

impl Authorizer {
    /// Answers at the token endpoint.
    pub(crate) async fn issue(&self, credentials: &Credentials<'_>) -> Result<Told, StoreFault> {
        let client = match self.authenticate(credentials).await? {
            Ok(client) => client,
            Err(untold) => return Ok(Err(untold)),
        };
        let parameters = credentials.parameters;
        let wrong = |refused| Ok(Err(Untold::of(refused, credentials)));
        match parameters.need("grant_type", "grant_type is missing") {
            Ok("authorization_code") => match CodeRequest::read(parameters) {
                Ok(request) => self.redeem(&client, &request).await,
                Err(refused) => wrong(refused),
            },
            Ok("refresh_token") => match parameters.need("refresh_token", "refresh_token is missing") {
                Ok(token) => self.refresh(&client, token).await,
                Err(refused) => wrong(refused),
            },
            Ok(_) => Ok(refused(OauthError::UnsupportedGrantType, "grant_type must be authorization_code or refresh_token")),
            Err(refused) => wrong(refused),
        }
    }

    async fn redeem(&self, client: &Client, request: &CodeRequest<'_>) -> Result<Told, StoreFault> {
        let Some(grant) = self.store.find_grant(&digest_of(request.code)).await? else { return Ok(no_grant()) };
        let is_theirs = grant.client_id == client.id
            && grant.redirect_uri == request.redirect_uri
            && pkce::is_verified(grant.challenge.as_deref(), request.verifier);
        if !is_theirs {
            return Ok(no_grant());
        }
        let (now, access) = (self.now(), entropy::new_token());
        let refresh = grant.is_offline.then(entropy::new_token);
        let tokens = new_tokens(&access, refresh.as_deref(), &grant, now);
        match self.store.redeem_code(&grant, &tokens, now).await? {
            Redeemed::Issued => {}
            Redeemed::Replayed => {
                tracing::warn!(client = client.id, "a code came twice: all that was given for it is taken back");
                return Ok(no_grant());
            }
            Redeemed::Over => return Ok(no_grant()),
        }
        let Some(account) = self.store.find_account(&grant.account_id).await? else { return Ok(no_grant()) };
        self.tell(client, &grant, &account, access, refresh, grant.nonce.as_deref()).await.map(Ok)
    }

    /// What follows is derived from what came, so that a repeat gets the same.
    async fn refresh(&self, client: &Client, token: &str) -> Result<Told, StoreFault> {
        let (now, digest) = (self.now(), digest_of(token));
        let Some(HeldToken { grant, account, kind: TokenKind::Refresh, .. }) = self.store.find_token(&digest, now).await? else {
            return Ok(no_grant());
        };
        if grant.client_id != client.id || !client.may_refresh() {
            return Ok(no_grant());
        }
        let (access, refresh) = self.successors(token).swap_remove(0);
        let tokens = new_tokens(&access, Some(&refresh), &grant, now);
        let forget_at = tokens.last().map_or(now, |token| token.expires_at);
        let repeatable_after = now - lifetimes::REPEAT;
        match self.store.refresh_tokens(&digest, &tokens, forget_at, repeatable_after, now).await? {
            Refreshed::Issued => self.tell(client, &grant, &account, access, Some(refresh), None).await.map(Ok),
            Refreshed::Repeated { .. } => {
                // Another replica may have derived them under another key.
                for (access, refresh) in self.successors(token) {
                    if self.store.find_token(&digest_of(&refresh), now).await?.is_some() {
                        return self.tell(client, &grant, &account, access, Some(refresh), None).await.map(Ok);
                    }
                }
                Ok(no_grant())
            }
            Refreshed::Reused => {
                tracing::warn!(client = client.id, "a refresh token came again: all that was given for it is taken back");
                Ok(no_grant())
            }
            Refreshed::Over => Ok(no_grant()),
        }
    }

    /// The pair that follows a refresh token, under each of the keys.
    fn successors(&self, token: &str) -> Vec<(String, String)> {
        let derive = |used_for| self.secret_keys.macs(used_for, &[token.as_bytes()]).into_iter();
        let text = |mac: [u8; 32]| BASE64_URL_SAFE_NO_PAD.encode(mac);
        derive(Use::Access).zip(derive(Use::Refresh)).map(|(access, refresh)| (text(access), text(refresh))).collect()
    }

    async fn tell(
        &self,
        client: &Client,
        grant: &Grant,
        account: &Account,
        access_token: String,
        refresh_token: Option<String>,
        nonce: Option<&str>,
    ) -> Result<Issued, StoreFault> {
        let sub = self.subject_of(client, &account.id).await?;
        let scopes = if client.has_claims_in_id_token { Scopes::parse(&grant.scope) } else { Scopes::default() };
        let person = person(&sub, account).claims(client, &scopes);
        let token = IdToken {
            issuer: &self.issuer,
            client_id: &client.id,
            authenticated_at: grant.authenticated_at,
            nonce,
            sid: &grant.sid,
            access_token: &access_token,
        };
        let claims = json::object(token.claims(person, self.now()));
        let id_token = self.sign(client.algorithm, "JWT", claims).await?;
        Ok(Issued { access_token, refresh_token, id_token, scope: grant.scope.clone() })
    }
}

pub(super) fn person<'a>(sub: &'a str, account: &'a Account) -> Person<'a> {
    Person { sub, nickname: &account.nickname, phone_number: &account.phone_number, updated_at: account.created_at }
}

/// The refresh token stands last.
fn new_tokens(access: &str, refresh: Option<&str>, grant: &Grant, now: Timestamp) -> Vec<NewToken> {
    let token = |text, kind, expires_at| NewToken { digest: digest_of(text), kind, expires_at };
    let rest_ends = (now + lifetimes::REFRESH_TOKEN_REST).min(grant.granted_at + lifetimes::OFFLINE_GRANT);
    let access = token(access, TokenKind::Access, now + lifetimes::ACCESS_TOKEN);
    let refresh = refresh.map(|text| token(text, TokenKind::Refresh, rest_ends));
    [access].into_iter().chain(refresh).collect()
}

/// What a code is redeemed with.
struct CodeRequest<'a> {
    code: &'a str,
    redirect_uri: &'a str,
    verifier: Option<&'a str>,
}

impl<'a> CodeRequest<'a> {
    fn read(parameters: &'a Parameters) -> Result<Self, Refused> {
        Ok(Self {
            code: parameters.need("code", "code is missing")?,
            redirect_uri: parameters.need("redirect_uri", "redirect_uri is missing")?,
            verifier: parameters.get("code_verifier")?,
        })
    }
}
