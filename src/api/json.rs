//! The JSON interface `/v1`: the same verifier behind it, the same outcomes.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router, routing};
use serde::de::DeserializeOwned;

use super::bodies::{AccountBody, Body, CheckBody, StartBody};
use super::openapi;
use super::outcome::Outcome;
use super::refusal::{self, refuse};
use super::status::VerificationState;
use super::visit::{self, Visit};
use crate::server::Service;
use crate::server::clock::Stopwatch;
use crate::server::session::Session;
use crate::server::store::StoreFault;
use crate::server::verifier::{CheckRequest, Reply, SignUpRequest, Verifier, Visitor};
use crate::verification::Purpose;

/// The routes of the interface.
pub fn routes() -> Router<Arc<Service>> {
    Router::new()
        .route("/v1/verification", routing::get(ask).post(start))
        .route("/v1/verification/check", routing::post(check))
        .route("/v1/accounts", routing::post(sign_up))
        .route("/v1/openapi.json", routing::get(async || Json(openapi::document())))
}

/// Asks where the subject stands.
#[utoipa::path(
    get,
    path = "/v1/verification",
    responses(
        (status = 200, body = Body, description = "status"),
        (status = 503, body = Body, description = "unavailable: nothing was lost"),
    ),
)]
pub(super) async fn ask(State(service): State<Arc<Service>>, parts: Parts) -> Response {
    answer(&service, &parts, async |verifier, visitor| verifier.ask(&visitor.session).await).await
}

/// Asks for a code.
#[utoipa::path(
    post,
    path = "/v1/verification",
    request_body = StartBody,
    responses(
        (status = 202, body = Body, description = "code_sent, code_may_arrive, pending or already_verified"),
        (status = 400, body = Body, description = "invalid_request: not a request of this interface"),
        (status = 403, body = Body, description = "cross_site, or delivery_blocked by the vendor"),
        (status = 408, body = Body, description = "invalid_request: the body took too long"),
        (status = 409, body = Body, description = "phone_number_taken"),
        (status = 413, body = Body, description = "invalid_request: the body is over 16 KiB"),
        (status = 415, body = Body, description = "invalid_request: the body is not application/json"),
        (status = 422, body = Body, description = "invalid_phone_number"),
        (status = 429, body = Body, description = "sends_exhausted or try_later"),
        (status = 502, body = Body, description = "delivery_failed: not charged"),
        (status = 503, body = Body, description = "unavailable: nothing was lost"),
    ),
)]
pub(super) async fn start(State(service): State<Arc<Service>>, parts: Parts, bytes: Bytes) -> Response {
    let body: StartBody = match read(&service, &parts, &bytes).await {
        Ok(body) => body,
        Err(refusal) => return refusal,
    };
    let purpose = body.purpose.map_or(Purpose::SignUp, Purpose::from);
    answer(&service, &parts, async |verifier, visitor| verifier.start(visitor, &body.phone_number, purpose).await).await
}

/// Gives a code.
#[utoipa::path(
    post,
    path = "/v1/verification/check",
    request_body = CheckBody,
    responses(
        (status = 200, body = Body, description = "verified"),
        (status = 400, body = Body, description = "incorrect_code, or invalid_request"),
        (status = 403, body = Body, description = "cross_site: a foreign page posted"),
        (status = 404, body = Body, description = "no_challenge"),
        (status = 408, body = Body, description = "invalid_request: the body took too long"),
        (status = 410, body = Body, description = "code_expired: expired, closed, or already used"),
        (status = 413, body = Body, description = "invalid_request: the body is over 16 KiB"),
        (status = 415, body = Body, description = "invalid_request: the body is not application/json"),
        (status = 422, body = Body, description = "malformed_code: costs no attempt"),
        (status = 429, body = Body, description = "too_many_attempts"),
        (status = 503, body = Body, description = "unavailable: nothing was lost"),
    ),
)]
pub(super) async fn check(State(service): State<Arc<Service>>, parts: Parts, bytes: Bytes) -> Response {
    let body: CheckBody = match read(&service, &parts, &bytes).await {
        Ok(body) => body,
        Err(refusal) => return refusal,
    };
    let request = CheckRequest { challenge: body.challenge_id, once: None };
    answer(&service, &parts, async |verifier, visitor| verifier.check(visitor, request, &body.code).await).await
}

/// Signs up with the number that was proven.
#[utoipa::path(
    post,
    path = "/v1/accounts",
    request_body = AccountBody,
    responses(
        (status = 201, body = Body, description = "signed_up"),
        (status = 202, body = Body, description = "already_verified: the session has an account"),
        (status = 400, body = Body, description = "invalid_request: not a request of this interface"),
        (status = 403, body = Body, description = "cross_site: a foreign page posted"),
        (status = 408, body = Body, description = "invalid_request: the body took too long"),
        (status = 409, body = Body, description = "phone_number_taken or not_verified"),
        (status = 410, body = Body, description = "code_expired: the session was replaced"),
        (status = 413, body = Body, description = "invalid_request: the body is over 16 KiB"),
        (status = 415, body = Body, description = "invalid_request: the body is not application/json"),
        (status = 422, body = Body, description = "invalid_nickname"),
        (status = 503, body = Body, description = "unavailable: nothing was lost"),
    ),
)]
pub(super) async fn sign_up(State(service): State<Arc<Service>>, parts: Parts, bytes: Bytes) -> Response {
    let body: AccountBody = match read(&service, &parts, &bytes).await {
        Ok(body) => body,
        Err(refusal) => return refusal,
    };
    let request = SignUpRequest { nickname: body.nickname, has_consented: body.consent, once: None };
    answer(&service, &parts, async |verifier, visitor| verifier.sign_up(&visitor.session, &request).await).await
}

async fn read<T: DeserializeOwned>(service: &Arc<Service>, parts: &Parts, bytes: &[u8]) -> Result<T, Response> {
    let content_type = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(refuse(service, parts, Outcome::InvalidRequest, Some(StatusCode::UNSUPPORTED_MEDIA_TYPE)).await);
    }
    match serde_json::from_slice(bytes) {
        Ok(body) => Ok(body),
        Err(_) => Err(refuse(service, parts, Outcome::InvalidRequest, None).await),
    }
}

/// Runs a use case for the caller's session, which is made where there is none.
async fn answer(
    service: &Arc<Service>,
    parts: &Parts,
    use_case: impl AsyncFnOnce(&Arc<Verifier>, &Visitor) -> Result<Reply, StoreFault>,
) -> Response {
    let watch = Stopwatch::start();
    let replied = async {
        let visit = Visit::of(service, parts).await?;
        let (visitor, fresh) = if let Some(visitor) = visit.visitor() {
            (visitor, None)
        } else {
            let session = Session::fresh(service.verifier.clock.now());
            let fresh = (parts.method != Method::GET).then(|| session.cookie.clone());
            (visit.visitor_as(session), fresh)
        };
        let reply = use_case(&service.verifier, &visitor).await?;
        Ok::<_, StoreFault>(Reply { cookie: reply.cookie.clone().or(fresh), ..reply })
    };
    match replied.await {
        Ok(reply) => {
            refusal::log_reply(parts, &reply, &watch);
            respond(service, parts, &reply)
        }
        Err(fault) => {
            refusal::log_fault(parts, &fault);
            refuse(service, parts, Outcome::Unavailable, None).await
        }
    }
}

fn respond(service: &Service, parts: &Parts, reply: &Reply) -> Response {
    let locale = visit::locale(&parts.headers);
    let mut response = (refusal::status_code(reply.outcome), Json(Body::of(reply, locale))).into_response();
    let headers = response.headers_mut();
    if let Some(secs) = refusal::retry_after_secs(reply) {
        headers.insert(RETRY_AFTER, HeaderValue::from(secs));
    }
    if let Some(cookie) = &reply.cookie {
        let has_account = reply.status.state == VerificationState::SignedUp;
        if let Ok(value) = HeaderValue::from_str(&visit::set_session_cookie(service, cookie, has_account)) {
            headers.insert(SET_COOKIE, value);
        }
    }
    response
}
