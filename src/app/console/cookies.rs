//! The cookies of the console. They are not `Secure`: its listener speaks http, and is reached on the machine itself or through a tunnel.

use axum::response::Response;
use cookie::{Cookie, SameSite, time::Duration};

use crate::api::cookies;
use crate::messages::Locale;
use crate::server::console::SESSION_LIFETIME;

pub(super) const SESSION: &str = "beonho_console";
/// Of somebody who was asked for a code.
pub(super) const ATTEMPT: &str = "beonho_console_attempt";
/// As long as a code may be good.
const ATTEMPT_LIFETIME: Duration = Duration::minutes(10);
const LANGUAGE_LIFETIME: Duration = Duration::days(365);

pub(super) fn with_session(response: Response, value: String) -> Response {
    let lifetime = if value.is_empty() { Duration::ZERO } else { Duration::seconds(SESSION_LIFETIME.as_secs()) };
    with(response, SESSION, value, lifetime, SameSite::Strict)
}

pub(super) fn with_attempt(response: Response, value: String) -> Response {
    let lifetime = if value.is_empty() { Duration::ZERO } else { ATTEMPT_LIFETIME };
    with(response, ATTEMPT, value, lifetime, SameSite::Strict)
}

/// The same that the page keeps.
pub(super) fn with_language(response: Response, locale: Locale) -> Response {
    with(response, cookies::LANGUAGE, locale.tag().to_owned(), LANGUAGE_LIFETIME, SameSite::Lax)
}

fn with(response: Response, name: &'static str, value: String, lifetime: Duration, same_site: SameSite) -> Response {
    let cookie = Cookie::build((name, value)).path("/").max_age(lifetime).http_only(true).same_site(same_site);
    cookies::with(response, &cookie.build())
}
