//! The cookies: every value that came, and how ours go out.
//!
//! They are read byte by byte by our own hand, because a jar keeps one cookie of a name, and a neighbour on the same host may have set another.

use axum::http::HeaderMap;
use axum::http::header::{COOKIE, HeaderValue, SET_COOKIE};
use axum::response::Response;
use cookie::{Cookie, SameSite, time::Duration};

use crate::messages::Locale;
use crate::server::Service;
use crate::server::session::{self, Cookie as SessionCookie};
use crate::verification::Regions;

/// The cookie that keeps the language, also at the console, and the name that it had before.
pub(crate) const LANGUAGE: &str = "beonho_lang";
const FORMER_LANGUAGE: &str = "lang";
/// The cookie that keeps the country that was chosen for a number.
const REGION: &str = "beonho_region";
/// Longer than any session: whoever comes late brings the cookie, and is told that the session is over, not that the browser sent none.
const SESSION_COOKIE_LIFETIME: Duration = Duration::days(31);
const CHOICE_LIFETIME: Duration = Duration::days(365);
/// How long an outcome may be on its way to the next page.
const FLASH_LIFETIME: Duration = Duration::minutes(10);

/// Every value that the cookies of a name have, in the order they came. Several sites of one host or domain may have set some; bytes that
/// are no text spoil their own cookie only (RFC 6265, 5.4). Old clients put values in quotes (RFC 2965). A comma parts nothing: what a neighbour
/// may write into a value of its own would then be a cookie of ours.
pub(crate) fn values<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a str> {
    let pairs = headers.get_all(COOKIE).into_iter().flat_map(|header| header.as_bytes().split(|byte| *byte == b';'));
    pairs.filter_map(move |pair| {
        let value = pair.trim_ascii().strip_prefix(name.as_bytes())?.trim_ascii_start().strip_prefix(b"=")?.trim_ascii();
        let bare = value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\"")).unwrap_or(value);
        str::from_utf8(bare).ok()
    })
}

/// The language that was chosen, if any.
#[must_use]
pub(crate) fn chosen_locale(headers: &HeaderMap) -> Option<Locale> {
    values(headers, LANGUAGE).chain(values(headers, FORMER_LANGUAGE)).find_map(Locale::from_tag)
}

/// The country that was chosen for a number, if it is one that may be.
#[must_use]
pub(crate) fn chosen_region(headers: &HeaderMap, regions: &Regions) -> Option<String> {
    values(headers, REGION).find(|region| regions.allows(region)).map(str::to_owned)
}

/// What may be the session's cookie: those of our name, and of the one that it had before, which half the world uses too.
#[must_use]
pub(crate) fn candidates(service: &Service, headers: &HeaderMap) -> session::Candidates {
    let all = |name| values(headers, name).map(str::to_owned).collect();
    session::Candidates { named: all(service.cookie_name()), formerly_named: all(service.former_cookie_name()) }
}

#[must_use]
pub(crate) fn of_session(service: &Service, cookie: &SessionCookie) -> Cookie<'static> {
    ours(service, service.cookie_name(), cookie.value(&service.verifier.keys), SESSION_COOKIE_LIFETIME)
}

/// The cookie that carries an outcome to the next page; an empty one takes it away again.
#[must_use]
pub(crate) fn of_flash(service: &Service, value: String) -> Cookie<'static> {
    let lifetime = if value.is_empty() { Duration::ZERO } else { FLASH_LIFETIME };
    ours(service, service.flash_cookie_name(), value, lifetime)
}

#[must_use]
pub(crate) fn of_language(service: &Service, locale: Locale) -> Cookie<'static> {
    ours(service, LANGUAGE, locale.tag().to_owned(), CHOICE_LIFETIME)
}

#[must_use]
pub(crate) fn of_region(service: &Service, region: String) -> Cookie<'static> {
    ours(service, REGION, region, CHOICE_LIFETIME)
}

/// `Secure` under https, where the names begin with `__Host-` (RFC 6265bis, 4.1.3.2).
fn ours(service: &Service, name: &'static str, value: String, lifetime: Duration) -> Cookie<'static> {
    let cookie = Cookie::build((name, value)).path("/").max_age(lifetime).http_only(true).same_site(SameSite::Lax);
    cookie.secure(service.origin.is_https()).build()
}

/// A cookie as a header; none when it has bytes that no header has, which ours have not.
#[must_use]
pub(crate) fn header(cookie: &Cookie<'_>) -> Option<HeaderValue> {
    HeaderValue::from_str(&cookie.to_string()).ok()
}

#[must_use]
pub(crate) fn with(mut response: Response, cookie: &Cookie<'_>) -> Response {
    if let Some(header) = header(cookie) {
        response.headers_mut().append(SET_COOKIE, header);
    }
    response
}

/// The response with a session's cookie beside it, where there is one to send.
#[must_use]
pub(crate) fn with_session(service: &Service, response: Response, cookie: Option<&SessionCookie>) -> Response {
    match cookie {
        Some(cookie) => with(response, &of_session(service, cookie)),
        None => response,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_neighbour_set_hides_no_cookie() {
        let head = |lines: &[&[u8]]| {
            let lines = lines.iter().map(|line| (COOKIE, HeaderValue::from_bytes(line).expect("a header")));
            lines.collect::<HeaderMap>()
        };
        for lines in [
            vec!["a=1; ours=x".as_bytes()],
            vec![b"a=\xe9\xff; ours=x; b=\xb0".as_slice()],
            vec![b"\xe9", b"ours=x"],
            vec![b";;=;a;ours =x;;".as_slice()],
            vec![b"a=\"1; ours=x"],
            vec![b"$Version=\"1\"; ours=\"x\"; $Path=/"],
        ] {
            assert_eq!(values(&head(&lines), "ours").collect::<Vec<_>>(), ["x"], "{lines:?}");
        }
        assert_eq!(values(&head(&[b"a=1,ours=y"]), "ours").count(), 0, "what a neighbour wrote into its own value");
        let twice = head(&[b"ours=foreign; ours=\xff; ours=x; ourses=y"]);
        assert_eq!(values(&twice, "ours").collect::<Vec<_>>(), ["foreign", "x"]);
    }
}
