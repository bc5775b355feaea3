//! The inbox: what would have been sent, like a phone's messages. Development only.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::document::{self, Head};
use crate::islands::inbox::Inbox;
use crate::messages::Locale;
use crate::server::config::Branding;
use crate::server::provider::outbox::OutboxMessage;

/// The page.
pub async fn show(branding: &Branding, locale: Locale, messages: Vec<OutboxMessage>) -> Response {
    let words = locale.words();
    let head = Head { locale, title: words.inbox_title, path: "/inbox", has_island: true };
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

/// The messages alone, as the live page asks for them.
#[must_use]
pub fn fragment(locale: Locale, messages: Vec<OutboxMessage>) -> String {
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
