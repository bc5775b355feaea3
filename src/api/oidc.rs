//! What applications call: the endpoints of the OpenID provider that answer JSON, and the door in front of a proxy. No cookie opens any of them
//! but the door, so a foreign page that posts here gets nothing.

mod calls;
mod discovery;
mod door;
mod token;
mod userinfo;

use std::sync::Arc;

use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{self, MethodRouter};
use axum::{Json, Router};
use serde_json::json;
use tower_http::cors::{Any, CorsLayer};

use crate::authorization::{OauthError, Refused};
use crate::server::Service;
use crate::verification::Outcome;

/// Applications in a browser call from origins of their own. No cookie comes along, so any may.
fn cors() -> CorsLayer {
    CorsLayer::new().allow_origin(Any).allow_methods([Method::GET, Method::POST]).allow_headers([AUTHORIZATION, CONTENT_TYPE])
}

/// A browser asks before it calls. The layer answers that, but only for a method that there is: what refuses the others lies outside of it.
fn asked_first(route: MethodRouter<Arc<Service>>) -> MethodRouter<Arc<Service>> {
    route.options(async || StatusCode::NO_CONTENT)
}

/// The endpoints that take no cookie, and the door.
pub(crate) fn routes() -> Router<Arc<Service>> {
    Router::new()
        .route("/.well-known/openid-configuration", asked_first(routing::get(discovery::configuration)))
        .route("/.well-known/oauth-authorization-server", asked_first(routing::get(discovery::configuration)))
        .route("/oauth/jwks", asked_first(routing::get(discovery::jwks)))
        .route("/oauth/token", asked_first(routing::post(token::issue)))
        .route("/oauth/revoke", asked_first(routing::post(token::revoke)))
        .route("/oauth/userinfo", asked_first(routing::get(userinfo::of_header).post(userinfo::of_form)))
        .layer(cors())
        .route("/oauth/introspect", routing::post(token::introspect))
        .merge(door::routes())
}

/// Whether what a path answers is read by an application: then a refusal is too.
#[must_use]
pub(crate) fn is_called_by_applications(path: &str) -> bool {
    ["/oauth/token", "/oauth/revoke", "/oauth/introspect", "/oauth/userinfo", "/oauth/jwks"].contains(&path)
        || path.starts_with("/.well-known/")
}

/// A refusal of the house in the words of the specifications. Its status is the caller's to set.
#[must_use]
pub(crate) fn refusal(outcome: Outcome) -> Response {
    let error = match outcome {
        Outcome::Unavailable => OauthError::ServerError,
        _ => OauthError::InvalidRequest,
    };
    error_json(StatusCode::BAD_REQUEST, &Refused::new(error, outcome.code()))
}

/// An error as RFC 6749 has it (5.2).
fn error_json(status: StatusCode, refused: &Refused) -> Response {
    let body = json!({"error": refused.error.as_str(), "error_description": refused.description});
    let mut response = (status, Json(body)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
