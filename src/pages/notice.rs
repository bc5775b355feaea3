//! A page that says one thing: an error, a path that does not exist, cookies that are needed.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{HeaderValue, REFRESH};
use axum::response::Response;
use leptos::prelude::*;

use super::document::{self, Head};
use crate::api::reply::status_code;
use crate::messages::Locale;
use crate::server::Service;
use crate::server::config::Branding;
use crate::verification::{Detail, Outcome};

/// One thing to say, and the way on.
struct Notice {
    title: &'static str,
    outcome: Outcome,
    message: String,
    path: String,
    way_on: &'static str,
    /// By what name the log knows the request.
    request: Option<String>,
}

/// The page of an outcome that reached no use case.
pub(crate) async fn notice(branding: &Branding, locale: Locale, outcome: Outcome, request: Option<&str>) -> Response {
    let words = locale.words();
    let title = if outcome == Outcome::NotFound { words.not_found_title } else { words.error_title };
    let message = locale.outcome(outcome, None, None);
    let request = request.map(|id| words.request_id.replace("{id}", id));
    let notice = Notice { title, outcome, message, path: "/".to_owned(), way_on: words.back_home, request };
    show(branding, locale, status_code(outcome), notice).await
}

/// The page for a browser that sent no cookie.
pub(crate) async fn cookies(State(service): State<Arc<Service>>, locale: Locale) -> Response {
    let branding = &service.branding;
    let (words, outcome) = (locale.words(), Outcome::InvalidRequest);
    let message = locale.outcome(outcome, Some(Detail::Cookies), None);
    let notice =
        Notice { title: words.error_title, outcome, message, path: "/".to_owned(), way_on: words.back_home, request: None };
    show(branding, locale, status_code(outcome), notice).await
}

/// The page for a browser whose session was replaced a moment ago: the answer that carries its successor may still be on its way, so the page
/// loads itself again.
pub(crate) async fn moment(branding: &Branding, locale: Locale, path: String) -> Response {
    let (words, outcome) = (locale.words(), Outcome::InvalidRequest);
    let message = locale.outcome(outcome, Some(Detail::JustContinued), None);
    let notice = Notice { title: words.moment_title, outcome, message, path, way_on: words.reload, request: None };
    let mut response = show(branding, locale, StatusCode::OK, notice).await;
    response.headers_mut().insert(REFRESH, HeaderValue::from_static("5"));
    response
}

async fn show(branding: &Branding, locale: Locale, status: StatusCode, notice: Notice) -> Response {
    let Notice { title, outcome, message, path, way_on, request } = notice;
    let head = Head { locale, title, path: path.clone(), has_island: false, leads_to: None };
    document::render(branding, head, status, move || {
        view! {
            <main id="main" class="card">
                <h1>{title}</h1>
                <p id="message" data-outcome=outcome.code()>{message.clone()}</p>
                <p><a class="button" href=path.clone()>{way_on}</a></p>
                {request.clone().map(|text| view! { <p id="request" class="hint">{text}</p> })}
            </main>
        }
    })
    .await
}
