//! What stands between a request and its handler: limits, foreign posts, and what becomes of requests that reach nobody.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use leptos::prelude::provide_context;
use tower_http::csrf::ProtectionError;

use super::{BODY_TIME_LIMIT, MAX_BODY_BYTES};
use crate::api::refusal::refuse;
use crate::api::visit::wants_page;
use crate::server::Service;
use crate::server::network::is_loopback_host;
use crate::verification::Outcome;

/// The header that server functions set when they could not read a post.
const SERVER_FN_ERROR: &str = "serverfnerror";
const FORWARDING_HEADERS: [&str; 4] = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip"];

/// Holds for every request: the outbox shows itself to nobody outside, foreign posts and faults answer in the caller's own form.
pub async fn house_rules(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    if service.outbox.is_some() && !is_from_here(&service, &parts) {
        return outbox_is_private();
    }
    let head = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    if response.extensions().get::<ProtectionError>().is_some() {
        return refuse(&service, &head, Outcome::CrossSite, None).await;
    }
    if response.status() == StatusCode::INTERNAL_SERVER_ERROR {
        return refuse(&service, &head, Outcome::Unavailable, None).await;
    }
    response
}

/// Whether somebody on this machine asks for this machine: no proxy in between, and no foreign name that was made to lead here (DNS
/// rebinding).
fn is_from_here(service: &Service, parts: &Parts) -> bool {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let is_local = peer.is_some_and(|peer| peer.0.ip().to_canonical().is_loopback());
    let is_forwarded = FORWARDING_HEADERS.iter().any(|name| parts.headers.contains_key(*name));
    is_local && !is_forwarded && host(parts).is_some_and(|host| host == service.origin.host() || is_loopback_host(&host))
}

/// The host that is asked for, without the port.
fn host(parts: &Parts) -> Option<String> {
    let authority = parts.uri.authority().cloned().or_else(|| {
        let mut named = parts.headers.get_all(HOST).iter();
        let host = named.next()?.as_bytes().try_into().ok()?;
        named.next().is_none().then_some(host)
    });
    authority.map(|authority| authority.host().to_ascii_lowercase())
}

fn outbox_is_private() -> Response {
    let reason = "SMS_PROVIDER=outbox shows every code at /inbox, so it answers this machine only: no proxy, no other host name. \
                  Choose a real provider, or open the page directly on this machine.\n";
    (StatusCode::FORBIDDEN, reason).into_response()
}

/// Reads a post's body whole, within its limits of size and time, so that a slow or endless one holds nothing else.
pub async fn read_body(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let status = match tokio::time::timeout(BODY_TIME_LIMIT, to_bytes(body, MAX_BODY_BYTES)).await {
        Ok(Ok(bytes)) => return next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Ok(Err(_)) => StatusCode::PAYLOAD_TOO_LARGE,
        Err(_) => StatusCode::REQUEST_TIMEOUT,
    };
    refuse(&service, &parts, Outcome::InvalidRequest, Some(status)).await
}

/// The server functions.
pub async fn functions(State(service): State<Arc<Service>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let is_form = content_type(&parts).eq_ignore_ascii_case("application/x-www-form-urlencoded");
    if !is_form {
        return refuse(&service, &parts, Outcome::InvalidRequest, Some(StatusCode::UNSUPPORTED_MEDIA_TYPE)).await;
    }
    if server_fn::axum::get_server_fn_service(parts.uri.path(), Method::POST).is_none() {
        return refuse(&service, &parts, Outcome::NotFound, None).await;
    }
    let head = parts.clone();
    let provided = Arc::clone(&service);
    let context = move || provide_context(Arc::clone(&provided));
    let request = Request::from_parts(parts, body);
    let response = leptos_axum::handle_server_fns_with_context(context, request).await.into_response();
    if response.headers().contains_key(SERVER_FN_ERROR) {
        return refuse(&service, &head, Outcome::InvalidRequest, None).await;
    }
    // The lines that an island reads are no page.
    if response.status() == StatusCode::SERVICE_UNAVAILABLE && wants_page(&head.headers) {
        return refuse(&service, &head, Outcome::Unavailable, None).await;
    }
    response
}

fn content_type(parts: &Parts) -> &str {
    let header = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    header.split(';').next().unwrap_or_default().trim()
}

/// No such path.
pub async fn not_found(State(service): State<Arc<Service>>, parts: Parts) -> Response {
    refuse(&service, &parts, Outcome::NotFound, None).await
}

/// The path is there, but not for this method.
pub async fn wrong_method(State(service): State<Arc<Service>>, parts: Parts) -> Response {
    refuse(&service, &parts, Outcome::InvalidRequest, Some(StatusCode::METHOD_NOT_ALLOWED)).await
}
