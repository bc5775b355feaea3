//! Where an application sends its person: to be known to it, and to sign out.

pub(crate) mod authorize;
pub(crate) mod end_session;

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::document::{self, Head};
use crate::authorization::Refused;
use crate::messages::Locale;
use crate::server::config::Branding;

/// What a page says to somebody whose way ends here: in their language what to do, and for whoever made the application what is wrong.
struct DeadEnd {
    status: StatusCode,
    outcome: &'static str,
    message: &'static str,
    hint: Option<String>,
}

impl DeadEnd {
    fn of(locale: Locale, refused: &Refused) -> Self {
        let hint = Some(format!("{}: {}", refused.error.as_str(), refused.description));
        Self { status: StatusCode::BAD_REQUEST, outcome: refused.error.as_str(), message: locale.words().application_wrong, hint }
    }
}

async fn dead_end(branding: &Branding, locale: Locale, end: DeadEnd) -> Response {
    let words = locale.words();
    let DeadEnd { status, outcome, message, hint } = end;
    let head = Head { locale, title: words.error_title, path: "/".to_owned(), has_island: false, leads_to: None };
    document::render(branding, head, status, move || {
        view! {
            <main id="main" class="card">
                <h1>{words.error_title}</h1>
                <p id="message" data-outcome=outcome>{message}</p>
                {hint.clone().map(|hint| view! { <p id="request" class="hint" lang="en">{hint}</p> })}
            </main>
        }
    })
    .await
}
