//! A page that says one thing: an error, a path that does not exist, cookies that are needed.

use axum::response::Response;
use leptos::prelude::*;

use super::document::{self, Head};
use crate::api::reply::status_code;
use crate::messages::Locale;
use crate::server::config::Branding;
use crate::verification::Outcome;
/// The page of an outcome that reached no use case.
pub async fn notice(branding: &Branding, locale: Locale, outcome: Outcome) -> Response {
    let words = locale.words();
    let title = if outcome == Outcome::NotFound { words.not_found_title } else { words.error_title };
    show(branding, locale, title, outcome, locale.outcome(outcome, None, None)).await
}

/// The page for a browser that sent no cookie.
pub async fn cookies(branding: &Branding, locale: Locale) -> Response {
    let words = locale.words();
    show(branding, locale, words.error_title, Outcome::InvalidRequest, words.cookies_needed.to_owned()).await
}

async fn show(branding: &Branding, locale: Locale, title: &'static str, outcome: Outcome, message: String) -> Response {
    let head = Head { locale, title, path: "/", has_island: false };
    let back = locale.words().back_home;
    document::render(branding, head, status_code(outcome), move || {
        view! {
            <main id="main" class="card">
                <h1>{title}</h1>
                <p id="message" data-outcome=outcome.code()>{message.clone()}</p>
                <p><a class="button" href="/">{back}</a></p>
            </main>
        }
    })
    .await
}
