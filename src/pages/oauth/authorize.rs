//! An application asks who is there: answered at once, or after the page that signs in.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{DeadEnd, dead_end};
use crate::api::addresses::page_with_request;
use crate::api::cookies;
use crate::api::refusal::Refusal;
use crate::api::visit::{self, Visit};
use crate::authorization::parameters::with_query;
use crate::authorization::{OauthError, Parameters, Refused};
use crate::messages::Locale;
use crate::pages::notice;
use crate::server::Service;
use crate::server::authorizer::Answered;
use crate::server::session::Presented;
use crate::verification::Purpose;

/// Where a request goes on that waited.
pub(crate) const CONTINUE: &str = "/oauth/continue";

pub(crate) async fn authorize(State(service): State<Arc<Service>>, visit: Visit, parts: Parts) -> Result<Response, Refusal> {
    let parameters = Parameters::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let session = match &visit.presented {
        Presented::Live(session) => Some(&**session),
        _ => None,
    };
    let answered = service.authorizer.authorize(&parameters, session, &visit.requester).await?;
    let response = lead(&service, &visit, answered).await;
    Ok(with_language(&service, &parts.headers, &parameters, response))
}

/// The cookie of a session does not come with a foreign page's post: the same is asked again by a link.
pub(crate) async fn post(uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let is_form = visit::content_type(&headers).eq_ignore_ascii_case("application/x-www-form-urlencoded");
    let parameters = Parameters::parse(if is_form { &body } else { b"" });
    let location = [uri.path(), "?", &parameters.encode()].concat();
    Redirect::to(&location).into_response()
}

#[derive(Default, Deserialize)]
pub(crate) struct Waits {
    #[serde(default)]
    request: String,
}

/// Goes on with a request, for whoever has signed in meanwhile.
pub(crate) async fn go_on(
    State(service): State<Arc<Service>>,
    visit: Visit,
    waits: Result<Query<Waits>, QueryRejection>,
) -> Result<Response, Refusal> {
    let waits = waits.map(|Query(waits)| waits).unwrap_or_default();
    if visit.was_just_replaced(service.verifier.clock.now()) {
        let path = with_query(CONTINUE, &[("request", &waits.request)]);
        return Ok(notice::moment(&service.branding, visit.locale, path).await);
    }
    let session = match &visit.presented {
        Presented::Live(session) => Some(&**session),
        _ => None,
    };
    let answered = service.authorizer.go_on(&waits.request, session).await?;
    Ok(lead(&service, &visit, answered).await)
}

async fn lead(service: &Service, visit: &Visit, answered: Answered) -> Response {
    let (branding, locale) = (&service.branding, visit.locale);
    let response = match answered {
        Answered::There(location) => found(&location),
        Answered::SignIn { request, is_new } => {
            let purpose = if is_new { Purpose::SignUp } else { Purpose::SignIn };
            found(&page_with_request(purpose, Some(&request)))
        }
        Answered::Here(refused) => dead_end(branding, locale, DeadEnd::of(locale, &refused)).await,
        Answered::TooMany => {
            let refused = Refused::new(OauthError::TemporarilyUnavailable, "too many requests of this address wait");
            let end = DeadEnd {
                status: StatusCode::TOO_MANY_REQUESTS,
                message: locale.words().requests_many,
                ..DeadEnd::of(locale, &refused)
            };
            dead_end(branding, locale, end).await
        }
        Answered::Over => return over(service, locale).await,
    };
    cookies::with_session(service, response, visit.renewed(service).await.as_ref())
}

/// The page of a request that waited for too long.
pub(crate) async fn over(service: &Service, locale: Locale) -> Response {
    let end =
        DeadEnd { status: StatusCode::BAD_REQUEST, outcome: "request_over", message: locale.words().request_over, hint: None };
    dead_end(&service.branding, locale, end).await
}

/// 302, as the specifications show it: a 303 would do as well.
fn found(location: &str) -> Response {
    match axum::http::HeaderValue::from_str(location) {
        Ok(location) => (StatusCode::FOUND, [(axum::http::header::LOCATION, location)]).into_response(),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// The language that the application knows its person to read, unless they chose one here.
fn with_language(service: &Service, headers: &HeaderMap, parameters: &Parameters, response: Response) -> Response {
    let wanted = parameters.get("ui_locales").ok().flatten().unwrap_or_default();
    match wanted.split(' ').find_map(Locale::from_tag).filter(|_| cookies::chosen_locale(headers).is_none()) {
        Some(locale) => cookies::with(response, &cookies::of_language(service, locale)),
        None => response,
    }
}
