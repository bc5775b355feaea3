//! Headers that every answer of the router carries. What an answer set itself stays.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::response::Response;

use crate::server::Service;

const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const CROSS_ORIGIN_OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// Adds what a page did not set itself.
pub(super) async fn secure(State(service): State<Arc<Service>>, mut response: Response) -> Response {
    let is_redirect = response.status().is_redirection();
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    // Whatever says nothing else is somebody's own, and for now.
    set(CACHE_CONTROL, "no-store");
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(X_FRAME_OPTIONS, "DENY");
    set(REFERRER_POLICY, "same-origin");
    set(CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    // A redirect shows nothing, but browsers heed this there too: the window that an application opened would lose it on the way back.
    if !is_redirect {
        set(CROSS_ORIGIN_OPENER_POLICY, "same-origin");
    }
    set(PERMISSIONS_POLICY, "camera=(), geolocation=(), microphone=(), otp-credentials=(self)");
    if service.origin.is_https() {
        set(STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}
