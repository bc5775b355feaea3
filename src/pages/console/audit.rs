//! What operators did.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::frame::Frame;
use super::table::{Cell, table};
use crate::messages::ConsoleWords;
use crate::server::oversight::time;
use crate::server::store::AuditLine;

pub(crate) fn show(frame: &Frame, lines: &[AuditLine], has_more: bool) -> Response {
    let words = frame.words();
    frame.page(words.audit, StatusCode::OK, || {
        let heads = [words.at, words.actor, words.action, words.target, words.reason];
        let rows: Vec<_> = lines.iter().map(|line| row(words, line)).collect();
        let shown =
            if rows.is_empty() { view! { <p class="hint">{words.none}</p> }.into_any() } else { table("audit", &heads, rows) };
        let older = lines.last().filter(|_| has_more).map(|line| {
            let behind = format!("/audit?at={}&id={}", line.audited.deed.at.as_millisecond(), line.id);
            view! { <p><a class="button secondary" rel="next" href=behind>{words.older}</a></p> }
        });
        view! {
            <p id="audit" class="lead">{words.audit_lead}</p>
            {shown}
            {older}
        }
        .into_any()
    })
}

fn row(words: &ConsoleWords, AuditLine { audited, target, .. }: &AuditLine) -> Vec<Cell> {
    let deed = &audited.deed;
    vec![
        Cell::Time(time(deed.at)),
        deed.actor.as_str().into(),
        words.of_stored(&audited.action).into(),
        words.of_stored(target).into(),
        deed.reason.as_str().into(),
    ]
}
