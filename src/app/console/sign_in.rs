//! The way in for whoever has no link: how to get one, and a code to an operator's number.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};

use super::cookies;
use super::seat::{Guest, Typed};
use crate::api::refusal::Refusal;
use crate::pages::console::sign_in::{self, Step};
use crate::server::console::{Checked, Desk};
use crate::server::entropy;
use crate::verification::{Detail, Outcome};

pub(super) async fn show(State(desk): State<Arc<Desk>>, guest: Guest) -> Response {
    match guest.is_in {
        true => Redirect::to("/").into_response(),
        false if desk.has_numbers() => sign_in::show(&guest.frame, &Step::Number { typed: String::new(), wrong: None }),
        false => sign_in::show(&guest.frame, &Step::LinkOnly),
    }
}

/// The same answer for every number.
pub(super) async fn ask(State(desk): State<Arc<Desk>>, guest: Guest, typed: Typed) -> Result<Response, Refusal> {
    if !desk.has_numbers() {
        return Err(Outcome::NotFound.into());
    }
    let attempt = entropy::new_id();
    if let Err(wrong) = desk.ask_for_code(&attempt, &guest.requester, guest.frame.locale, &typed.phone_number) {
        let wrong = guest.frame.locale.outcome(Outcome::InvalidPhoneNumber, Some(Detail::Number(wrong)), None);
        return Ok(sign_in::show(&guest.frame, &Step::Number { typed: typed.phone_number, wrong: Some(wrong) }));
    }
    Ok(cookies::with_attempt(Redirect::to("/sign-in/code").into_response(), attempt))
}

pub(super) async fn show_code(guest: Guest) -> Response {
    match guest.attempt {
        Some(_) if !guest.is_in => sign_in::show(&guest.frame, &Step::Code { wrong: None }),
        _ => Redirect::to("/sign-in").into_response(),
    }
}

pub(super) async fn check(State(desk): State<Arc<Desk>>, guest: Guest, typed: Typed) -> Result<Response, Refusal> {
    let (Some(attempt), true) = (&guest.attempt, desk.has_numbers()) else {
        return Ok(Redirect::to("/sign-in").into_response());
    };
    let locale = guest.frame.locale;
    let wrong = match desk.check_code(attempt, &guest.requester, locale, &typed.code).await? {
        Checked::Entered(cookie) => {
            let response = cookies::with_session(Redirect::to("/").into_response(), cookie);
            return Ok(cookies::with_attempt(response, String::new()));
        }
        Checked::Unavailable => return Err(Outcome::Unavailable.into()),
        Checked::Malformed => locale.outcome(Outcome::MalformedCode, None, None),
        Checked::Refused => locale.console().code_refused.to_owned(),
    };
    Ok(sign_in::show(&guest.frame, &Step::Code { wrong: Some(wrong) }))
}
