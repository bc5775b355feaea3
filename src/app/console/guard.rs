//! What holds for every request of the console: no foreign name leads here, no foreign page posts here, and what comes to nothing is a page.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::ORIGIN;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::seat::frame;
use crate::api::reply::log_fault;
use crate::api::visit;
use crate::app::door;
use crate::pages::console::notice;
use crate::server::console::Desk;
use crate::server::network::is_loopback_host;
use crate::verification::Outcome;

pub(super) async fn every_request(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Some(host) = door::host(&parts).filter(|host| is_nobodys_name(host)) else { return misdirected() };
    let head = parts.clone();
    let response = if is_from_elsewhere(&parts, &host) {
        crate::api::refusal::Refusal::from(Outcome::CrossSite).into_response()
    } else {
        next.run(Request::from_parts(parts, body)).await
    };
    let Some(refusal) = door::refusal_of(&response) else { return response };
    if let Some(fault) = &refusal.fault {
        log_fault(&head, fault);
    }
    let (outcome, status, path) = (refusal.outcome, refusal.status, head.uri.path());
    tracing::info!(outcome = outcome.code(), status = status.as_u16(), requester = visit::peer_of(&head), path, "refused");
    notice::show(&frame(&desk, &head, None), outcome, status)
}

/// An address, or this machine's own name. Any other could be made to lead here by whoever owns it (DNS rebinding).
fn is_nobodys_name(host: &str) -> bool {
    let address: Result<IpAddr, _> = host.trim_start_matches('[').trim_end_matches(']').parse();
    address.is_ok() || is_loopback_host(host)
}

/// Whether a page of another origin posts: another port of this machine is one too.
fn is_from_elsewhere(parts: &Parts, host: &str) -> bool {
    let is_safe = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
    let Some(origin) = parts.headers.get(ORIGIN).filter(|_| !is_safe) else { return false };
    let origin: Option<axum::http::Uri> = origin.to_str().ok().and_then(|text| text.parse().ok());
    let from = origin.as_ref().and_then(axum::http::Uri::authority);
    !from.is_some_and(|from| from.host().eq_ignore_ascii_case(host) && from.port_u16() == port(parts))
}

fn port(parts: &Parts) -> Option<u16> {
    let named = parts.headers.get(axum::http::header::HOST).and_then(|host| host.to_str().ok());
    let authority = parts.uri.authority().cloned().or_else(|| named?.parse().ok());
    authority.and_then(|authority| authority.port_u16())
}

fn misdirected() -> Response {
    let reason = "The console answers by an address or by localhost. Open it on the machine itself, or through a tunnel: \
                  ssh -L 9465:127.0.0.1:9465 the-machine\n";
    (StatusCode::MISDIRECTED_REQUEST, reason).into_response()
}
