//! What the guard holds, and its end by hand.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};

use super::number::reason;
use super::seat::{Seat, Typed};
use crate::api::refusal::Refusal;
use crate::pages::console::holds::{self, WrongHold};
use crate::server::console::Desk;
use crate::verification::guard::KEEP;
use crate::verification::{HoldKey, Outcome};

/// How many events are listed.
const EVENTS: u32 = 50;

pub(super) async fn list(State(desk): State<Arc<Desk>>, seat: Seat) -> Result<Response, Refusal> {
    draw(&desk, &seat, None).await
}

async fn draw(desk: &Desk, seat: &Seat, wrong: Option<WrongHold>) -> Result<Response, Refusal> {
    let (holds, events) = (desk.store().find_holds().await?, desk.store().find_events(EVENTS).await?);
    Ok(holds::show(&seat.frame, &holds, &events, desk.now(), wrong.as_ref()))
}

/// Lifts or keeps. One that ended meanwhile is shown as over by the next page.
pub(super) async fn decide(State(desk): State<Arc<Desk>>, seat: Seat, typed: Typed) -> Result<Response, Refusal> {
    let key = HoldKey::parse(&typed.key).ok_or(Outcome::InvalidRequest)?;
    let reason = match reason(seat.frame.words(), &typed.reason) {
        Ok(reason) => reason,
        Err(why) => return draw(&desk, &seat, Some(WrongHold { key: key.to_string(), typed: typed.reason, why })).await,
    };
    let deed = seat.operator.deed(reason, desk.now());
    let is_done = match typed.deed.as_str() {
        "lift" => desk.store().lift_hold(&key, &deed).await?,
        "keep" => desk.store().keep_hold(&key, deed.at + KEEP, &deed).await?,
        _ => return Err(Outcome::InvalidRequest.into()),
    };
    tracing::warn!(%key, deed = typed.deed, is_done, actor = deed.actor, "an operator decided over a hold at the console");
    Ok(Redirect::to("/holds").into_response())
}
