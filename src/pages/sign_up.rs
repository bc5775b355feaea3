//! The page that signs up and signs in: one page whose state is the session's. Every step is in it; those that are not due are hidden, and
//! the island moves between them.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::code_step::CodeStep;
use super::document::{self, Head};
use super::sign_up_forms::{NicknameStep, NumberStep};
use crate::api::answer::Answer;
use crate::api::call::page_of;
use crate::api::flash::Flash;
use crate::islands::sign_up::SignUp;
use crate::messages::{Locale, Words};
use crate::server::config::Branding;
use crate::verification::Purpose;

/// The states in which the other page may still be the right one.
const UNPROVEN_STATES: &str = "none pending expired exhausted";

/// What the page shows.
#[derive(Clone)]
pub struct Shown {
    /// Sign-up or sign-in.
    pub purpose: Purpose,
    /// What the verification of this page was started for, when it was not what the page is for.
    pub is_unknown_number: bool,
    /// The language.
    pub locale: Locale,
    /// The status.
    pub answer: Answer,
    /// What the last post came to.
    pub flash: Option<Flash>,
    /// A one-time value, so that a repeated post is known.
    pub once: String,
    /// What the pages say of the team.
    pub branding: Branding,
}

impl Shown {
    pub(super) fn words(&self) -> &'static Words {
        self.locale.words()
    }

    /// The path of the page.
    #[must_use]
    pub fn path(&self) -> &'static str {
        page_of(self.purpose)
    }

    /// Whether the state is one of these words.
    pub(super) fn is_in(&self, states: &str) -> bool {
        states.split(' ').any(|state| state == self.answer.state)
    }

    /// Whether a code is awaited that these kinds of provider hold.
    pub(super) fn is_pending_at(&self, providers: &str) -> bool {
        self.is_in("pending") && providers.split(' ').any(|provider| provider == self.answer.provider)
    }

    /// Whether the last outcome is about the field of these states: then it is marked, and has the focus without JavaScript too.
    pub(super) fn is_wrong(&self, states: &str) -> bool {
        self.is_in(states) && self.flash.as_ref().is_some_and(|flash| !flash.outcome.is_success())
    }

    /// What was typed into the field that the last outcome is about.
    pub(super) fn typed(&self, states: &str) -> String {
        let flash = self.flash.as_ref().filter(|_| self.is_in(states));
        flash.map(|flash| flash.typed.clone()).unwrap_or_default()
    }
}

/// The page.
pub async fn show(shown: Shown) -> Response {
    let words = shown.words();
    let title = if shown.purpose == Purpose::SignUp { words.sign_up_title } else { words.sign_in_title };
    let head = Head { locale: shown.locale, title, path: shown.path(), has_island: true };
    let branding = shown.branding.clone();
    document::render(&branding, head, StatusCode::OK, move || {
        let shown = shown.clone();
        view! { <SignUp><Steps shown title/></SignUp> }
    })
    .await
}

#[component]
fn Steps(shown: Shown, title: &'static str) -> impl IntoView {
    let words = shown.words();
    let outcome = shown.flash.as_ref().map_or("", |flash| flash.outcome.code());
    let message = shown.flash.as_ref().map(|flash| flash.message(shown.locale)).unwrap_or_default();
    let is_error = shown.flash.as_ref().is_some_and(|flash| !flash.outcome.is_success());
    let other = match shown.purpose {
        Purpose::SignUp => view! { <a id="other-way" href="/sign-in">{words.have_account}</a> },
        Purpose::SignIn => view! { <a id="other-way" href="/">{words.need_account}</a> },
    };
    view! {
        <main id="main" class="card" data-state=shown.answer.state.clone() data-answer=shown.answer.encode()
            data-purpose=shown.purpose.as_str() data-offline=words.offline data-expired=words.expired>
            <h1>{title}</h1>
            <p id="message" role="status" class:error=is_error data-outcome=outcome>{message}</p>
            <NumberStep shown=shown.clone()/>
            <CodeStep shown=shown.clone()/>
            <NicknameStep shown=shown.clone()/>
            // Who has proven a number needs no other way in.
            <nav class="other" data-states=UNPROVEN_STATES hidden=!shown.is_in(UNPROVEN_STATES)>{other}</nav>
        </main>
    }
}
