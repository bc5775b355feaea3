//! How a reply leaves: its HTTP status, its JSON, the lines of an island, its line in the log.

use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use leptos_axum::ResponseOptions;

use super::answer::Answer;
use super::{cookies, visit};
use crate::messages::Locale;
use crate::server::Service;
use crate::server::clock::Stopwatch;
use crate::server::session::Cookie;
use crate::server::store::{KeptAnswer, StoreFault};
use crate::server::verifier::Reply;
use crate::verification::{Delivered, Detail, Outcome, PhoneNumber, ProviderKind, Regions, whole_secs};

#[must_use]
pub(crate) fn status_code(outcome: Outcome) -> StatusCode {
    StatusCode::from_u16(outcome.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The HTTP status of a reply, which may be more exact than that of its outcome.
#[must_use]
pub(crate) fn status_of(reply: &Reply) -> StatusCode {
    match reply.detail {
        Some(Detail::KeyReused) => StatusCode::UNPROCESSABLE_ENTITY,
        Some(Detail::KeyUnderWay | Detail::JustContinued) => StatusCode::CONFLICT,
        _ => status_code(reply.outcome),
    }
}

/// An answer of the JSON interface, with the cookie that goes out with it.
#[must_use]
pub(crate) fn json(service: &Service, answer: KeptAnswer, cookie: Option<&Cookie>) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let content_type = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let mut response = (status, [content_type], answer.body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(secs) = answer.retry_after_secs {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(secs));
    }
    cookies::with_session(service, response, cookie)
}

/// The seconds of `Retry-After` (RFC 9110, 10.2.3).
#[must_use]
pub(crate) fn retry_after_secs(reply: &Reply) -> Option<u32> {
    reply.retry_after.and_then(whole_secs)
}

/// A refusal is an `Ok` answer (200): a browser would write every other status into its console as an error.
pub(crate) fn set_retry_after(options: &ResponseOptions, reply: &Reply) {
    if let Some(secs) = retry_after_secs(reply) {
        options.insert_header(header::RETRY_AFTER, HeaderValue::from(secs));
    }
}

/// What a reply says.
#[must_use]
pub(crate) fn message(locale: Locale, reply: &Reply) -> String {
    let message = locale.outcome(reply.outcome, reply.detail, reply.retry_after);
    locale.with_example(message, reply.example.as_deref())
}

/// A reply as the island reads it, its number as it is written at home.
#[must_use]
pub(crate) fn answer(regions: &Regions, locale: Locale, reply: &Reply) -> Answer {
    let status = &reply.status;
    // Of nobody there is nothing to say: the page stays as it is.
    let is_nobody = matches!(reply.detail, Some(Detail::JustContinued | Detail::Cookies));
    let state = if is_nobody { "" } else { status.state.as_str() };
    let message = match reply.outcome {
        Outcome::Status if reply.detail.is_none() => String::new(),
        _ => message(locale, reply),
    };
    Answer {
        outcome: reply.outcome.code().to_owned(),
        message,
        state: state.to_owned(),
        phone_number: status.phone_number.as_ref().map(|number| regions.masked(number)).unwrap_or_default(),
        expires_in_secs: status.expires_in_secs,
        resend_in_secs: status.resend_in_secs,
        attempts_left: status.attempts_left,
        sends_left: status.sends_left,
        challenge_id: status.challenge_id.clone().unwrap_or_default(),
        delivery: status.delivery.map(Delivered::as_str).unwrap_or_default().to_owned(),
        provider: status.provider.map(ProviderKind::as_str).unwrap_or_default().to_owned(),
        challenge: reply.work.as_ref().map(|work| work.challenge.clone()).unwrap_or_default(),
    }
}

/// One line for each outcome of a use case.
pub(crate) fn log_reply(service: &Service, parts: &Parts, reply: &Reply, watch: &Stopwatch) {
    let number = reply.asked_number.clone().or_else(|| reply.status.phone_number.as_ref().map(PhoneNumber::masked));
    let number = number.as_deref().unwrap_or("-");
    let requester = visit::requester_of(service, parts);
    let detail = reply.detail.map_or("-", Detail::as_str);
    let challenge = reply.status.challenge_id.as_deref().unwrap_or("-");
    let (outcome, duration_ms) = (reply.outcome.code(), watch.elapsed_ms());
    tracing::info!(outcome, detail, number, requester, challenge, duration_ms, path = parts.uri.path(), "answered");
}

/// A fault of ours, logged once, where it leaves the house.
pub(crate) fn log_fault(parts: &Parts, fault: &StoreFault) {
    let cause = std::error::Error::source(fault).map(ToString::to_string).unwrap_or_default();
    tracing::error!(%fault, cause, path = parts.uri.path(), "unavailable");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::answer::is_of_field;

    #[test]
    fn what_marks_a_field_is_an_outcome() {
        assert_eq!(Outcome::all().filter(|outcome| is_of_field(outcome.code())).count(), 5);
    }
}
