//! Who a request comes from: session, address and language, read from its head.

mod headers;
mod requester;

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use jiff::Timestamp;

pub use headers::{LANGUAGE_COOKIE, changes_nothing, cookies, locale, wants_page};
pub use requester::requester;

use crate::messages::Locale;
use crate::server::Service;
use crate::server::session::{self, Cookie, Presented, Session};
use crate::server::store::StoreFault;
use crate::server::verifier::Visitor;

/// What the head of a request tells.
#[derive(Clone, Debug)]
pub struct Visit {
    /// What its cookie stands for.
    pub presented: Presented,
    /// Its cookie, as it goes on for longer.
    prolonged: Option<Cookie>,
    /// Its address, IPv6 cut to /64.
    pub requester: String,
    /// Its language.
    pub locale: Locale,
}

impl Visit {
    /// Reads the head of a request.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub async fn of(service: &Service, parts: &Parts) -> Result<Self, StoreFault> {
        let verifier = &service.verifier;
        let requester = requester_of(service, parts);
        let presented = verifier.find_session(&candidates(service, parts), &requester).await?;
        let prolonged = match &presented {
            Presented::Live(session) if !changes_nothing(parts) => verifier.prolong(session).await?,
            _ => None,
        };
        let cookie = prolonged.as_ref().map(|session| session.cookie.clone());
        let presented = prolonged.map_or(presented, |session| Presented::Live(Box::new(session)));
        Ok(Self { presented, prolonged: cookie, requester, locale: locale(&parts.headers) })
    }

    /// The visitor, when there is a session.
    #[must_use]
    pub fn visitor(&self) -> Option<Visitor> {
        match &self.presented {
            Presented::Live(session) => Some(self.visitor_as(Session::clone(session))),
            Presented::Replaced(_) | Presented::Over | Presented::Nothing => None,
        }
    }

    /// Whether another session took the place of this one a moment ago. Then nothing is known of whoever asks, and no cookie may be sent: the
    /// answer that carries the successor's may still be on its way to this browser.
    #[must_use]
    pub fn was_just_replaced(&self, now: Timestamp) -> bool {
        matches!(&self.presented, Presented::Replaced(grave) if grave.is_fresh(now))
    }

    /// The session that an answer shows, which is a fresh one where there is none, and the cookie to send with it: none with a mere look at the
    /// head.
    pub async fn session_to_show(&self, service: &Service, parts: &Parts) -> (Session, Option<Cookie>) {
        if let Presented::Live(session) = &self.presented {
            return (Session::clone(session), self.renewed(service).await);
        }
        let fresh = Session::fresh(service.verifier.clock.now());
        let cookie = (!changes_nothing(parts)).then(|| fresh.cookie.clone());
        (fresh, cookie)
    }

    /// The cookie to send again, because its session goes on for longer; none when a request beside this one replaced that session
    /// meanwhile.
    pub async fn renewed(&self, service: &Service) -> Option<Cookie> {
        let cookie = self.prolonged.clone()?;
        service.verifier.still_lives(&cookie).await.then_some(cookie)
    }

    /// The visitor of a session that was just made.
    #[must_use]
    pub fn visitor_as(&self, session: Session) -> Visitor {
        Visitor { session, requester: self.requester.clone(), locale: self.locale }
    }
}

/// Where a request comes from.
#[must_use]
pub fn requester_of(service: &Service, parts: &Parts) -> String {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    requester(&parts.headers, peer, service.trusted_proxies)
}

/// What may be the session's cookie: those of our name, and of the one that it had before, which half the world uses too.
fn candidates(service: &Service, parts: &Parts) -> session::Candidates {
    let values = |name| cookies(&parts.headers, name).map(str::to_owned).collect();
    session::Candidates { named: values(service.cookie_name()), formerly_named: values(service.former_cookie_name()) }
}

/// The `Set-Cookie` header of a session. `__Host-` and `Secure` under https (RFC 6265bis, 4.1.3.2).
#[must_use]
pub fn set_session_cookie(service: &Service, cookie: &Cookie, has_account: bool) -> String {
    let lifetime = if has_account { session::ACCOUNT_LIFETIME } else { session::LIFETIME };
    let value = cookie.value(&service.verifier.keys);
    let secure = if service.origin.is_https() { "; Secure" } else { "" };
    let name = service.cookie_name();
    format!("{name}={value}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{secure}", lifetime.as_secs())
}

/// How long an outcome may be on its way to the next page.
const FLASH_LIFETIME_SECS: u32 = 600;

/// The `Set-Cookie` header that carries an outcome to the next page; an empty one takes it away again.
#[must_use]
pub fn set_flash_cookie(service: &Service, value: &str) -> String {
    let secure = if service.origin.is_https() { "; Secure" } else { "" };
    let (name, lifetime) = (service.flash_cookie_name(), if value.is_empty() { 0 } else { FLASH_LIFETIME_SECS });
    format!("{name}={value}; Path=/; Max-Age={lifetime}; HttpOnly; SameSite=Lax{secure}")
}
