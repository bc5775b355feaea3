//! A call of an application, as it comes in.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::{AUTHORIZATION, HeaderName, HeaderValue, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use base64::{Engine, prelude::BASE64_STANDARD};

use super::error_json;
use crate::api::visit;
use crate::authorization::{OauthError, Parameters, Refused};
use crate::server::Service;
use crate::server::authorizer::Credentials;

/// What whoever named itself in a header is told in one.
pub(super) const BASIC_CHALLENGE: &str = "Basic realm=\"beonho\"";

/// A form that an application posted.
pub(super) struct Called {
    pub(super) parameters: Parameters,
    pub(super) parts: Parts,
    basic: Option<(String, String)>,
    requester: String,
}

impl Called {
    pub(super) fn credentials(&self) -> Credentials<'_> {
        Credentials { basic: self.basic.clone(), parameters: &self.parameters, requester: &self.requester }
    }

    /// Who calls, by what it says. It may be anything: also a secret that somebody pasted into the wrong place.
    pub(super) fn named(&self) -> &str {
        let in_form = || self.parameters.get("client_id").ok().flatten();
        self.basic.as_ref().map(|(id, _)| id.as_str()).or_else(in_form).unwrap_or_default()
    }
}

impl FromRequest<Arc<Service>> for Called {
    type Rejection = Response;

    async fn from_request(request: Request, service: &Arc<Service>) -> Result<Self, Response> {
        let wrong = |description| error_json(StatusCode::BAD_REQUEST, &Refused::new(OauthError::InvalidRequest, description));
        let (parts, body) = request.into_parts();
        if !is_form(&parts.headers) {
            return Err(wrong("the body must be application/x-www-form-urlencoded"));
        }
        let basic = match basic_of(&parts.headers) {
            Ok(basic) => basic,
            Err(refused) => return Err(unread(&refused)),
        };
        let requester = visit::requester_of(service, &parts);
        let parameters = read_form(parts.clone(), body, service).await.ok_or_else(|| wrong("the body cannot be read"))?;
        Ok(Self { parameters, parts, basic, requester })
    }
}

/// A header that says nothing of who calls, in the way of a secret that is wrong (RFC 6749, 5.2); one that stands twice is a fault of the call.
fn unread(refused: &Refused) -> Response {
    if refused.error != OauthError::InvalidClient {
        return error_json(StatusCode::BAD_REQUEST, refused);
    }
    let mut response = error_json(StatusCode::UNAUTHORIZED, refused);
    response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(BASIC_CHALLENGE));
    response
}

/// Whether a body says that it is a form.
pub(super) fn is_form(headers: &HeaderMap) -> bool {
    visit::content_type(headers).eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

async fn read_form(parts: Parts, body: Body, service: &Arc<Service>) -> Option<Parameters> {
    let bytes = Bytes::from_request(Request::from_parts(parts, body), service).await.ok()?;
    Some(Parameters::parse(&bytes))
}

/// What stands behind a scheme in the one `Authorization` header.
pub(super) fn authorization<'a>(headers: &'a HeaderMap, scheme: &str) -> Result<Option<&'a str>, Refused> {
    one(headers, &AUTHORIZATION).map(|value| {
        let (named, rest) = value?.split_once(' ')?;
        named.eq_ignore_ascii_case(scheme).then(|| rest.trim())
    })
}

/// A header that stands once, as text.
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Refused> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    if values.next().is_some() {
        return Err(Refused::new(OauthError::InvalidRequest, "a header stands twice"));
    }
    Ok(first.and_then(|value| value.to_str().ok()))
}

/// Name and secret, each form-urlencoded within (RFC 6749, 2.3.1).
fn basic_of(headers: &HeaderMap) -> Result<Option<(String, String)>, Refused> {
    let Some(encoded) = authorization(headers, "Basic")? else { return Ok(None) };
    let read = || {
        let text = String::from_utf8(BASE64_STANDARD.decode(encoded).ok()?).ok()?;
        let (id, secret) = text.split_once(':')?;
        Some((decode(id)?, decode(secret)?))
    };
    read().map(Some).ok_or(Refused::new(OauthError::InvalidClient, "the Authorization header cannot be read"))
}

fn decode(half: &str) -> Option<String> {
    let spaced = half.replace('+', " ");
    Some(percent_encoding::percent_decode_str(&spaced).decode_utf8().ok()?.into_owned())
}

/// The head of a call that has no body.
pub(super) struct Asked(pub(super) Parts);

impl FromRequestParts<Arc<Service>> for Asked {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Service>) -> Result<Self, Self::Rejection> {
        Ok(Self(parts.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn basic(text: &str) -> Result<Option<(String, String)>, Refused> {
        let value = HeaderValue::from_str(&format!("basic {}", BASE64_STANDARD.encode(text))).expect("a header");
        basic_of(&[(AUTHORIZATION, value)].into_iter().collect())
    }

    #[test]
    fn both_halves_of_the_header_are_decoded() {
        let pair = |id: &str, secret: &str| Ok(Some((id.to_owned(), secret.to_owned())));
        assert_eq!(basic("shop:s%3Ae%2Bc+r"), pair("shop", "s:e+c r"));
        assert_eq!(basic("shop:a:b"), pair("shop", "a:b"));
        assert!(basic("shop").is_err() && basic("shop:%ff").is_err());
        assert_eq!(basic_of(&HeaderMap::new()), Ok(None));
    }
}
