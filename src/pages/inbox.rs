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

/// The masked number, and what was sent to it.
type Shown = (String, OutboxMessage);

pub(crate) async fn inbox(State(service): State<Arc<Service>>, locale: Locale) -> Result<Response, Refusal> {
    let messages = messages_of(&service)?;
    Ok(show(&service.branding, locale, messages).await)
}

/// The messages alone, as the live page asks for them.
pub(crate) async fn messages(State(service): State<Arc<Service>>, locale: Locale) -> Result<Response, Refusal> {
    let html = fragment(locale, messages_of(&service)?);
    Ok(([(CONTENT_TYPE, "text/html; charset=utf-8"), (CACHE_CONTROL, "no-store")], html).into_response())
}

/// The messages, each with its number as it is written at home.
fn messages_of(service: &Service) -> Result<Vec<Shown>, Refusal> {
    let messages = outbox(service)?.messages();
    Ok(messages.into_iter().map(|message| (service.verifier.regions.masked(&message.to), message)).collect())
}

/// Where there is none there is no such page.
fn outbox(service: &Service) -> Result<&Outbox, Refusal> {
    service.outbox.as_deref().ok_or_else(|| Outcome::NotFound.into())
}

async fn show(branding: &Branding, locale: Locale, messages: Vec<Shown>) -> Response {
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

fn fragment(locale: Locale, messages: Vec<Shown>) -> String {
    Owner::new().with(|| view! { <Messages messages locale/> }.to_html())
}

#[component]
fn Messages(messages: Vec<Shown>, locale: Locale) -> impl IntoView {
    if messages.is_empty() {
        return view! { <p class="empty">{locale.words().inbox_empty}</p> }.into_any();
    }
    let bubble = |(number, message): Shown| {
        // To the second, in UTC; the island tells it in the reader's time.
        let sent_at = message.sent_at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let time = message.sent_at.strftime("%H:%M:%S UTC").to_string();
        view! {
            <article data-message="">
                <header><span class="number">{number}</span>" "<time datetime=sent_at>{time}</time></header>
                <p class="bubble">{message.text}</p>
            </article>
        }
    };
    messages.into_iter().map(bubble).collect_view().into_any()
}
