//! What a request came to, and how that leaves.

use axum::http::request::Parts;
use axum::response::Response;

use crate::api::json::bodies::Body;
use crate::api::reply;
use crate::api::visit;
use crate::messages::Locale;
use crate::server::Service;
use crate::server::session::Cookie;
use crate::server::store::KeptAnswer;
use crate::server::verifier::Reply;
use crate::verification::Outcome;

pub(crate) enum Done {
    /// A use case was carried out, or refused to be.
    Replied(Reply),
    /// An earlier request was this one; its answer is given again.
    Again(KeptAnswer, Option<Cookie>),
    UnreadableKey,
}

impl Done {
    /// The same with another cookie beside it.
    pub(super) fn with_cookie(self, cookie: Option<Cookie>) -> Self {
        match self {
            Self::Replied(reply) => Self::Replied(Reply { cookie, ..reply }),
            Self::Again(answer, _) => Self::Again(answer, cookie),
            Self::UnreadableKey => self,
        }
    }
}

pub(super) fn kept(reply: &Reply, locale: Locale) -> KeptAnswer {
    let body = Body::of(reply, locale).to_json();
    KeptAnswer { status: reply::status_of(reply).as_u16(), body, retry_after_secs: reply::retry_after_secs(reply) }
}

pub(crate) fn respond(service: &Service, parts: &Parts, done: Done) -> Response {
    let locale = visit::locale(&parts.headers);
    let (answer, cookie) = match done {
        Done::Replied(reply) => (kept(&reply, locale), reply.cookie),
        Done::Again(answer, cookie) => (answer, cookie),
        Done::UnreadableKey => {
            let body = Body::bare(Outcome::InvalidRequest, locale).to_json();
            (KeptAnswer { status: 400, body, retry_after_secs: None }, None)
        }
    };
    reply::json(service, answer, cookie.as_ref())
}
