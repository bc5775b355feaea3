//! The endpoints that an application calls by its secret: token, revoke, introspect.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use super::calls::{BASIC_CHALLENGE, Called};
use super::error_json;
use crate::api::refusal::Refusal;
use crate::api::visit;
use crate::authorization::{OauthError, Refused, lifetimes};
use crate::server::Service;
use crate::server::authorizer::{Issued, Untold};

/// How long somebody who tried too many secrets is asked to wait, in seconds.
const REST_SECS: u32 = 60;

pub(super) async fn issue(State(service): State<Arc<Service>>, called: Called) -> Result<Response, Refusal> {
    let told = service.authorizer.issue(&called.credentials()).await?;
    let client = service.authorizer.find_client(called.named()).await?;
    log(&service, &called.parts, client.as_ref().map_or("-", |client| &client.id), told.as_ref().err());
    Ok(match told {
        Ok(issued) => Json(tokens(issued)).into_response(),
        Err(untold) => refuse(&untold),
    })
}

fn tokens(issued: Issued) -> Value {
    let mut told = Map::new();
    told.insert("access_token".to_owned(), issued.access_token.into());
    told.insert("token_type".to_owned(), "Bearer".into());
    told.insert("expires_in".to_owned(), lifetimes::ACCESS_TOKEN.as_secs().into());
    told.extend(issued.refresh_token.map(|token| ("refresh_token".to_owned(), token.into())));
    told.insert("id_token".to_owned(), issued.id_token.into());
    told.insert("scope".to_owned(), issued.scope.into());
    Value::Object(told)
}

pub(super) async fn revoke(State(service): State<Arc<Service>>, called: Called) -> Result<Response, Refusal> {
    let authorizer = &service.authorizer;
    let client = match authorizer.authenticate(&called.credentials()).await? {
        Ok(client) => client,
        Err(untold) => return Ok(refuse(&untold)),
    };
    match called.parameters.need("token", "token is missing") {
        Ok(token) => authorizer.revoke(&client, token).await?,
        Err(refused) => return Ok(error_json(StatusCode::BAD_REQUEST, &refused)),
    }
    log(&service, &called.parts, &client.id, None);
    Ok(StatusCode::OK.into_response())
}

/// For an application with a secret: a token tells it no more than it would tell whoever has the token.
pub(super) async fn introspect(State(service): State<Arc<Service>>, called: Called) -> Result<Response, Refusal> {
    let authorizer = &service.authorizer;
    let client = match authorizer.authenticate(&called.credentials()).await? {
        Ok(client) => client,
        Err(untold) => return Ok(refuse(&untold)),
    };
    if client.is_public() {
        let refused = Refused::new(OauthError::InvalidClient, "an application without a secret may not introspect");
        return Ok(error_json(StatusCode::UNAUTHORIZED, &refused));
    }
    Ok(match called.parameters.need("token", "token is missing") {
        Ok(token) => Json(authorizer.introspect(token).await?).into_response(),
        Err(refused) => error_json(StatusCode::BAD_REQUEST, &refused),
    })
}

fn refuse(untold: &Untold) -> Response {
    let is_client = untold.refused.error == OauthError::InvalidClient;
    let status = match (untold.is_too_often, is_client) {
        (true, _) => StatusCode::TOO_MANY_REQUESTS,
        (false, true) => StatusCode::UNAUTHORIZED,
        (false, false) => StatusCode::BAD_REQUEST,
    };
    let mut response = error_json(status, &untold.refused);
    if untold.is_too_often {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(REST_SECS));
    }
    if is_client && untold.is_basic {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(BASIC_CHALLENGE));
    }
    response
}

/// One line for each call. Of what was sent only who says to have sent it, and only if there is such an application.
fn log(service: &Service, parts: &Parts, client: &str, untold: Option<&Untold>) {
    let (requester, path) = (visit::requester_of(service, parts), parts.uri.path());
    let error = untold.map_or("-", |untold| untold.refused.error.as_str());
    let why = untold.map_or("-", |untold| untold.refused.description);
    tracing::info!(client, error, why, requester, path, "an application called");
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_refresh_token_is_told_only_where_there_is_one() {
        let issued = |refresh: Option<&str>| Issued {
            access_token: "a".into(),
            refresh_token: refresh.map(str::to_owned),
            id_token: "i".into(),
            scope: "openid".into(),
        };
        assert_eq!(
            tokens(issued(None)),
            json!({"access_token": "a", "token_type": "Bearer", "expires_in": 600, "id_token": "i", "scope": "openid"})
        );
        assert_eq!(tokens(issued(Some("r")))["refresh_token"], "r");
    }
}
