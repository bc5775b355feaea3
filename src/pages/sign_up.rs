//! The page that signs up and signs in: one page whose state is the session's. Every step is in it; those that are not due are hidden, and
//! the island moves between them.

mod code_step;
mod country;
mod nickname_step;
mod number_step;
mod shown;

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;

use self::code_step::{CodeStep, Delivery};
use self::country::Countries;
use self::nickname_step::NicknameStep;
use self::number_step::NumberStep;
use self::shown::{GoingOn, Shown};
use super::document::{self, Head};
use super::notice;
use super::oauth::authorize;
use crate::api::addresses::{is_name_of_request, page_after, page_with_request};
use crate::api::call::given;
use crate::api::cookies;
use crate::api::flash::Flash;
use crate::api::refusal::Refusal;
use crate::api::reply::answer;
use crate::api::visit::Visit;
use crate::authorization::form_action_of;
use crate::islands::sign_up::SignUp;
use crate::server::session::{Presented, Session};
use crate::server::{Service, entropy};
use crate::verification::{Purpose, Status, VerificationState};

/// The states in which the other page may still be the right one.
const UNPROVEN_STATES: &str = "none pending expired exhausted";

/// What the address of the page carries.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Waits {
    request: String,
}

/// An address with a query that nobody can read is the page's all the same.
type MaybeWaits = Result<Query<Waits>, QueryRejection>;

pub(crate) async fn sign_up(
    state: State<Arc<Service>>,
    visit: Visit,
    headers: HeaderMap,
    waits: MaybeWaits,
) -> Result<Response, Refusal> {
    page(&state, visit, &headers, Purpose::SignUp, waits).await
}

pub(crate) async fn sign_in(
    state: State<Arc<Service>>,
    visit: Visit,
    headers: HeaderMap,
    waits: MaybeWaits,
) -> Result<Response, Refusal> {
    page(&state, visit, &headers, Purpose::SignIn, waits).await
}

async fn page(
    service: &Service,
    visit: Visit,
    headers: &HeaderMap,
    purpose: Purpose,
    waits: MaybeWaits,
) -> Result<Response, Refusal> {
    let request = waits.ok().and_then(|Query(waits)| given(waits.request));
    if visit.was_just_replaced(service.verifier.clock.now()) {
        let request = request.filter(|name| is_name_of_request(name));
        return Ok(notice::moment(&service.branding, visit.locale, page_with_request(purpose, request.as_deref())).await);
    }
    let going_on = match request {
        Some(request) => match find_going_on(service, request).await? {
            Some(going_on) => Some(going_on),
            None => return Ok(authorize::over(service, visit.locale).await),
        },
        None => None,
    };
    let request = going_on.as_ref().map(|going_on| going_on.request.as_str());
    let visit = visit.asked_for(service, request).await?;
    let (session, cookie) = visit.session_to_show(service).await;
    if session.account.is_some() {
        let response = Redirect::to(&page_after(request)).into_response();
        return Ok(cookies::with_session(service, response, cookie.as_ref()));
    }
    let mut reply = service.verifier.ask(&session).await?;
    let is_unknown_number = is_unknown_number(&reply.status);
    reply.status = reply.status.on_page_of(purpose);
    let flash = find_flash(service, headers, &visit, &session);
    let is_flash_shown = flash.is_some();
    let (regions, hint) = (&service.verifier.regions, going_on.as_ref().and_then(|going_on| going_on.login_hint.as_deref()));
    let countries = Countries::of(regions, visit.locale, headers, flash.as_ref(), hint);
    let shown = Shown {
        purpose,
        is_unknown_number,
        locale: visit.locale,
        answer: answer(regions, visit.locale, &reply),
        max_attempts: service.verifier.policy.max_attempts,
        message: flash.as_ref().map(|flash| flash.message(visit.locale, regions)).unwrap_or_default(),
        flash,
        going_on,
        once: entropy::new_id(),
        branding: service.branding.clone(),
        countries,
    };
    let response = show(shown).await;
    let response = cookies::with_session(service, response, cookie.as_ref());
    let is_told = is_flash_shown && !visit.changes_nothing;
    Ok(if is_told { cookies::with(response, &cookies::of_flash(service, String::new())) } else { response })
}

/// Whether somebody proved a number for a sign-in that no account has.
fn is_unknown_number(status: &Status) -> bool {
    status.state == VerificationState::Verified && status.purpose == Some(Purpose::SignIn)
}

/// The application that waits; none where its request does not wait any more.
async fn find_going_on(service: &Service, request: String) -> Result<Option<GoingOn>, Refusal> {
    Ok(service.authorizer.find_waiting(&request).await?.map(|waiting| GoingOn {
        client: waiting.client.name.clone(),
        login_hint: waiting.login_hint,
        leads_to: form_action_of(&waiting.redirect_uri),
        request,
    }))
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
    let leads_to = shown.going_on.as_ref().map(|going_on| going_on.leads_to.clone());
    let head = Head { locale: shown.locale, title, path: shown.path(shown.purpose), has_island: true, leads_to };
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
    let message = shown.message.clone();
    let is_error = shown.flash.as_ref().is_some_and(|flash| !flash.outcome.is_success());
    let other = match shown.purpose {
        Purpose::SignUp => view! { <a id="other-way" href=shown.path(Purpose::SignIn)>{words.have_account}</a> },
        Purpose::SignIn => view! { <a id="other-way" href=shown.path(Purpose::SignUp)>{words.need_account}</a> },
    };
    view! {
        <main id="main" class="card" data-state=shown.answer.state.clone() data-answer=shown.answer.encode()
            data-purpose=shown.purpose() data-next=shown.next() data-offline=words.offline data-expired=words.expired>
            <h1>{title}</h1>
            <For shown=shown.clone()/>
            <div class="news">
                <p id="message" role="status" class:error=is_error data-outcome=outcome>{message}</p>
                <Delivery shown=shown.clone()/>
            </div>
            <NumberStep shown=shown.clone()/>
            <CodeStep shown=shown.clone()/>
            <NicknameStep shown=shown.clone()/>
            // Who has proven a number needs no other way in.
            <nav class="other" data-states=UNPROVEN_STATES hidden=!shown.is_in(UNPROVEN_STATES)>{other}</nav>
        </main>
    }
}

/// For whom somebody signs in.
#[component]
fn For(shown: Shown) -> impl IntoView {
    let (before, after) = shown.words().going_on.split_once("{client}").unwrap_or_default();
    let client = shown.going_on.map(|going_on| going_on.client);
    client.map(|client| view! { <p id="for" class="for">{before}<bdi>{client}</bdi>{after}</p> })
}
