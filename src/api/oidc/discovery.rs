//! What an application reads first (OpenID Connect Discovery 1.0, RFC 8414).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::api::refusal::Refusal;
use crate::authorization::claims::CONTEXT_CLASS;
use crate::authorization::{Algorithm, Scope};
use crate::messages::Locale;
use crate::server::Service;

/// Keys are published a day before they sign: an hour's quarter late is early enough.
const CACHED: [(axum::http::HeaderName, &str); 1] = [(CACHE_CONTROL, "public, max-age=900")];

pub(super) async fn configuration(State(service): State<Arc<Service>>) -> impl IntoResponse {
    (CACHED, Json(document(&service.authorizer.issuer)))
}

pub(super) async fn jwks(State(service): State<Arc<Service>>) -> Result<Response, Refusal> {
    Ok((CACHED, Json(service.authorizer.jwks().await?)).into_response())
}

fn document(issuer: &str) -> Value {
    let at = |path: &str| [issuer, path].concat();
    let methods = ["client_secret_basic", "client_secret_post"];
    json!({
        "issuer": issuer,
        "authorization_endpoint": at("/oauth/authorize"),
        "token_endpoint": at("/oauth/token"),
        "userinfo_endpoint": at("/oauth/userinfo"),
        "jwks_uri": at("/oauth/jwks"),
        "revocation_endpoint": at("/oauth/revoke"),
        "introspection_endpoint": at("/oauth/introspect"),
        "end_session_endpoint": at("/oauth/end-session"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": Algorithm::ALL.map(Algorithm::as_str),
        "scopes_supported": Scope::ALL.map(Scope::as_str),
        "claims_supported": [
            "iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "amr", "acr", "sid", "at_hash", "name", "nickname",
            "preferred_username", "updated_at", "phone_number", "phone_number_verified", "email", "email_verified"
        ],
        "acr_values_supported": [CONTEXT_CLASS],
        "prompt_values_supported": ["none", "login", "consent", "select_account", "create"],
        "ui_locales_supported": Locale::ALL.map(Locale::tag),
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "introspection_endpoint_auth_methods_supported": methods,
        "authorization_response_iss_parameter_supported": true,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false
    })
}
