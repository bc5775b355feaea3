//! The cookies that go out.

use axum::http::header::{HeaderValue, SET_COOKIE};
use axum::response::Response;

use super::visit;
use crate::server::Service;
use crate::server::session::Cookie;

/// The response with a session's cookie beside it, where there is one to send.
#[must_use]
pub fn with_session(service: &Service, mut response: Response, cookie: Option<&Cookie>, has_account: bool) -> Response {
    if let Some(cookie) = cookie {
        append(&mut response, &visit::set_session_cookie(service, cookie, has_account));
    }
    response
}

/// Adds a `Set-Cookie` header.
pub fn append(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}
