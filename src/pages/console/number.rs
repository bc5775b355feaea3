//! One number: the field that asks for it, and all that is known of it.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::frame::Frame;
use super::reason::{Deed, Wrong, form};
use super::story;
use crate::server::oversight::why::Told;

/// A number that was looked up.
pub(crate) struct Shown {
    /// Its name in this session.
    pub(crate) find: String,
    pub(crate) told: Told,
    /// How many sends were lifted a moment ago.
    pub(crate) lifted: Option<u64>,
    /// All of its digits, for whoever said what for.
    pub(crate) whole: Option<String>,
    pub(crate) wrong: Option<Wrong>,
}

pub(crate) fn ask(frame: &Frame, typed: &str, wrong: Option<String>) -> Response {
    let words = frame.words();
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    frame.page(words.number, status, || {
        view! {
            <p class="lead">{words.number_lead}</p>
            <form id="look-up" method="post" action="/number">
                {number_field(words.number_field, typed, wrong)}
                <button>{words.search}</button>
            </form>
        }
        .into_any()
    })
}

/// A field for a number, and what is wrong with what was typed into it.
pub(super) fn number_field(label: &'static str, typed: &str, wrong: Option<String>) -> AnyView {
    let is_wrong = wrong.is_some();
    view! {
        <label for="phone_number">{label}</label>
        <input id="phone_number" name="phone_number" type="tel" inputmode="tel" autocomplete="off" required maxlength="64"
            value=typed.to_owned() autofocus=is_wrong aria-invalid=is_wrong.then_some("true")
            aria-describedby=is_wrong.then_some("wrong")/>
        {wrong.map(|why| view! { <p id="wrong" class="wrong" role="alert">{why}</p> })}
    }
    .into_any()
}

pub(crate) fn show(frame: &Frame, shown: &Shown) -> Response {
    let words = frame.words();
    let status = if shown.wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    frame.page(words.number, status, || {
        let lifted = shown.lifted.map(|sends| words.lifted.replace("{count}", &sends.to_string()));
        view! {
            {lifted.map(|text| view! { <p class="done" role="status">{text}</p> })}
            {whole(words.unmasked, shown.whole.as_deref())}
            {story::verdict(words, &shown.told)}
            <div class="deeds">
                {form(frame, &shown.find, Deed::Unlock, shown.wrong.as_ref())}
                {form(frame, &shown.find, Deed::Unmask, shown.wrong.as_ref())}
            </div>
            {story::lists(words, &shown.told)}
            <p><a href="/number">{words.another}</a></p>
        }
        .into_any()
    })
}

fn whole(title: &'static str, number: Option<&str>) -> Option<impl IntoView + use<>> {
    let number = number?.to_owned();
    Some(view! { <p class="done" role="status">{title}": "<b id="whole" class="number" translate="no">{number}</b></p> })
}
