//! In by a link, and out. Only a post uses a link up: mail and chat look at what they show.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::cookies;
use super::seat::{Guest, Seat, Typed};
use crate::api::refusal::Refusal;
use crate::pages::console::enter;
use crate::server::console::Desk;

#[derive(Deserialize)]
pub(super) struct Link {
    #[serde(default)]
    token: String,
}

pub(super) async fn show(
    State(desk): State<Arc<Desk>>,
    guest: Guest,
    link: Result<Query<Link>, QueryRejection>,
) -> Result<Response, Refusal> {
    let token = link.map(|Query(link)| link.token).unwrap_or_default();
    if desk.is_link_good(&token).await? { Ok(enter::show(&guest.frame, token)) } else { Ok(over(&guest)) }
}

pub(super) async fn enter(State(desk): State<Arc<Desk>>, guest: Guest, typed: Typed) -> Result<Response, Refusal> {
    match desk.enter(&typed.token).await? {
        Some(cookie) => Ok(cookies::with_session(Redirect::to("/").into_response(), cookie)),
        None => Ok(over(&guest)),
    }
}

/// Whoever is in already, perhaps by this very link, needs none.
fn over(guest: &Guest) -> Response {
    if guest.is_in { Redirect::to("/").into_response() } else { enter::over(&guest.frame) }
}

pub(super) async fn leave(State(desk): State<Arc<Desk>>, seat: Seat) -> Result<Response, Refusal> {
    desk.leave(&seat.operator).await?;
    Ok(cookies::with_session(Redirect::to("/sign-in").into_response(), String::new()))
}
