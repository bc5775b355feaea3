//! What came to nothing: a path that is none, a post of another page, a database that does not answer.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::frame::Frame;
use crate::verification::Outcome;

pub(crate) fn show(frame: &Frame, outcome: Outcome, status: StatusCode) -> Response {
    let words = frame.locale.words();
    let title = if outcome == Outcome::NotFound { words.not_found_title } else { words.error_title };
    frame.page(title, status, || {
        view! {
            <p id="message" data-outcome=outcome.code()>{frame.locale.outcome(outcome, None, None)}</p>
            <p><a class="button" href="/">{words.back_home}</a></p>
        }
        .into_any()
    })
}
