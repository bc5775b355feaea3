//! Who a request comes from: session, address and language, read from its head.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::header::{ACCEPT, ACCEPT_LANGUAGE, COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};

use crate::messages::Locale;
use crate::server::Service;
use crate::server::session::{self, Cookie, Presented, Session};
use crate::server::store::StoreFault;
use crate::server::verifier::Visitor;

/// The cookie that keeps the language.
pub const LANGUAGE_COOKIE: &str = "lang";

/// What the head of a request tells.
#[derive(Clone, Debug)]
pub struct Visit {
    /// What its cookie stands for.
    pub presented: Presented,
    /// The cookie to send again, because its session goes on for longer.
    pub renewed: Option<Cookie>,
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
        let value = cookie(&parts.headers, service.cookie_name());
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let requester = requester(&parts.headers, peer, service.trusted_proxies);
        let presented = verifier.find_session(value, &requester).await?;
        let prolonged = match &presented {
            Presented::Live(session) if !changes_nothing(parts) => verifier.prolong(session).await?,
            _ => None,
        };
        let renewed = prolonged.as_ref().map(|session| session.cookie.clone());
        let presented = prolonged.map_or(presented, |session| Presented::Live(Box::new(session)));
        Ok(Self { presented, renewed, requester, locale: locale(&parts.headers) })
    }

    /// The visitor, when there is a session.
    #[must_use]
    pub fn visitor(&self) -> Option<Visitor> {
        match &self.presented {
            Presented::Live(session) => Some(self.visitor_as(Session::clone(session))),
            Presented::Replaced(_) | Presented::Over | Presented::Nothing => None,
        }
    }

    /// The visitor of a session that was just made.
    #[must_use]
    pub fn visitor_as(&self, session: Session) -> Visitor {
        Visitor { session, requester: self.requester.clone(), locale: self.locale }
    }
}

/// The value of a cookie.
#[must_use]
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let pairs = headers.get_all(COOKIE).iter().filter_map(|header| header.to_str().ok()).flat_map(|header| header.split(';'));
    pairs.filter_map(|pair| pair.trim().split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
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

/// Whether nobody looks at the answer: then it changes nothing, neither cookie nor message (Fetch, `Sec-Purpose`).
#[must_use]
pub fn changes_nothing(parts: &Parts) -> bool {
    let is_prefetch = |name| parts.headers.get(name).is_some_and(|value| value.as_bytes().starts_with(b"prefetch"));
    parts.method == Method::HEAD || ["sec-purpose", "purpose", "x-moz"].into_iter().any(is_prefetch)
}

/// The language: the cookie's, else the best that the browser accepts.
#[must_use]
pub fn locale(headers: &HeaderMap) -> Locale {
    let chosen = cookie(headers, LANGUAGE_COOKIE).and_then(Locale::from_tag);
    let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|header| header.to_str().ok()).unwrap_or_default();
    chosen.unwrap_or_else(|| Locale::negotiate(accepted))
}

/// Whether a page is expected for an answer: a form was posted without JavaScript.
#[must_use]
pub fn wants_page(headers: &HeaderMap) -> bool {
    headers.get_all(ACCEPT).iter().filter_map(|header| header.to_str().ok()).any(|header| header.contains("text/html"))
}

/// Where a request comes from. Each trusted proxy appended the address that it saw to `X-Forwarded-For`, so the last of as many entries
/// as there are trusted proxies is believed, and whatever stands to the left of it is the sender's own invention.
#[must_use]
pub fn requester(headers: &HeaderMap, peer: Option<IpAddr>, trusted_proxies: usize) -> String {
    let forwarded = headers.get_all("x-forwarded-for").iter().filter_map(|header| header.to_str().ok());
    let entries: Vec<&str> = forwarded.flat_map(|header| header.split(',')).map(str::trim).collect();
    let believed = trusted_proxies.checked_sub(1).and_then(|skip| entries.iter().rev().nth(skip));
    let address = believed.and_then(|entry| parse_address(entry)).or(peer);
    address.map_or_else(|| "unknown".to_owned(), network)
}

fn parse_address(entry: &str) -> Option<IpAddr> {
    let bare = entry.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(|| entry.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

/// One home or phone has a whole /64 of IPv6 (RFC 6177), so that is one requester.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forwarded(value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", value.parse().expect("header"));
        headers
    }

    #[test]
    fn a_forged_header_changes_nothing_unless_that_many_proxies_are_trusted() {
        let peer = Some("198.51.100.7".parse().expect("address"));
        let headers = forwarded("203.0.113.9, 192.0.2.1, 192.0.2.2");
        for (proxies, address) in [(0, "198.51.100.7"), (1, "192.0.2.2"), (2, "192.0.2.1"), (3, "203.0.113.9"), (4, "198.51.100.7")]
        {
            assert_eq!(requester(&headers, peer, proxies), address, "{proxies}");
        }
        assert_eq!(requester(&forwarded("junk"), peer, 1), "198.51.100.7");
    }

    #[test]
    fn neighbours_in_a_64_are_one_requester() {
        let of = |text: &str| requester(&HeaderMap::new(), text.parse().ok(), 0);
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), of("2001:db8:1:2::1"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.1"), "192.0.2.1");
    }

    #[test]
    fn the_language_cookie_wins_over_the_header() {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, "en".parse().expect("header"));
        assert_eq!(locale(&headers), Locale::En);
        headers.insert(COOKIE, "a=b; lang=ko".parse().expect("header"));
        assert_eq!(locale(&headers), Locale::Ko);
    }
}
