//! An application signs its person out (OpenID Connect RP-Initiated Logout 1.0).

use std::sync::Arc;

use super::{Authorizer, Hint};
use crate::authorization::parameters::with_query;
use crate::authorization::{Client, OauthError, Parameters, Refused};
use crate::server::session::Session;
use crate::server::store::StoreFault;

/// What an application may ask with.
#[derive(Clone)]
pub(crate) struct LogoutRequest<'a> {
    pub(crate) parameters: &'a Parameters,
    pub(crate) session: Option<&'a Session>,
    /// Whether its person said yes, on a page of ours.
    pub(crate) is_confirmed: bool,
}

/// What becomes of it.
pub(crate) enum LogoutAnswer {
    /// The session, if there is one, ends; then it goes there, or a page says so.
    SignOut { redirect: Option<String> },
    /// The person is asked first: anybody may have led them here.
    Ask { client: Option<Arc<Client>> },
    /// Nothing: a page says what is wrong.
    Here(Refused),
}

impl Authorizer {
    /// Decides on a request to sign out. An address that is not registered is never led to, and nobody is signed out by it.
    pub(crate) async fn end_session(&self, request: &LogoutRequest<'_>) -> Result<LogoutAnswer, StoreFault> {
        let parameters = request.parameters;
        let hint = match parameters.get("id_token_hint") {
            Ok(None) => None,
            Ok(Some(token)) => match self.read_hint(token).await? {
                Some(hint) => Some(hint),
                None => return Ok(here("id_token_hint is no ID token of ours")),
            },
            Err(refused) => return Ok(LogoutAnswer::Here(refused)),
        };
        let client = match self.client_of_logout(parameters, hint.as_ref()).await? {
            Ok(client) => client,
            Err(refused) => return Ok(LogoutAnswer::Here(refused)),
        };
        let redirect = match redirect_of(parameters, client.as_deref()) {
            Ok(redirect) => redirect,
            Err(refused) => return Ok(LogoutAnswer::Here(refused)),
        };
        let account = request.session.and_then(|session| session.account.as_ref());
        let is_theirs = match (account, &hint, &client) {
            (None, ..) => true,
            (Some(account), Some(hint), Some(client)) => hint.sub == self.subject_of(client, &account.account_id).await?,
            _ => false,
        };
        let is_sure = request.is_confirmed || is_theirs;
        Ok(if is_sure { LogoutAnswer::SignOut { redirect } } else { LogoutAnswer::Ask { client } })
    }

    async fn client_of_logout(
        &self,
        parameters: &Parameters,
        hint: Option<&Hint>,
    ) -> Result<Result<Option<Arc<Client>>, Refused>, StoreFault> {
        let named = match parameters.get("client_id") {
            Ok(named) => named,
            Err(refused) => return Ok(Err(refused)),
        };
        let hinted = hint.map(|hint| hint.client_id.as_str());
        let wrong = |description| Ok(Err(Refused::new(OauthError::InvalidRequest, description)));
        let id = match (named, hinted) {
            (Some(named), Some(hinted)) if named != hinted => return wrong("client_id is not that of id_token_hint"),
            (None, None) => return Ok(Ok(None)),
            (named, hinted) => named.or(hinted).unwrap_or_default(),
        };
        match self.find_client(id).await? {
            Some(client) => Ok(Ok(Some(client))),
            None => wrong("client_id is not registered"),
        }
    }
}

fn here(description: &'static str) -> LogoutAnswer {
    LogoutAnswer::Here(Refused::new(OauthError::InvalidRequest, description))
}

/// Where it leads afterwards. Without an application there is nobody whose address it could be, and none is led to.
fn redirect_of(parameters: &Parameters, client: Option<&Client>) -> Result<Option<String>, Refused> {
    let (uri, state) = (parameters.get("post_logout_redirect_uri")?, parameters.get("state")?);
    let (Some(uri), Some(client)) = (uri, client) else { return Ok(None) };
    if !client.has_post_logout_redirect_uri(uri) {
        return Err(Refused::new(OauthError::InvalidRequest, "post_logout_redirect_uri is not registered"));
    }
    Ok(Some(state.map_or_else(|| uri.to_owned(), |state| with_query(uri, &[("state", state)]))))
}
