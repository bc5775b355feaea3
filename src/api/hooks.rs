//! What vendors post by themselves: what became of a text. No cookie is looked at; whoever posts proves by a signature that it is the vendor, and
//! learns nothing of what is here.

use std::sync::Arc;

use axum::body::{Bytes, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::http::uri::PathAndQuery;
use axum::{Router, routing};

use super::refusal::Refusal;
use super::visit;
use crate::server::Service;
use crate::server::verifier::{Callback, Caller, Heard};
use crate::verification::Outcome;

/// The paths of those who are set up to call.
pub(crate) fn routes(service: &Service) -> Router<Arc<Service>> {
    let mut routes = Router::new();
    if service.verifier.hears(Caller::Twilio) {
        routes = routes.route("/hooks/twilio/{send_id}", routing::post(of_twilio));
    }
    if service.verifier.hears(Caller::Http) {
        routes = routes.route("/hooks/sms", routing::post(of_http));
    }
    routes
}

/// Whether vendors post to a path: they read the status alone.
#[must_use]
pub(crate) fn are_at(path: &str) -> bool {
    path.starts_with("/hooks/")
}

async fn of_twilio(
    State(service): State<Arc<Service>>,
    Path(send_id): Path<String>,
    request: Request,
) -> Result<StatusCode, Refusal> {
    hear(&service, Caller::Twilio, Some(&send_id), request).await
}

async fn of_http(State(service): State<Arc<Service>>, request: Request) -> Result<StatusCode, Refusal> {
    hear(&service, Caller::Http, None, request).await
}

async fn hear(service: &Service, caller: Caller, send_id: Option<&str>, request: Request) -> Result<StatusCode, Refusal> {
    let (parts, body) = request.into_parts();
    // The door has bounded and read it.
    let body: Bytes = to_bytes(body, usize::MAX).await.map_err(|_| Outcome::InvalidRequest)?;
    let target = parts.uri.path_and_query().map_or("/", PathAndQuery::as_str);
    let callback = Callback { target, send_id, headers: &parts.headers, body: &body };
    let heard = service.verifier.hear(caller, &callback).await?;
    let status = match heard {
        Heard::Taken => StatusCode::NO_CONTENT,
        Heard::Forged => StatusCode::UNAUTHORIZED,
        Heard::Unreadable => StatusCode::BAD_REQUEST,
    };
    let (requester, path) = (visit::requester_of(service, &parts), parts.uri.path());
    if heard == Heard::Taken {
        tracing::debug!(path, "a vendor called back");
    } else {
        tracing::info!(status = status.as_u16(), requester, path, "a callback was refused");
    }
    Ok(status)
}
