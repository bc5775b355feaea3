//! Who sits at the console: whoever has no session is led to the way in.

use std::sync::Arc;

use axum::Form;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::cookies::SESSION;
use crate::api::refusal::Refusal;
use crate::api::{cookies, visit};
use crate::pages::console::frame::Frame;
use crate::server::console::{Desk, Operator};
use crate::server::store::StoreFault;
use crate::verification::Outcome;

/// What every page is drawn with.
pub(super) fn frame(desk: &Desk, parts: &Parts, actor: Option<String>) -> Frame {
    let branding = &desk.service.branding;
    let path = parts.uri.path().to_owned();
    Frame { locale: visit::locale(&parts.headers).at_console(), brand: branding.brand.clone(), actor, path }
}

/// Somebody whose session lives, and what they are shown a page with.
pub(super) struct Seat {
    pub(super) operator: Operator,
    pub(super) frame: Frame,
}

impl FromRequestParts<Arc<Desk>> for Seat {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Response> {
        match find_operator(desk, parts).await {
            Ok(Some(operator)) => Ok(Self { frame: frame(desk, parts, Some(operator.actor.clone())), operator }),
            Ok(None) => Err(Redirect::to("/sign-in").into_response()),
            Err(fault) => Err(Refusal::from(fault).into_response()),
        }
    }
}

pub(super) async fn find_operator(desk: &Desk, parts: &Parts) -> Result<Option<Operator>, StoreFault> {
    // Other programs on this machine set cookies too, and few of our name.
    let values: Vec<_> = cookies::values(&parts.headers, SESSION).take(3).collect();
    desk.find_operator(&values).await
}

/// Somebody who is not in, or not yet.
pub(super) struct Guest {
    pub(super) frame: Frame,
    /// Their address.
    pub(super) requester: String,
    /// What the console knows them by while they are asked for a code.
    pub(super) attempt: Option<String>,
    /// Whether they are in already.
    pub(super) is_in: bool,
}

impl FromRequestParts<Arc<Desk>> for Guest {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Refusal> {
        let attempt = cookies::values(&parts.headers, super::cookies::ATTEMPT).next().map(str::to_owned);
        let is_in = find_operator(desk, parts).await?.is_some();
        Ok(Self { frame: frame(desk, parts, None), requester: visit::peer_of(parts), attempt, is_in })
    }
}

/// The fields of every form of the console.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    pub(super) token: String,
    pub(super) phone_number: String,
    pub(super) code: String,
    pub(super) reason: String,
    /// What is held.
    pub(super) key: String,
    /// What is to be done with it.
    pub(super) deed: String,
}

impl<S: Send + Sync> FromRequest<S> for Typed {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let form = Form::from_request(request, state).await;
        form.map(|Form(typed)| typed).map_err(|_| Outcome::InvalidRequest.into())
    }
}
