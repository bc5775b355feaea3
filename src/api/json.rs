//! The JSON interface `/v1`: the same verifier behind it, the same outcomes.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::response::Response;
use axum::{Json, Router, routing};
use serde::de::DeserializeOwned;

use super::bodies::{AccountBody, Body, CheckBody, StartBody};
use super::once::{self, Done};
use super::openapi;
use super::operation::Operation;
use super::refusal::Refusal;
use super::reply;
use super::visit::Visit;
use crate::server::Service;
use crate::server::clock::Stopwatch;
use crate::server::store::StoreFault;
use crate::server::verifier::Reply;
use crate::verification::{Detail, Outcome, Status};

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
        (status = 409, body = Body, description = "invalid_request: another cookie took the place of this one within the last minute"),
        (status = 503, body = Body, description = "unavailable"),
    ),
)]
pub(super) async fn ask(State(service): State<Arc<Service>>, parts: Parts) -> Result<Response, Refusal> {
    let watch = Stopwatch::start();
    Ok(finish(&service, &parts, look(&service, &parts).await?, &watch))
}

/// Asks for a code.
#[utoipa::path(
    post,
    path = "/v1/verification",
    request_body = StartBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "A key of the caller's own, new for each request: a repeat with the \
        same key and body is answered the same for a day. Visible ASCII, 255 characters at most.")),
    responses(
        (status = 202, body = Body, description = "code_sent, code_may_arrive, pending or already_verified"),
        (status = 400, body = Body, description = "invalid_request: not a request of this interface"),
        (status = 403, body = Body, description = "cross_site, or delivery_blocked by the vendor"),
        (status = 408, body = Body, description = "invalid_request: the body took too long"),
        (status = 409, body = Body, description = "phone_number_taken, or invalid_request: the request of this key is still under way, or another cookie took the place of this one within the last minute"),
        (status = 413, body = Body, description = "invalid_request: the body is over 16 KiB"),
        (status = 415, body = Body, description = "invalid_request: the body is not application/json"),
        (status = 422, body = Body, description = "invalid_phone_number, or invalid_request: the key was used for another request"),
        (status = 429, body = Body, description = "sends_exhausted or try_later"),
        (status = 502, body = Body, description = "delivery_failed"),
        (status = 503, body = Body, description = "unavailable"),
    ),
)]
pub(super) async fn start(State(service): State<Arc<Service>>, parts: Parts, bytes: Bytes) -> Result<Response, Refusal> {
    let body: StartBody = read(&parts, &bytes)?;
    carry_out(&service, &parts, Operation::Start(body), &bytes).await
}

/// Gives a code.
#[utoipa::path(
    post,
    path = "/v1/verification/check",
    request_body = CheckBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "A key of the caller's own, new for each request: a repeat with the \
        same key and body is answered the same for a day. Visible ASCII, 255 characters at most.")),
    responses(
        (status = 200, body = Body, description = "verified"),
        (status = 400, body = Body, description = "incorrect_code, or invalid_request"),
        (status = 403, body = Body, description = "cross_site: a foreign page posted"),
        (status = 404, body = Body, description = "no_challenge"),
        (status = 408, body = Body, description = "invalid_request: the body took too long"),
        (status = 409, body = Body, description = "invalid_request: the request of this key is still under way, or another cookie took the place of this one within the last minute"),
        (status = 410, body = Body, description = "code_expired: expired, closed, or already used"),
        (status = 413, body = Body, description = "invalid_request: the body is over 16 KiB"),
        (status = 415, body = Body, description = "invalid_request: the body is not application/json"),
        (status = 422, body = Body, description = "malformed_code: costs no attempt; or invalid_request: the key was used for another request"),
        (status = 429, body = Body, description = "too_many_attempts"),
        (status = 503, body = Body, description = "unavailable"),
    ),
)]
pub(super) async fn check(State(service): State<Arc<Service>>, parts: Parts, bytes: Bytes) -> Result<Response, Refusal> {
    let body: CheckBody = read(&parts, &bytes)?;
    carry_out(&service, &parts, Operation::Check(body), &bytes).await
}

/// Signs up with the number that was proven.
#[utoipa::path(
    post,
    path = "/v1/accounts",
    request_body = AccountBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "A key of the caller's own, new for each request: a repeat with the \
        same key and body is answered the same for a day. Visible ASCII, 255 characters at most.")),
    responses(
        (status = 201, body = Body, description = "signed_up"),
        (status = 202, body = Body, description = "already_verified: the session has an account"),
        (status = 400, body = Body, description = "invalid_request: not a request of this interface"),
        (status = 403, body = Body, description = "cross_site: a foreign page posted"),
        (status = 408, body = Body, description = "invalid_request: the body took too long"),
        (status = 409, body = Body, description = "phone_number_taken, not_verified, or invalid_request: the request of this key is still under way, or another cookie took the place of this one within the last minute"),
        (status = 413, body = Body, description = "invalid_request: the body is over 16 KiB"),
        (status = 415, body = Body, description = "invalid_request: the body is not application/json"),
        (status = 422, body = Body, description = "invalid_nickname, or invalid_request: the key was used for another request"),
        (status = 503, body = Body, description = "unavailable"),
    ),
)]
pub(super) async fn sign_up(State(service): State<Arc<Service>>, parts: Parts, bytes: Bytes) -> Result<Response, Refusal> {
    let body: AccountBody = read(&parts, &bytes)?;
    carry_out(&service, &parts, Operation::SignUp(body), &bytes).await
}

fn read<T: DeserializeOwned>(parts: &Parts, bytes: &[u8]) -> Result<T, Refusal> {
    let content_type = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(Refusal::with_status(Outcome::InvalidRequest, StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    serde_json::from_slice(bytes).map_err(|_| Outcome::InvalidRequest.into())
}

/// Carries an operation out for the caller's session, which is made where there is none.
async fn carry_out(service: &Arc<Service>, parts: &Parts, operation: Operation, bytes: &[u8]) -> Result<Response, Refusal> {
    let watch = Stopwatch::start();
    Ok(finish(service, parts, once::carry_out(service, parts, operation, bytes).await?, &watch))
}

/// Where the caller stands. Whoever has no session gets a cookie, so that a first post can be repeated.
async fn look(service: &Service, parts: &Parts) -> Result<Done, StoreFault> {
    let visit = Visit::of(service, parts).await?;
    if visit.was_just_replaced(service.verifier.clock.now()) {
        return Ok(Done::Replied(Reply::refused(Detail::JustContinued, Status::default())));
    }
    let (session, cookie) = visit.session_to_show(service, parts).await;
    let reply = service.verifier.ask(&session).await?;
    Ok(Done::Replied(Reply { cookie, ..reply }))
}

fn finish(service: &Service, parts: &Parts, done: Done, watch: &Stopwatch) -> Response {
    if let Done::Replied(reply) = &done {
        reply::log_reply(service, parts, reply, watch);
    }
    once::respond(service, parts, done)
}
