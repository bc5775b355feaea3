//! The welcome: shows the account and where it is signed in, and signs out.

mod sessions;

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::tz::{self, Offset};
use leptos::prelude::*;

use self::sessions::{Place, Places};
use super::document::{self, Head};
use super::masked_number::MaskedNumber;
use crate::api::cookies;
use crate::api::refusal::Refusal;
use crate::api::visit::Visit;
use crate::messages::Locale;
use crate::server::Service;
use crate::server::config::Branding;
use crate::server::session::{Presented, Session};
use crate::server::store::Account;

/// Korea keeps one time all year, nine hours ahead of UTC. Where another number's owner lives is not known.
const KOREA: Offset = tz::offset(9);

/// The welcome, or the way to the first page for whoever has no account.
pub(crate) async fn welcome(State(service): State<Arc<Service>>, visit: Visit) -> Result<Response, Refusal> {
    let known = match &visit.presented {
        Presented::Live(session) => find_known(&service, session).await?,
        _ => None,
    };
    let response = match known {
        Some((account, places)) => {
            let masked = service.verifier.regions.masked(&account.phone_number);
            show(&service.branding, visit.locale, account, masked, places).await
        }
        None => Redirect::to("/").into_response(),
    };
    Ok(cookies::with_session(&service, response, visit.renewed(&service).await.as_ref()))
}

async fn find_known(service: &Service, session: &Session) -> Result<Option<(Account, Vec<Place>)>, Refusal> {
    let Some(account) = service.verifier.account(session).await? else { return Ok(None) };
    let places = sessions::find(service, session, &account).await?;
    Ok(Some((account, places)))
}

async fn show(branding: &Branding, locale: Locale, account: Account, masked: String, places: Vec<Place>) -> Response {
    let words = locale.words();
    let head = Head { locale, title: words.welcome_title, path: "/welcome".to_owned(), has_island: false, leads_to: None };
    document::render(branding, head, StatusCode::OK, move || {
        let (before, after) = words.welcome_lead.split_once("{nickname}").unwrap_or_default();
        let since = account.created_at.to_string();
        let offset = offset_of(&account);
        let day = words.day_of(offset.to_datetime(account.created_at));
        view! {
            <main id="main" class="card welcome" data-state="signed_up">
                <h1>{words.welcome_title}</h1>
                <p class="lead">{before}<bdi class="nickname">{account.nickname.clone()}</bdi>{after}</p>
                <dl>
                    <dt>{words.welcome_number}</dt>
                    <dd><MaskedNumber words masked=masked.clone()/></dd>
                    <dt>{words.welcome_since}</dt>
                    <dd><time datetime=since>{day}</time></dd>
                </dl>
                <form id="sign-out-form" method="post" action="/api/sign-out">
                    <button class="quiet">{words.sign_out}</button>
                </form>
                <Places words places=places.clone() offset/>
            </main>
        }
    })
    .await
}

/// The clock on somebody's wall.
fn offset_of(account: &Account) -> Offset {
    if account.phone_number.korean_national().is_some() { KOREA } else { Offset::UTC }
}
