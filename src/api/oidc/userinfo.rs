//! What an access token opens (OpenID Connect Core, 5.3).

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{HeaderValue, WWW_AUTHENTICATE};
use axum::response::{IntoResponse, Response};

use super::calls::{Asked, Called, authorization, is_form};
use super::error_json;
use crate::api::refusal::Refusal;
use crate::authorization::{OauthError, Parameters, Refused};
use crate::server::Service;

pub(super) async fn of_header(State(service): State<Arc<Service>>, Asked(parts): Asked) -> Result<Response, Refusal> {
    match authorization(&parts.headers, "Bearer") {
        Ok(token) => answer(&service, token, None).await,
        Err(refused) => Ok(error_json(StatusCode::BAD_REQUEST, &refused)),
    }
}

/// By the header too, with or without a form; at both places at once it is refused (RFC 6750, 2).
pub(super) async fn of_form(State(service): State<Arc<Service>>, request: Request) -> Result<Response, Refusal> {
    use axum::extract::FromRequest;
    let headers = request.headers().clone();
    let in_form = if is_form(&headers) {
        match Called::from_request(request, &service).await {
            Ok(called) => called.parameters,
            Err(response) => return Ok(response),
        }
    } else {
        Parameters::default()
    };
    let named = match (authorization(&headers, "Bearer"), in_form.get("access_token")) {
        (Ok(in_header), Ok(in_form)) => (in_header, in_form),
        (Err(refused), _) | (_, Err(refused)) => return Ok(error_json(StatusCode::BAD_REQUEST, &refused)),
    };
    answer(&service, named.0, named.1).await
}

async fn answer(service: &Service, in_header: Option<&str>, in_form: Option<&str>) -> Result<Response, Refusal> {
    let token = match (in_header, in_form) {
        (Some(_), Some(_)) => {
            let refused = Refused::new(OauthError::InvalidRequest, "the token stands in two places");
            return Ok(error_json(StatusCode::BAD_REQUEST, &refused));
        }
        (None, None) => return Ok(challenge(StatusCode::UNAUTHORIZED.into_response(), "Bearer realm=\"beonho\"")),
        (token, None) | (None, token) => token.unwrap_or_default(),
    };
    if let Some(claims) = service.authorizer.tell_of_person(token).await? {
        return Ok(Json(claims).into_response());
    }
    let refused = Refused::new(OauthError::InvalidToken, "the access token is not good");
    Ok(challenge(error_json(StatusCode::UNAUTHORIZED, &refused), "Bearer realm=\"beonho\", error=\"invalid_token\""))
}

/// RFC 6750, 3.
fn challenge(mut response: Response, value: &'static str) -> Response {
    response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(value));
    response
}
