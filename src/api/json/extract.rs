//! A body of the interface, read or refused.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_ENCODING;
use serde::de::DeserializeOwned;

use crate::api::refusal::Refusal;
use crate::api::visit;
use crate::verification::Outcome;

/// A body, and its bytes as they came: they name the request.
pub(super) struct Json<T> {
    pub(super) body: T,
    pub(super) bytes: Bytes,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        if !visit::content_type(request.headers()).eq_ignore_ascii_case("application/json") {
            return Err(Refusal::with_status(Outcome::InvalidRequest, StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        if request.headers().get(CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
            return Err(Refusal::with_status(Outcome::InvalidRequest, StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|_| Outcome::InvalidRequest)?;
        // Some programs begin a text with a mark that says how it is encoded (RFC 8259, 8.1, lets a reader pass over it).
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let body = serde_json::from_slice(text).map_err(|_| Outcome::InvalidRequest)?;
        Ok(Self { body, bytes })
    }
}
