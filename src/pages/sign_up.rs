//! The page that signs up and signs in: one page whose state is the session's. Every step is in it; those that are not due are hidden, and
//! the island moves between them.

mod code_step;
mod nickname_step;
mod number_step;
mod shown;

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;

use self::code_step::CodeStep;
use self::nickname_step::NicknameStep;
use self::number_step::NumberStep;
use self::shown::Shown;
use super::document::{self, Head};
use super::notice;
use crate::api::call::page_of;
use crate::api::cookies;
use crate::api::flash::Flash;
use crate::api::refusal::Refusal;
use crate::api::reply::answer;
use crate::api::visit::Visit;
use crate::islands::sign_up::SignUp;
use crate::server::session::{Presented, Session};
use crate::server::{Service, entropy};
use crate::verification::{Purpose, VerificationState};

/// The states in which the other page may still be the right one.
const UNPROVEN_STATES: &str = "none pending expired exhausted";

pub(crate) async fn sign_up(state: State<Arc<Service>>, visit: Visit, headers: HeaderMap) -> Result<Response, Refusal> {
    page(&state, &visit, &headers, Purpose::SignUp).await
}

pub(crate) async fn sign_in(state: State<Arc<Service>>, visit: Visit, headers: HeaderMap) -> Result<Response, Refusal> {
    page(&state, &visit, &headers, Purpose::SignIn).await
}

async fn page(service: &Service, visit: &Visit, headers: &HeaderMap, purpose: Purpose) -> Result<Response, Refusal> {
    if visit.was_just_replaced(service.verifier.clock.now()) {
        return Ok(notice::moment(&service.branding, visit.locale, page_of(purpose)).await);
    }
    let (session, cookie) = visit.session_to_show(service).await;
    if session.account_id.is_some() {
        let response = Redirect::to("/welcome").into_response();
        return Ok(cookies::with_session(service, response, cookie.as_ref()));
    }
    let mut reply = service.verifier.ask(&session).await?;
    let is_verified = reply.status.state == VerificationState::Verified;
    let is_unknown_number = is_verified && reply.status.purpose == Some(Purpose::SignIn);
    reply.status = reply.status.on_page_of(purpose);
    let flash = find_flash(service, headers, visit, &session);
    let is_flash_shown = flash.is_some();
    let shown = Shown {
        purpose,
        is_unknown_number,
        locale: visit.locale,
        answer: answer(visit.locale, &reply),
        flash,
        once: entropy::new_id(),
        branding: service.branding.clone(),
    };
    let response = show(shown).await;
    let response = cookies::with_session(service, response, cookie.as_ref());
    let is_told = is_flash_shown && !visit.changes_nothing;
    Ok(if is_told { cookies::with(response, &cookies::of_flash(service, String::new())) } else { response })
}

/// What the page shows once: what a post left for it, or that the session which its visitor had is over.
fn find_flash(service: &Service, headers: &HeaderMap, visit: &Visit, session: &Session) -> Option<Flash> {
    // Whoever only comes back after a day left nothing behind.
    if matches!(visit.presented, Presented::Replaced(_)) {
        return Some(Flash::session_over());
    }
    let mut values = cookies::values(headers, service.flash_cookie_name());
    values.find_map(|value| Flash::open(&service.verifier.keys, &session.cookie.digest(), value))
}

async fn show(shown: Shown) -> Response {
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
