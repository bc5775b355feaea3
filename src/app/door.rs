//! What stands between a request and its handler: limits, foreign posts, and what becomes of requests that reach nobody.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::{self, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{ALLOW, CONTENT_TYPE, HOST};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use leptos::prelude::provide_context;
use tower_http::csrf::ProtectionError;

use super::requests::RequestId;
use crate::api::answer::Answer;
use crate::api::json::bodies::Body;
use crate::api::refusal::Refusal;
use crate::api::reply::log_fault;
use crate::api::visit;
use crate::api::{hooks, oidc};
use crate::pages;
use crate::server::Service;
use crate::server::network::is_loopback_host;
use crate::verification::Outcome;

/// The largest body that is read, in bytes. The longest form of ours has a tenth of it.
pub(super) const MAX_BODY_BYTES: usize = 16 * 1024;
/// How long a body may take to arrive.
const BODY_TIME_LIMIT: Duration = Duration::from_secs(10);
/// The header that server functions set when they could not read a post.
const SERVER_FN_ERROR: &str = "serverfnerror";
const FORWARDING_HEADERS: [&str; 4] = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip"];

/// Holds for every request: the outbox shows itself to nobody outside, foreign posts and faults answer in the caller's own form.
pub(super) async fn every_request(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    if service.outbox.is_some() && !is_from_here(&service, &parts) {
        return outbox_is_private();
    }
    let head = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    let Some(refusal) = refusal_of(&response) else { return response };
    let allowed = response.headers().get(ALLOW).cloned();
    let mut response = refuse(&service, &head, &refusal).await;
    if let Some(methods) = allowed {
        response.headers_mut().insert(ALLOW, methods);
    }
    response
}

pub(super) fn refusal_of(response: &Response) -> Option<Refusal> {
    if response.extensions().get::<ProtectionError>().is_some() {
        return Some(Outcome::CrossSite.into());
    }
    let is_panic = response.status() == StatusCode::INTERNAL_SERVER_ERROR;
    response.extensions().get::<Refusal>().cloned().or_else(|| is_panic.then(|| Outcome::Unavailable.into()))
}

/// Logs a refusal, and gives it the form that the caller reads: JSON, lines or a page.
async fn refuse(service: &Arc<Service>, head: &Parts, refusal: &Refusal) -> Response {
    if let Some(fault) = &refusal.fault {
        log_fault(head, fault);
    }
    let (outcome, status, path) = (refusal.outcome, refusal.status, head.uri.path());
    let requester = visit::requester_of(service, head);
    tracing::info!(outcome = outcome.code(), status = status.as_u16(), requester, path, "refused");
    let locale = visit::locale(&head.headers);
    let mut formed = if oidc::is_called_by_applications(path) {
        oidc::refusal(outcome)
    } else if hooks::are_at(path) {
        ().into_response()
    } else if path == "/v1" || path.starts_with("/v1/") {
        Json(Body::bare(outcome, locale)).into_response()
    } else if path.starts_with("/api/") && !visit::wants_page(&head.headers) {
        let message = locale.outcome(outcome, None, None);
        let answer = Answer { outcome: outcome.code().to_owned(), message, ..Answer::default() };
        ([(CONTENT_TYPE, "text/plain; charset=utf-8")], answer.encode()).into_response()
    } else {
        // Whoever tells us of it can say which request it was.
        let request = head.extensions.get::<RequestId>().filter(|_| outcome == Outcome::Unavailable);
        pages::notice(&service.branding, locale, outcome, request.map(|id| id.0.as_str())).await
    };
    *formed.status_mut() = status;
    formed
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
pub(super) fn host(parts: &Parts) -> Option<String> {
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
pub(super) async fn read_body(request: Request, next: Next) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let status = match tokio::time::timeout(BODY_TIME_LIMIT, to_bytes(body, MAX_BODY_BYTES)).await {
        Ok(Ok(bytes)) => return Ok(next.run(Request::from_parts(parts, body::Body::from(bytes))).await),
        Ok(Err(_)) => StatusCode::PAYLOAD_TOO_LARGE,
        Err(_) => StatusCode::REQUEST_TIMEOUT,
    };
    Err(Refusal::with_status(Outcome::InvalidRequest, status))
}

/// Hands forms to the server functions, and nothing else.
pub(super) async fn functions(State(service): State<Arc<Service>>, request: Request) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let is_form = visit::content_type(&parts.headers).eq_ignore_ascii_case("application/x-www-form-urlencoded");
    if !is_form {
        return Err(Refusal::with_status(Outcome::InvalidRequest, StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    if server_fn::axum::get_server_fn_service(parts.uri.path(), Method::POST).is_none() {
        return Err(Outcome::NotFound.into());
    }
    let wants_page = visit::wants_page(&parts.headers);
    let context = move || provide_context(Arc::clone(&service));
    let request = Request::from_parts(parts, body);
    let response = leptos_axum::handle_server_fns_with_context(context, request).await.into_response();
    if response.headers().contains_key(SERVER_FN_ERROR) {
        return Err(Outcome::InvalidRequest.into());
    }
    // The lines that an island reads are no page.
    if response.status() == StatusCode::SERVICE_UNAVAILABLE && wants_page {
        return Err(Outcome::Unavailable.into());
    }
    Ok(response)
}

/// No such path.
pub(super) async fn not_found() -> Refusal {
    Outcome::NotFound.into()
}

/// The path is there, but not for this method.
pub(super) async fn wrong_method() -> Refusal {
    Refusal::with_status(Outcome::InvalidRequest, StatusCode::METHOD_NOT_ALLOWED)
}
