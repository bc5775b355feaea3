//! A link that opens the console, and one that is over.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::frame::Frame;

/// What prints a link.
pub(super) const COMMAND: &str = "beonho console --as NAME";

pub(crate) fn show(frame: &Frame, token: String) -> Response {
    let words = frame.words();
    frame.page(words.enter, StatusCode::OK, || {
        view! {
            <p class="lead">{words.enter_lead}</p>
            <form id="enter" method="post" action="/enter">
                <input type="hidden" name="token" value=token/>
                <button>{words.enter_button}</button>
            </form>
        }
        .into_any()
    })
}

pub(crate) fn over(frame: &Frame) -> Response {
    let words = frame.words();
    frame.page(words.link_over, StatusCode::GONE, || {
        view! {
            <p id="message">{words.link_over_lead}</p>
            <p><code>{COMMAND}</code></p>
        }
        .into_any()
    })
}
