//! The way in for whoever has no link.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::enter::COMMAND;
use super::frame::Frame;
use super::number::number_field;

/// Where somebody is on the way in.
pub(crate) enum Step {
    /// No number is an operator's.
    LinkOnly,
    Number {
        typed: String,
        wrong: Option<String>,
    },
    Code {
        wrong: Option<String>,
    },
}

pub(crate) fn show(frame: &Frame, step: &Step) -> Response {
    let words = frame.words();
    let is_wrong = matches!(step, Step::Number { wrong: Some(_), .. } | Step::Code { wrong: Some(_) });
    let status = if is_wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    frame.page(words.sign_in_title, status, || match step {
        Step::LinkOnly => by_link(frame),
        Step::Number { typed, wrong } => view! { {by_link(frame)}{by_number(frame, typed, wrong.clone())} }.into_any(),
        Step::Code { wrong } => by_code(frame, wrong.clone()),
    })
}

fn by_link(frame: &Frame) -> AnyView {
    view! {
        <p class="lead">{frame.words().sign_in_lead}</p>
        <p><code>{COMMAND}</code></p>
    }
    .into_any()
}

fn by_number(frame: &Frame, typed: &str, wrong: Option<String>) -> AnyView {
    let (words, common) = (frame.words(), frame.locale.words());
    view! {
        <form id="number-form" method="post" action="/sign-in">
            <h2>{words.by_number}</h2>
            <p class="hint">{words.by_number_lead}</p>
            {number_field(common.number_label, typed, wrong)}
            <button>{common.send}</button>
        </form>
    }
    .into_any()
}

fn by_code(frame: &Frame, wrong: Option<String>) -> AnyView {
    let (words, common) = (frame.words(), frame.locale.words());
    let is_wrong = wrong.is_some();
    view! {
        <p class="lead">{words.code_asked}</p>
        <form id="code-form" method="post" action="/sign-in/code">
            <label for="code">{common.code_label}</label>
            <input id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" required maxlength="200"
                autofocus=is_wrong aria-invalid=is_wrong.then_some("true") aria-describedby=is_wrong.then_some("wrong")/>
            {wrong.map(|why| view! { <p id="wrong" class="wrong" role="alert">{why}</p> })}
            <button>{common.check}</button>
        </form>
        <p><a href="/sign-in">{words.ask_again}</a></p>
    }
    .into_any()
}
