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
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::outcome::Outcome;
use super::refusal::{self, refuse};
use super::status::{Status, VerificationState};
use super::visit::{self, Visit};
use crate::messages::Locale;
use crate::server::Service;
use crate::server::clock::Stopwatch;
use crate::server::session::Session;
use crate::server::store::StoreFault;
use crate::server::verifier::{CheckRequest, Reply, SignUpRequest, Verifier, Visitor};
use crate::verification::Purpose;

/// Every answer of the interface.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Body {
    /// The stable code of the outcome.
    pub outcome: &'static str,
    /// Its stable number.
    pub number: u32,
    /// What happened and what to do, in the caller's language.
    pub message: String,
    /// Seconds to wait before asking again.
    pub retry_after_secs: Option<u32>,
    /// Where the subject stands.
    pub status: StatusBody,
}

/// Where the subject stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StatusBody {
    /// One of none, pending, expired, exhausted, verified, signed_up.
    pub state: &'static str,
    /// The masked number.
    pub phone_number: Option<String>,
    /// Seconds until the newest code expires.
    pub expires_in_secs: Option<u32>,
    /// Seconds until another code may be asked for.
    pub resend_in_secs: Option<u32>,
    /// Sends left today.
    pub sends_left: u32,
    /// Guesses left.
    pub attempts_left: Option<u32>,
    /// The challenge that a code would be for.
    pub challenge_id: Option<String>,
}

impl Body {
    /// An outcome without a status: no use case ran.
    #[must_use]
    pub fn bare(outcome: Outcome, locale: Locale) -> Self {
        Self::new(outcome, locale.outcome(outcome, None, None), None, &Status::default())
    }

    fn of(reply: &Reply, locale: Locale) -> Self {
        let message = locale.outcome(reply.outcome, reply.detail, reply.retry_after);
        Self::new(reply.outcome, message, refusal::retry_after_secs(reply), &reply.status)
    }

    fn new(outcome: Outcome, message: String, retry_after_secs: Option<u32>, status: &Status) -> Self {
        let status = StatusBody {
            state: status.state.as_str(),
            phone_number: status.phone_number.clone(),
            expires_in_secs: status.expires_in_secs,
            resend_in_secs: status.resend_in_secs,
            sends_left: status.sends_left,
            attempts_left: status.attempts_left,
            challenge_id: status.challenge_id.clone(),
        };
        Self { outcome: outcome.code(), number: outcome.number(), message, retry_after_secs, status }
    }
}

/// Asks for a code.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StartBody {
    /// As the person typed it.
    phone_number: String,
    /// `sign_up` (the default) or `sign_in`.
    #[serde(default)]
    purpose: Option<PurposeBody>,
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum PurposeBody {
    SignUp,
    SignIn,
}

impl From<PurposeBody> for Purpose {
    fn from(body: PurposeBody) -> Self {
        match body {
            PurposeBody::SignUp => Self::SignUp,
            PurposeBody::SignIn => Self::SignIn,
        }
    }
}

/// Gives a code.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CheckBody {
    /// Six digits, as text: a code may begin with zeros.
    code: String,
    /// The challenge it is for; the subject's own when absent.
    #[serde(default)]
    challenge_id: Option<String>,
}

/// Signs up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AccountBody {
    /// 1 to 30 characters.
    nickname: String,
    /// Whether terms and privacy were agreed to, where the service has any.
    #[serde(default)]
    consent: bool,
}

/// The routes of the interface.
pub fn routes() -> Router<Arc<Service>> {
    Router::new()
        .route("/v1/verification", routing::get(ask).post(start))
        .route("/v1/verification/check", routing::post(check))
        .route("/v1/accounts", routing::post(sign_up))
}

async fn ask(State(service): State<Arc<Service>>, parts: Parts) -> Response {
    answer(&service, &parts, async |verifier, visitor| verifier.ask(&visitor.session).await).await
}

async fn start(State(service): State<Arc<Service>>, parts: Parts, bytes: Bytes) -> Response {
    let body: StartBody = match read(&service, &parts, &bytes).await {
        Ok(body) => body,
        Err(refusal) => return refusal,
    };
    let purpose = body.purpose.map_or(Purpose::SignUp, Purpose::from);
    answer(&service, &parts, async |verifier, visitor| verifier.start(visitor, &body.phone_number, purpose).await).await
}

async fn check(State(service): State<Arc<Service>>, parts: Parts, bytes: Bytes) -> Response {
    let body: CheckBody = match read(&service, &parts, &bytes).await {
        Ok(body) => body,
        Err(refusal) => return refusal,
    };
    let request = CheckRequest { challenge: body.challenge_id, once: None };
    answer(&service, &parts, async |verifier, visitor| verifier.check(visitor, request, &body.code).await).await
}

async fn sign_up(State(service): State<Arc<Service>>, parts: Parts, bytes: Bytes) -> Response {
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
        let (visitor, fresh) = match visit.visitor() {
            Some(visitor) => (visitor, None),
            None => {
                let session = Session::fresh(service.verifier.clock.now());
                let fresh = (parts.method != Method::GET).then(|| session.cookie.clone());
                (visit.visitor_as(session), fresh)
            }
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
