//! An application asks who is there.

use std::sync::Arc;

use super::{Authorizer, digest_of};
use crate::authorization::request::{answer, client_of, is_fresh};
use crate::authorization::{AuthorizationRequest, Client, OauthError, Parameters, Prompt, Refused, Scope, Unanswered, lifetimes};
use crate::server::entropy;
use crate::server::session::{Session, SignedIn};
use crate::server::store::{Grant, StoreFault, WaitingRequest};

/// Where a request leads.
pub(crate) enum Answered {
    /// To the application.
    There(String),
    /// To the page that signs in, or up; the request waits under this name.
    SignIn { request: String, is_new: bool },
    /// Nowhere: a page says what is wrong.
    Here(Refused),
    /// Nowhere: as many requests of this address wait as may.
    TooMany,
    /// Nowhere: it does not wait any more.
    Over,
}

/// Whom a hint is about.
enum Hinted {
    /// Nobody: there is none, or nobody is signed in.
    Nobody,
    /// It is no token of ours.
    Unreadable,
    /// Whoever is signed in.
    AsIs,
    /// Somebody else.
    Another,
}

/// A request that waits, as a page shows it.
#[derive(Clone, Debug)]
pub(crate) struct Waiting {
    pub(crate) client: Arc<Client>,
    /// Where the answer goes.
    pub(crate) redirect_uri: String,
    /// What the application thinks the number is.
    pub(crate) login_hint: Option<String>,
    row: WaitingRequest,
}

impl Waiting {
    /// Whether the person of a session is to prove a number, although they may be signed in.
    pub(crate) fn asks(&self, session: &Session) -> bool {
        session.account.as_ref().is_some_and(|account| !is_fresh(account.authenticated_at, self.row.fresh_after))
    }
}

impl Authorizer {
    /// Answers a request for whoever has this session.
    pub(crate) async fn authorize(
        &self,
        parameters: &Parameters,
        session: Option<&Session>,
        requester: &str,
    ) -> Result<Answered, StoreFault> {
        let id = match client_of(parameters) {
            Ok(id) => id,
            Err(refused) => return Ok(Answered::Here(refused)),
        };
        let Some(client) = self.find_client(id).await? else {
            return Ok(Answered::Here(Refused::new(OauthError::InvalidRequest, "client_id is not registered")));
        };
        let request = match AuthorizationRequest::read(parameters, &client) {
            Ok(request) => request,
            Err(unanswered) => return Ok(self.refuse(unanswered)),
        };
        let account = session.and_then(|session| session.account.as_ref());
        let fresh_after = match self.is_hinted(&client, &request, account).await? {
            Hinted::AsIs | Hinted::Nobody => request.fresh_after(self.now()),
            Hinted::Unreadable | Hinted::Another => Some(self.now()),
        };
        let good = account.filter(|account| is_fresh(account.authenticated_at, fresh_after));
        match (good, session, request.prompt) {
            (Some(account), Some(session), _) => self.grant(&client, &request, session, account).await,
            (_, _, Prompt::Never) => Ok(Answered::There(self.refusal(&request, OauthError::LoginRequired))),
            _ => {
                let waiting = self.waiting_request(&client, parameters, requester);
                self.wait(&request, WaitingRequest { fresh_after, ..waiting }).await
            }
        }
    }

    fn waiting_request(&self, client: &Client, parameters: &Parameters, requester: &str) -> WaitingRequest {
        WaitingRequest {
            digest: String::new(),
            client_id: client.id.clone(),
            parameters: parameters.encode(),
            fresh_after: None,
            requester: requester.to_owned(),
            opened_at: self.now(),
            expires_at: self.now() + lifetimes::REQUEST,
        }
    }

    async fn wait(&self, request: &AuthorizationRequest, waiting: WaitingRequest) -> Result<Answered, StoreFault> {
        let name = entropy::new_id();
        let waiting = WaitingRequest { digest: digest_of(&name), ..waiting };
        let is_added = self.store.add_request(&waiting, lifetimes::MAX_WAITING).await?;
        let sign_in = Answered::SignIn { request: name, is_new: request.prompt == Prompt::Create };
        Ok(if is_added { sign_in } else { Answered::TooMany })
    }

    /// A request that waits, and whose application is still there.
    pub(crate) async fn find_waiting(&self, name: &str) -> Result<Option<Waiting>, StoreFault> {
        let Some(row) = self.store.find_request(&digest_of(name), self.now()).await? else { return Ok(None) };
        let Some(client) = self.find_client(&row.client_id).await? else { return Ok(None) };
        let request = AuthorizationRequest::read(&Parameters::parse(row.parameters.as_bytes()), &client);
        Ok(request.ok().map(|request| {
            let AuthorizationRequest { redirect_uri, login_hint, .. } = request;
            Waiting { client, redirect_uri, login_hint, row }
        }))
    }

    /// Goes on with a request that waited, now that its person may have signed in.
    pub(crate) async fn go_on(&self, name: &str, session: Option<&Session>) -> Result<Answered, StoreFault> {
        let Some(Waiting { client, row, .. }) = self.find_waiting(name).await? else { return Ok(Answered::Over) };
        let request = match AuthorizationRequest::read(&Parameters::parse(row.parameters.as_bytes()), &client) {
            Ok(request) => request,
            Err(unanswered) => return Ok(self.refuse(unanswered)),
        };
        let account = session.and_then(|session| session.account.as_ref());
        match (account.filter(|account| is_fresh(account.authenticated_at, row.fresh_after)), session) {
            (Some(account), Some(session)) => match self.is_hinted(&client, &request, Some(account)).await? {
                Hinted::Another => Ok(Answered::There(self.refusal(&request, OauthError::LoginRequired))),
                _ => self.grant(&client, &request, session, account).await,
            },
            _ => Ok(Answered::SignIn { request: name.to_owned(), is_new: request.prompt == Prompt::Create }),
        }
    }

    /// Whether the person is who a hint says (OpenID Connect Core, 3.1.2.1).
    async fn is_hinted(
        &self,
        client: &Client,
        request: &AuthorizationRequest,
        account: Option<&SignedIn>,
    ) -> Result<Hinted, StoreFault> {
        let (Some(hint), Some(account)) = (&request.id_token_hint, account) else { return Ok(Hinted::Nobody) };
        let Some(hint) = self.read_hint(hint).await? else { return Ok(Hinted::Unreadable) };
        let is_them = hint.sub == self.subject_of(client, &account.account_id).await?;
        Ok(if is_them { Hinted::AsIs } else { Hinted::Another })
    }

    async fn grant(
        &self,
        client: &Client,
        request: &AuthorizationRequest,
        session: &Session,
        account: &SignedIn,
    ) -> Result<Answered, StoreFault> {
        let (now, code) = (self.now(), entropy::new_token());
        let grant = Grant {
            id: entropy::new_id(),
            client_id: client.id.clone(),
            account_id: account.account_id.clone(),
            session: session.cookie.digest(),
            sid: account.sid.clone(),
            scope: request.scopes.to_string(),
            nonce: request.nonce.clone(),
            redirect_uri: request.redirect_uri.clone(),
            challenge: request.challenge.clone(),
            authenticated_at: account.authenticated_at,
            code: digest_of(&code),
            code_expires_at: now + lifetimes::CODE,
            redeemed_at: None,
            is_offline: request.scopes.has(Scope::OfflineAccess),
            is_ended: false,
            granted_at: now,
            expires_at: now + lifetimes::GRANT,
        };
        // None where its person signed out meanwhile.
        let is_added = self.store.add_grant(&grant).await?;
        let answer = || request.answer(&self.issuer, &[("code", &code)]);
        Ok(Answered::There(if is_added { answer() } else { self.refusal(request, OauthError::LoginRequired) }))
    }

    fn refusal(&self, request: &AuthorizationRequest, error: OauthError) -> String {
        request.answer(&self.issuer, &[("error", error.as_str())])
    }

    fn refuse(&self, unanswered: Unanswered) -> Answered {
        match unanswered {
            Unanswered::Here(refused) => Answered::Here(refused),
            Unanswered::There { redirect_uri, state, refused: Refused { error, description } } => {
                let pairs = [("error", error.as_str()), ("error_description", description)];
                Answered::There(answer(&redirect_uri, state.as_deref(), &self.issuer, &pairs))
            }
        }
    }
}
