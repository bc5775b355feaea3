//! The JSON interface `/v1`: the same verifier behind it, the same outcomes.

pub(crate) mod bodies;
mod extract;
mod once;
pub mod openapi;
mod operation;
mod outcomes;

use std::sync::Arc;

use axum::extract::State;
use axum::http::request::Parts;
use axum::response::Response;
use axum::{Router, routing};

use self::bodies::{AccountBody, CheckBody, StartBody};
use self::extract::Json;
use self::once::Done;
use self::operation::Operation;
use self::outcomes::{CheckResponses, IdempotencyKey, LookResponses, SignUpResponses, StartResponses};
use super::refusal::Refusal;
use super::reply;
use super::visit::Visit;
use crate::server::Service;
use crate::server::clock::Stopwatch;
use crate::server::verifier::Reply;

pub(crate) fn routes() -> Router<Arc<Service>> {
    Router::new()
        .route("/v1/verification", routing::get(look).post(start))
        .route("/v1/verification/check", routing::post(check))
        .route("/v1/accounts", routing::post(sign_up))
}

/// Asks where the subject stands. Whoever has no session gets a cookie, so that a first post can be repeated.
#[utoipa::path(get, path = "/v1/verification", responses(LookResponses))]
async fn look(State(service): State<Arc<Service>>, visit: Visit, parts: Parts) -> Result<Response, Refusal> {
    let (watch, verifier) = (Stopwatch::start(), &service.verifier);
    let reply = if visit.was_just_replaced(verifier.clock.now()) {
        Reply::just_continued()
    } else {
        let (session, cookie) = visit.session_to_show(&service).await;
        Reply { cookie, ..verifier.ask(&session).await? }
    };
    Ok(finish(&service, &parts, Done::Replied(reply), &watch))
}

/// Asks for a code.
#[utoipa::path(post, path = "/v1/verification", request_body = StartBody, params(IdempotencyKey), responses(StartResponses))]
async fn start(State(service): State<Arc<Service>>, parts: Parts, body: Json<StartBody>) -> Result<Response, Refusal> {
    carry_out(&service, &parts, Operation::Start(body.body), &body.bytes).await
}

/// Gives a code.
#[utoipa::path(post, path = "/v1/verification/check", request_body = CheckBody, params(IdempotencyKey), responses(CheckResponses))]
async fn check(State(service): State<Arc<Service>>, parts: Parts, body: Json<CheckBody>) -> Result<Response, Refusal> {
    carry_out(&service, &parts, Operation::Check(body.body), &body.bytes).await
}

/// Signs up with the number that was proven.
#[utoipa::path(post, path = "/v1/accounts", request_body = AccountBody, params(IdempotencyKey), responses(SignUpResponses))]
async fn sign_up(State(service): State<Arc<Service>>, parts: Parts, body: Json<AccountBody>) -> Result<Response, Refusal> {
    carry_out(&service, &parts, Operation::SignUp(body.body), &body.bytes).await
}

/// Carries an operation out for the caller's session, which is made where there is none.
async fn carry_out(service: &Arc<Service>, parts: &Parts, operation: Operation, bytes: &[u8]) -> Result<Response, Refusal> {
    let watch = Stopwatch::start();
    Ok(finish(service, parts, once::carry_out(service, parts, operation, bytes).await?, &watch))
}

fn finish(service: &Service, parts: &Parts, done: Done, watch: &Stopwatch) -> Response {
    if let Done::Replied(reply) = &done {
        reply::log_reply(service, parts, reply, watch);
    }
    once::respond(service, parts, done)
}
