//! Who a request comes from: session, address and language, read from its head.

mod headers;
mod requester;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::Method;
use axum::http::request::Parts;
use jiff::Timestamp;

pub(crate) use headers::{changes_nothing, content_type, likely_regions, locale, wants_page};
use requester::requester;

use super::cookies;
use super::refusal::Refusal;
use crate::messages::Locale;
use crate::server::Service;
use crate::server::session::{Cookie, Presented, Session};
use crate::server::store::StoreFault;
use crate::server::verifier::Visitor;

/// What the head of a request tells. Handlers take it as an argument.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    /// What its cookie stands for.
    pub presented: Presented,
    /// Its session, as it goes on for longer.
    prolonged: Option<Session>,
    /// Its address, IPv6 cut to /64.
    pub requester: String,
    pub locale: Locale,
    /// Whether nobody looks at the answer.
    pub changes_nothing: bool,
    /// Whether a session may begin with it: a page that was fetched ahead may be the one that is shown.
    may_begin: bool,
}

impl FromRequestParts<Arc<Service>> for Visit {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, Refusal> {
        Ok(Self::of(service, parts).await?)
    }
}

impl Visit {
    /// Reads the head, and lets a session that is used go on for longer.
    pub(crate) async fn of(service: &Service, parts: &Parts) -> Result<Self, StoreFault> {
        let verifier = &service.verifier;
        let requester = requester_of(service, parts);
        let presented = verifier.find_session(&cookies::candidates(service, &parts.headers), &requester).await?;
        let changes_nothing = changes_nothing(parts);
        let prolonged = match &presented {
            Presented::Live(session) if !changes_nothing => verifier.prolong(session).await?,
            _ => None,
        };
        let presented = prolonged.clone().map_or(presented, |session| Presented::Live(Box::new(session)));
        let may_begin =
            !changes_nothing || (parts.method != Method::HEAD && matches!(presented, Presented::Nothing | Presented::Foreign));
        Ok(Self { presented, prolonged, requester, locale: locale(&parts.headers), changes_nothing, may_begin })
    }

    /// The same for somebody who came by a request of an application: if that wants the number proven once more, use cases see no account.
    pub(crate) async fn asked_for(self, service: &Service, request: Option<&str>) -> Result<Self, StoreFault> {
        let (Presented::Live(session), Some(name)) = (&self.presented, request) else { return Ok(self) };
        if session.account.is_none() {
            return Ok(self);
        }
        let is_asked = service.authorizer.find_waiting(name).await?.is_some_and(|waiting| waiting.asks(session));
        let presented = if is_asked { Presented::Live(Box::new(Session::clone(session).asked_again())) } else { self.presented };
        Ok(Self { presented, ..self })
    }

    /// The visitor, when there is a session.
    #[must_use]
    pub(crate) fn visitor(&self) -> Option<Visitor> {
        match &self.presented {
            Presented::Live(session) => Some(self.visitor_as(Session::clone(session))),
            Presented::Replaced(_) | Presented::Over | Presented::Foreign | Presented::Nothing => None,
        }
    }

    /// Whether another session took the place of this one a moment ago. Then nothing is known of whoever asks, and no cookie may be sent: the
    /// answer that carries the successor's may still be on its way to this browser.
    #[must_use]
    pub(crate) fn was_just_replaced(&self, now: Timestamp) -> bool {
        matches!(&self.presented, Presented::Replaced(grave) if grave.is_fresh(now))
    }

    /// The session that an answer shows, which is a fresh one where there is none, and the cookie to send with it: none with a mere look at the
    /// head.
    pub(crate) async fn session_to_show(&self, service: &Service) -> (Session, Option<Cookie>) {
        if let Presented::Live(session) = &self.presented {
            return (Session::clone(session), self.renewed(service).await);
        }
        let fresh = Session::fresh(service.verifier.clock.now());
        let cookie = self.may_begin.then(|| fresh.cookie.clone());
        (fresh, cookie)
    }

    /// The cookie to send again, because its session goes on for longer; none when a request beside this one replaced that session
    /// meanwhile.
    pub(crate) async fn renewed(&self, service: &Service) -> Option<Cookie> {
        let session = self.prolonged.as_ref()?;
        service.verifier.still_lives(session).await.then(|| session.cookie.clone())
    }

    /// The visitor of a session that was just made.
    #[must_use]
    pub(crate) fn visitor_as(&self, session: Session) -> Visitor {
        Visitor { session, requester: self.requester.clone(), locale: self.locale }
    }
}

/// Who opened the connection: where no proxy is believed.
#[must_use]
pub(crate) fn peer_of(parts: &Parts) -> String {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    requester(&parts.headers, peer, 0)
}

#[must_use]
pub(crate) fn requester_of(service: &Service, parts: &Parts) -> String {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    requester(&parts.headers, peer, service.trusted_proxies)
}
