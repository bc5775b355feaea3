//! The screens that only show, and the files that they load.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use serde::Deserialize;

use super::cookies;
use super::seat::Seat;
use crate::api::refusal::Refusal;
use crate::messages::Locale;
use crate::pages::console::{abuse, audit, places, style, today};
use crate::pages::site::Site;
use crate::server::console::Desk;
use crate::server::oversight::abuse::Report;
use crate::server::oversight::places::Places;
use crate::verification::Outcome;
use crate::verification::policy::DAY;

pub(super) async fn today(State(desk): State<Arc<Desk>>, seat: Seat) -> Result<Response, Refusal> {
    let verifier = &desk.service.verifier;
    verifier.write_refusals().await?;
    let (now, figures) = (desk.now(), desk.store().find_day(desk.now()).await?);
    let costs = verifier.find_costs().await?;
    Ok(today::show(&seat.frame, &figures, now, &verifier.policy, costs.as_ref()))
}

pub(super) async fn places(State(desk): State<Arc<Desk>>, seat: Seat) -> Result<Response, Refusal> {
    let facts = desk.store().find_abuse(desk.now() - DAY).await?;
    Ok(places::show(&seat.frame, &Places::of(&facts)))
}

pub(super) async fn abuse(State(desk): State<Arc<Desk>>, seat: Seat) -> Result<Response, Refusal> {
    let now = desk.now();
    let facts = desk.store().find_abuse(now - DAY).await?;
    Ok(abuse::show(&seat.frame, &Report::of(&facts, &desk.thresholds, now)))
}

/// How many lines of the audit a page has.
const LINES: u32 = 50;

#[derive(Deserialize)]
pub(super) struct Behind {
    #[serde(default)]
    at: Option<i64>,
    #[serde(default)]
    id: String,
}

impl Behind {
    /// The line, where it can be one. What is no name of a row is not asked for.
    fn line(self) -> Option<(Timestamp, String)> {
        let at = Timestamp::from_millisecond(self.at?).ok()?;
        let is_name = self.id.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        is_name.then_some((at, self.id))
    }
}

pub(super) async fn audit(
    State(desk): State<Arc<Desk>>,
    seat: Seat,
    behind: Result<Query<Behind>, QueryRejection>,
) -> Result<Response, Refusal> {
    let behind = behind.ok().and_then(|Query(behind)| behind.line());
    let mut lines = desk.store().find_audit(behind.as_ref(), LINES + 1).await?;
    let has_more = lines.len() > LINES as usize;
    lines.truncate(LINES as usize);
    Ok(audit::show(&seat.frame, &lines, has_more))
}

#[derive(Deserialize)]
pub(super) struct Switch {
    #[serde(default)]
    to: String,
    #[serde(default)]
    back: String,
}

/// Keeps the language, and leads back to a screen.
pub(super) async fn language(switch: Result<Query<Switch>, QueryRejection>) -> Result<Response, Refusal> {
    let Query(Switch { to, back }) = switch.map_err(|_| Outcome::InvalidRequest)?;
    let is_ours = |c: char| c.is_ascii_alphanumeric() || "-_/".contains(c);
    let is_path = back.starts_with('/') && !back.starts_with("//") && back.chars().all(is_ours);
    let response = Redirect::to(if is_path { &back } else { "/" }).into_response();
    Ok(match Locale::from_tag(&to).filter(|locale| Locale::OF_CONSOLE.contains(locale)) {
        Some(locale) => cookies::with_language(response, locale),
        None => response,
    })
}

pub(super) async fn style(State(desk): State<Arc<Desk>>) -> impl IntoResponse {
    typed("text/css; charset=utf-8", style::css(&desk.service.branding))
}

/// The page's own.
pub(super) async fn icon() -> Result<Response, Refusal> {
    let icon = Site::get("favicon.svg").ok_or(Outcome::NotFound)?;
    Ok(typed("image/svg+xml", icon.data.into_owned()).into_response())
}

fn typed<T>(kind: &'static str, body: T) -> ([(HeaderName, &'static str); 1], T) {
    ([(CONTENT_TYPE, kind)], body)
}
