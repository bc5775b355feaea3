//! The welcome: shows the account, and signs out.

use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::DateTime;
use jiff::tz::{self, Offset};
use leptos::prelude::*;

use super::document::{self, Head};
use super::sign_up_forms::Number;
use crate::messages::Locale;
use crate::server::config::Branding;
use crate::server::store::Account;

/// Korea keeps one time all year, nine hours ahead of UTC. Where another number's owner lives is not known.
const KOREA: Offset = tz::offset(9);

/// The page of somebody who has an account.
pub async fn show(branding: &Branding, locale: Locale, account: Account) -> Response {
    let words = locale.words();
    let head = Head { locale, title: words.welcome_title, path: "/welcome", has_island: false };
    document::render(branding, head, StatusCode::OK, move || {
        let (before, after) = words.welcome_lead.split_once("{nickname}").unwrap_or_default();
        let since = account.created_at.to_string();
        let day = day_of(&account).strftime(words.day).to_string();
        view! {
            <main id="main" class="card welcome" data-state="signed_up">
                <h1>{words.welcome_title}</h1>
                <p class="lead">{before}<bdi class="nickname">{account.nickname.clone()}</bdi>{after}</p>
                <dl>
                    <dt>{words.welcome_number}</dt>
                    <dd><Number words masked=account.phone_number.masked()/></dd>
                    <dt>{words.welcome_since}</dt>
                    <dd><time datetime=since>{day}</time></dd>
                </dl>
                <form id="sign-out-form" method="post" action="/api/sign-out">
                    <button class="quiet">{words.sign_out}</button>
                </form>
            </main>
        }
    })
    .await
}

/// When somebody signed up, by the clock on their wall.
fn day_of(account: &Account) -> DateTime {
    let offset = if account.phone_number.korean_national().is_some() { KOREA } else { Offset::UTC };
    offset.to_datetime(account.created_at)
}
