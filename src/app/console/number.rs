//! One number: looked up by a post, so that it is in no address, and shown under a name that only this session knows.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};

use super::seat::{Seat, Typed};
use crate::api::refusal::Refusal;
use crate::messages::ConsoleWords;
use crate::pages::console::number::{self, Shown};
use crate::pages::console::reason::{Deed, Wrong};
use crate::server::console::Desk;
use crate::server::oversight::why::Told;
use crate::server::store::StoreFault;
use crate::verification::{Detail, Outcome, PhoneNumber};

/// The longest reason, in characters.
const MAX_REASON_CHARS: usize = 200;

pub(super) async fn ask(seat: Seat) -> Response {
    number::ask(&seat.frame, "", None)
}

pub(super) async fn look_up(State(desk): State<Arc<Desk>>, seat: Seat, typed: Typed) -> Response {
    match desk.service.verifier.regions.parse_any(&typed.phone_number) {
        Ok(number) => lead_to(&desk.finds.add(&seat.operator.session, number)),
        Err(wrong) => {
            let wrong = seat.frame.locale.outcome(Outcome::InvalidPhoneNumber, Some(Detail::Number(wrong)), None);
            number::ask(&seat.frame, &typed.phone_number, Some(wrong))
        }
    }
}

fn lead_to(find: &str) -> Response {
    Redirect::to(&format!("/number/{find}")).into_response()
}

/// A number that this operator looked up. Where there is none, or no more, it is to be looked up again.
pub(super) struct Found {
    seat: Seat,
    id: String,
    number: PhoneNumber,
}

impl FromRequestParts<Arc<Desk>> for Found {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Response> {
        let seat = Seat::from_request_parts(parts, desk).await?;
        let id = Path::<String>::from_request_parts(parts, desk).await.map(|Path(id)| id).unwrap_or_default();
        match desk.finds.find(&seat.operator.session, &id) {
            Some(number) => Ok(Self { seat, id, number }),
            None => Err(Redirect::to("/number").into_response()),
        }
    }
}

async fn tell(desk: &Desk, found: &Found) -> Result<Shown, StoreFault> {
    let (verifier, now) = (&desk.service.verifier, desk.now());
    verifier.write_refusals().await?;
    let story = verifier.store.tell_of(&found.number, now).await?;
    let told = Told::of(&found.number, story, &verifier.policy, now);
    Ok(Shown { find: found.id.clone(), told, lifted: None, whole: None, wrong: None })
}

pub(super) async fn show(State(desk): State<Arc<Desk>>, found: Found) -> Result<Response, Refusal> {
    let lifted = desk.finds.take_lifted(&found.seat.operator.session, &found.id);
    let shown = Shown { lifted, ..tell(&desk, &found).await? };
    Ok(number::show(&found.seat.frame, &shown))
}

pub(super) async fn unlock(State(desk): State<Arc<Desk>>, found: Found, typed: Typed) -> Result<Response, Refusal> {
    let reason = match reason(found.seat.frame.words(), &typed.reason) {
        Ok(reason) => reason,
        Err(why) => return refuse(&desk, &found, Wrong { deed: Deed::Unlock, typed: typed.reason, why }).await,
    };
    let (operator, deed) = (&found.seat.operator, found.seat.operator.deed(reason, desk.now()));
    let sends = desk.store().lift_budgets(Some(&found.number), &deed).await?;
    tracing::warn!(number = found.number.masked(), sends, actor = deed.actor, "an operator lifted budgets at the console");
    desk.finds.note_lifted(&operator.session, &found.id, sends);
    Ok(lead_to(&found.id))
}

/// Shows the number in the answer and nowhere else: who wants it again gives a reason again.
pub(super) async fn unmask(State(desk): State<Arc<Desk>>, found: Found, typed: Typed) -> Result<Response, Refusal> {
    let reason = match reason(found.seat.frame.words(), &typed.reason) {
        Ok(reason) => reason,
        Err(why) => return refuse(&desk, &found, Wrong { deed: Deed::Unmask, typed: typed.reason, why }).await,
    };
    let deed = found.seat.operator.deed(reason, desk.now());
    desk.store().mark_unmasked(&found.number, &deed).await?;
    tracing::warn!(number = found.number.masked(), actor = deed.actor, "an operator looked at a whole number");
    let shown = Shown { whole: Some(found.number.as_e164().to_owned()), ..tell(&desk, &found).await? };
    Ok(number::show(&found.seat.frame, &shown))
}

/// What a deed is for, in one line, or what is wrong with it.
pub(super) fn reason(words: &ConsoleWords, typed: &str) -> Result<String, String> {
    let parts = typed.split(|c: char| c.is_whitespace() || c.is_control()).filter(|part| !part.is_empty());
    let reason = parts.collect::<Vec<_>>().join(" ");
    match reason.chars().count() {
        0 => Err(words.reason_missing.to_owned()),
        1..=MAX_REASON_CHARS => Ok(reason),
        _ => Err(words.reason_long.replace("{count}", &MAX_REASON_CHARS.to_string())),
    }
}

async fn refuse(desk: &Desk, found: &Found, wrong: Wrong) -> Result<Response, Refusal> {
    let shown = Shown { wrong: Some(wrong), ..tell(desk, found).await? };
    Ok(number::show(&found.seat.frame, &shown))
}
