//! What the guard holds, what it held, and what happened that an operator wants to know of.

use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use leptos::prelude::*;

use super::frame::Frame;
use super::reason::field;
use super::table::{Cell, section};
use crate::messages::ConsoleWords;
use crate::server::oversight::time;
use crate::server::store::{Event, Hold};
use crate::verification::GuardMode;

/// A deed that was refused: at which hold, what was typed and what is wrong with it.
pub(crate) struct WrongHold {
    pub(crate) key: String,
    pub(crate) typed: String,
    pub(crate) why: String,
}

pub(crate) fn show(frame: &Frame, holds: &[Hold], events: &[Event], now: Timestamp, wrong: Option<&WrongHold>) -> Response {
    let words = frame.words();
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (held, over): (Vec<_>, Vec<_>) = holds.iter().partition(|hold| hold.until > now);
    frame.page(words.holds, status, || {
        let forms = held.iter().enumerate().map(|(at, hold)| form(words, at, hold, wrong)).collect_view();
        view! {
            <p class="lead">{words.holds_lead}</p>
            {list(words, "held", words.held_now, &held)}
            <div class="deeds">{forms}</div>
            {list(words, "over", words.held_before, &over)}
            {told(words, events)}
        }
        .into_any()
    })
}

fn list(words: &ConsoleWords, id: &'static str, title: &'static str, holds: &[&Hold]) -> AnyView {
    let row = |hold: &&Hold| {
        let mode = if hold.mode == GuardMode::On { words.held_on } else { words.held_watch };
        vec![
            Cell::Text(hold.key.to_string()),
            hold.rule.as_str().into(),
            mode.into(),
            hold.evidence.as_str().into(),
            Cell::Time(time(hold.held_at)),
            Cell::Time(time(hold.until)),
        ]
    };
    let heads = [words.held_key, words.rule, words.action, words.evidence, words.at, words.until];
    section(id, title, words, &heads, holds.iter().map(row).collect())
}

/// One form of two buttons: both need a reason.
fn form(words: &ConsoleWords, at: usize, hold: &Hold, wrong: Option<&WrongHold>) -> AnyView {
    let key = hold.key.to_string();
    let wrong = wrong.filter(|wrong| wrong.key == key).map(|wrong| (wrong.typed.as_str(), wrong.why.as_str()));
    let reason = field(words, &format!("hold-{at}"), wrong);
    view! {
        <form method="post" action="/holds">
            <h2><bdi>{key.clone()}</bdi></h2>
            <input type="hidden" name="key" value=key/>
            {reason}
            <button name="deed" value="lift">{words.lift}</button>
            <button name="deed" value="keep" class="quiet">{words.keep}</button>
        </form>
    }
    .into_any()
}

fn told(words: &ConsoleWords, events: &[Event]) -> AnyView {
    let row = |event: &Event| {
        let (kind, about) = (words.of_stored(&event.kind), event.about.as_str());
        vec![Cell::Time(time(event.at)), kind.into(), about.into(), event.detail.as_str().into()]
    };
    let heads = [words.at, words.action, words.target, words.evidence];
    section("events", words.events, words, &heads, events.iter().map(row).collect())
}
