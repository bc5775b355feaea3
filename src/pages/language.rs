//! The switch of language: keeps the choice, and leads back to where it was made.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::api::addresses::is_name_of_request;
use crate::api::cookies;
use crate::api::refusal::Refusal;
use crate::api::visit;
use crate::messages::Locale;
use crate::server::Service;
use crate::verification::Outcome;

#[derive(Deserialize)]
pub(crate) struct LanguageQuery {
    #[serde(default)]
    to: String,
    #[serde(default)]
    back: String,
}

/// Whether it is one of the pages, perhaps with the request that waits.
fn is_ours(back: &str) -> bool {
    let (path, query) = back.split_once('?').unwrap_or((back, "request="));
    let name = query.strip_prefix("request=");
    ["/", "/sign-in", "/welcome", "/inbox"].contains(&path) && name.is_some_and(is_name_of_request)
}

/// Keeps the language and leads back to a page of ours.
pub(crate) async fn language(
    State(service): State<Arc<Service>>,
    parts: Parts,
    query: Result<Query<LanguageQuery>, QueryRejection>,
) -> Result<Response, Refusal> {
    let Query(LanguageQuery { to, back }) = query.map_err(|_| Outcome::InvalidRequest)?;
    let response = Redirect::to(if is_ours(&back) { &back } else { "/" }).into_response();
    let chosen = Locale::from_tag(&to).filter(|_| !visit::changes_nothing(&parts));
    Ok(match chosen {
        Some(locale) => cookies::with(response, &cookies::of_language(&service, locale)),
        None => response,
    })
}
