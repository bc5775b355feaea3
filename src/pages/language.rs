//! The switch of language: keeps the choice, and leads back to where it was made.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

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

/// Keeps the language and leads back to a page of ours.
pub(crate) async fn language(
    State(service): State<Arc<Service>>,
    parts: Parts,
    query: Result<Query<LanguageQuery>, QueryRejection>,
) -> Result<Response, Refusal> {
    let Query(LanguageQuery { to, back }) = query.map_err(|_| Outcome::InvalidRequest)?;
    let back = ["/", "/sign-in", "/welcome", "/inbox"].into_iter().find(|path| *path == back).unwrap_or("/");
    let response = Redirect::to(back).into_response();
    let chosen = Locale::from_tag(&to).filter(|_| !visit::changes_nothing(&parts));
    Ok(match chosen {
        Some(locale) => cookies::with(response, &cookies::of_language(&service, locale)),
        None => response,
    })
}
