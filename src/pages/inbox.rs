//! The inbox: what would have been sent, like a phone's messages. Development only.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use super::document::{self, Head};
use crate::api::refusal::Refusal;
use crate::islands::inbox::Inbox;
use crate::messages::Locale;
use crate::server::Service;
use crate::server::config::Branding;
use crate::server::provider::outbox::{Outbox, OutboxMessage};
use crate::verification::Outcome;

pub(crate) async fn inbox(State(service): State<Arc<Service>>, locale: Locale) -> Result<Response, Refusal> {
    let messages = outbox(&service)?.messages();
    Ok(show(&service.branding, locale, messages).await)
}

/// The messages alone, as the live page asks for them.
pub(crate) async fn messages(State(service): State<Arc<Service>>, locale: Locale) -> Result<Response, Refusal> {
    let html = fragment(locale, outbox(&service)?.messages());
    Ok(([(CONTENT_TYPE, "text/html; charset=utf-8"), (CACHE_CONTROL, "no-store")], html).into_response())
}

/// Where there is none there is no such page.
fn outbox(service: &Service) -> Result<&Outbox, Refusal> {
    service.outbox.as_deref().ok_or_else(|| Outcome::NotFound.into())
}

async fn show(branding: &Branding, locale: Locale, messages: Vec<OutboxMessage>) -> Response {
    let words = locale.words();
    let head = Head { locale, title: words.inbox_title, path: "/inbox".to_owned(), has_island: true, leads_to: None };
    document::render(branding, head, StatusCode::OK, move || {
        let messages = messages.clone();
        view! {
            <main id="main" class="phone">
                <h1>{words.inbox_title}</h1>
                <p class="hint">{words.inbox_lead}</p>
                <Inbox>
                    <div id="messages" aria-live="polite"><Messages messages locale/></div>
                </Inbox>
            </main>
        }
    })
    .await
}

fn fragment(locale: Locale, messages: Vec<OutboxMessage>) -> String {
    Owner::new().with(|| view! { <Messages messages locale/> }.to_html())
}

#[component]
fn Messages(messages: Vec<OutboxMessage>, locale: Locale) -> impl IntoView {
    if messages.is_empty() {
        return view! { <p class="empty">{locale.words().inbox_empty}</p> }.into_any();
    }
    let bubble = |message: OutboxMessage| {
        let sent_at = message.sent_at.to_string();
        let time = sent_at.get(11..19).unwrap_or_default().to_owned();
        view! {
            <article data-message="">
                <header><span class="number">{message.to.masked()}</span>" "<time datetime=sent_at>{time}" UTC"</time></header>
                <p class="bubble">{message.text}</p>
            </article>
        }
    };
    messages.into_iter().map(bubble).collect_view().into_any()
}
