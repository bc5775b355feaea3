//! An application signs its person out; where it cannot show that it may, they are asked.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;

use super::{DeadEnd, dead_end};
use crate::api::cookies;
use crate::api::refusal::Refusal;
use crate::api::visit::Visit;
use crate::authorization::{Client, Parameters, form_action_of};
use crate::messages::Locale;
use crate::pages::document::{self, Head};
use crate::server::Service;
use crate::server::authorizer::{LogoutAnswer, LogoutRequest};
use crate::server::config::Branding;
use crate::server::session::{Presented, Session};

/// What the page that asks carries on: each is read anew, and an address is compared with those that are registered.
const CARRIED: [&str; 4] = ["client_id", "post_logout_redirect_uri", "state", "ui_locales"];

pub(crate) async fn ask(State(service): State<Arc<Service>>, visit: Visit, parts: Parts) -> Result<Response, Refusal> {
    let parameters = Parameters::parse(parts.uri.query().unwrap_or_default().as_bytes());
    answer(&service, &visit, &parameters, false).await
}

/// The person said yes.
pub(crate) async fn confirm(State(service): State<Arc<Service>>, visit: Visit, body: Bytes) -> Result<Response, Refusal> {
    answer(&service, &visit, &Parameters::parse(&body), true).await
}

async fn answer(service: &Service, visit: &Visit, parameters: &Parameters, is_confirmed: bool) -> Result<Response, Refusal> {
    let (branding, locale) = (&service.branding, visit.locale);
    let session = match &visit.presented {
        Presented::Live(session) => Some(&**session),
        _ => None,
    };
    match service.authorizer.end_session(&LogoutRequest { parameters, session, is_confirmed }).await? {
        // What is fetched ahead signs nobody out.
        LogoutAnswer::SignOut { .. } if visit.changes_nothing => Ok(page_that_asks(branding, locale, None, parameters).await),
        LogoutAnswer::Here(refused) => Ok(dead_end(branding, locale, DeadEnd::of(locale, &refused)).await),
        LogoutAnswer::Ask { client } => Ok(page_that_asks(branding, locale, client.as_deref(), parameters).await),
        LogoutAnswer::SignOut { redirect } => {
            let response = match redirect {
                Some(location) => Redirect::to(&location).into_response(),
                None => page_of_end(branding, locale).await,
            };
            sign_out(service, session, response).await
        }
    }
}

async fn sign_out(service: &Service, session: Option<&Session>, response: Response) -> Result<Response, Refusal> {
    let Some(session) = session.filter(|session| session.account.is_some()) else { return Ok(response) };
    let reply = service.verifier.sign_out(session).await?;
    Ok(cookies::with_session(service, response, reply.cookie.as_ref()))
}

async fn page_that_asks(branding: &Branding, locale: Locale, client: Option<&Client>, parameters: &Parameters) -> Response {
    let words = locale.words();
    let leads_to = parameters.get("post_logout_redirect_uri").ok().flatten().map(form_action_of);
    let head = Head { locale, title: words.leaving_title, path: "/welcome".to_owned(), has_island: false, leads_to };
    let name = client.map_or_else(|| branding.brand.clone(), |client| client.name.clone());
    let carried: Vec<_> =
        CARRIED.into_iter().filter_map(|name| parameters.get(name).ok().flatten().map(|value| (name, value.to_owned()))).collect();
    document::render(branding, head, StatusCode::OK, move || {
        let (before, after) = words.leaving_lead.split_once("{client}").unwrap_or_default();
        let fields = carried.iter().map(|(name, value)| view! { <input type="hidden" name=*name value=value.clone()/> });
        view! {
            <main id="main" class="card" data-state="leaving">
                <h1>{words.leaving_title}</h1>
                <p class="lead">{before}<bdi>{name.clone()}</bdi>{after}</p>
                <form id="leave-form" method="post" action="/oauth/end-session/confirm">
                    {fields.collect_view()}
                    <button>{words.sign_out}</button>
                </form>
                <p><a class="button quiet" href="/welcome">{words.stay}</a></p>
            </main>
        }
    })
    .await
}

async fn page_of_end(branding: &Branding, locale: Locale) -> Response {
    let words = locale.words();
    let head = Head { locale, title: words.left_title, path: "/".to_owned(), has_island: false, leads_to: None };
    document::render(branding, head, StatusCode::OK, move || {
        view! {
            <main id="main" class="card" data-state="left">
                <h1>{words.left_title}</h1>
                <p id="message">{words.left_lead}</p>
                <p><a class="button" href="/sign-in">{words.sign_in_again}</a></p>
            </main>
        }
    })
    .await
}
