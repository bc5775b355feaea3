//! The door in front of a proxy: one endpoint that the proxy asks, and three that it leads browsers to, on the application's own host.

mod held_back;

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::{ACCEPT, HOST, HeaderName, HeaderValue, LOCATION};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Router, routing};
use cookie::{Cookie, SameSite, time::Duration};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use self::held_back::{HeldBack, forwarded_origin, is_path};
use super::calls::Asked;
use crate::api::cookies;
use crate::api::refusal::Refusal;
use crate::authorization::parameters::with_query;
use crate::authorization::{Client, FORWARD_AUTH_CALLBACK, Parameters, lifetimes};
use crate::server::Service;
use crate::server::authorizer::{DoorAnswer, Opened};
use crate::verification::Outcome;

const BEGIN: &str = "/.beonho/begin";
/// As long as a request waits.
const STATE_LIFETIME: Duration = Duration::minutes(10);

pub(super) fn routes() -> Router<Arc<Service>> {
    Router::new()
        .route("/forward-auth", routing::get(ask))
        .route(BEGIN, routing::get(begin))
        .route(FORWARD_AUTH_CALLBACK, routing::get(callback))
        .route("/.beonho/sign-out", routing::get(sign_out))
}

/// A query; one that nobody can read says nothing.
type Read<T> = Result<Query<T>, QueryRejection>;

#[derive(Default, Deserialize)]
struct AskedFor {
    #[serde(default)]
    client: String,
    /// 302 for a proxy that hands the answer on, in place of 401 for one that makes its own of it.
    #[serde(default)]
    unauthenticated: String,
}

/// Where a browser believes to be whom the proxy led here.
fn origin_of(service: &Service, parts: &Parts) -> Option<String> {
    if service.trusted_proxies > 0
        && let Some(origin) = forwarded_origin(&parts.headers)
    {
        return Some(origin);
    }
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok())?;
    let scheme = if service.origin.is_https() { "https" } else { "http" };
    Some(format!("{scheme}://{host}").to_ascii_lowercase())
}

async fn ask(State(service): State<Arc<Service>>, asked: Read<AskedFor>, parts: Asked) -> Result<Response, Refusal> {
    let asked = asked.map(|Query(asked)| asked).unwrap_or_default();
    let headers = &parts.0.headers;
    if service.trusted_proxies == 0 {
        return Ok((StatusCode::FORBIDDEN, "TRUSTED_PROXIES must say that a proxy is believed\n").into_response());
    }
    let client = service.authorizer.find_client(&asked.client).await?;
    let held = HeldBack::of(headers);
    let (Some(client), Some(held)) = (client, held) else {
        return Ok((StatusCode::FORBIDDEN, "no application has this client, or the proxy does not say what is asked for\n")
            .into_response());
    };
    if client.forward_auth_origin.as_deref() != Some(held.origin.as_str()) {
        return Ok((StatusCode::FORBIDDEN, "this is not the forward_auth_origin of the client\n").into_response());
    }
    // A cookie that comes along with a foreign page's post proves nothing.
    if !held.is_safe() && headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site") {
        return Ok((StatusCode::FORBIDDEN, "a foreign page posts here\n").into_response());
    }
    let name = door_cookie(&client, &held.origin);
    let values: Vec<_> = cookies::values(headers, &name).collect();
    match service.authorizer.open_door(&client, &values).await? {
        Some(opened) => Ok(open(&opened)),
        None => Ok(lead_in(&asked, &held, headers)),
    }
}

fn open(opened: &Opened) -> Response {
    let mut response = StatusCode::OK.into_response();
    let mut set = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    };
    set("remote-user", &opened.sub);
    set("remote-name", &utf8_percent_encode(&opened.name, NON_ALPHANUMERIC).to_string());
    if let Some(phone) = &opened.phone {
        set("remote-phone", phone);
    }
    response
}

fn lead_in(asked: &AskedFor, held: &HeldBack, headers: &HeaderMap) -> Response {
    let to = if held.is_safe() && is_path(&held.to) { held.to.as_str() } else { "/" };
    let location = with_query(&[&held.origin, BEGIN].concat(), &[("to", to)]);
    let reads_pages =
        headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(|accept| accept.contains("text/html"));
    let is_led = asked.unauthenticated == "302" && held.method == "GET" && reads_pages;
    let status = if is_led { StatusCode::FOUND } else { StatusCode::UNAUTHORIZED };
    let mut response = status.into_response();
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

#[derive(Default, Deserialize)]
struct Begun {
    #[serde(default)]
    to: String,
}

async fn begin(State(service): State<Arc<Service>>, begun: Read<Begun>, parts: Asked) -> Result<Response, Refusal> {
    let begun = begun.map(|Query(begun)| begun).unwrap_or_default();
    let (origin, client) = find_client(&service, &parts.0).await?;
    let to = if is_path(&begun.to) { begun.to.as_str() } else { "/" };
    let asked = service.authorizer.ask_at_door(&client, &origin, to);
    let response = Redirect::to(&asked.location).into_response();
    Ok(with_cookie(response, &origin, state_cookie(&client, &origin), asked.state_cookie, STATE_LIFETIME))
}

async fn find_client(service: &Service, parts: &Parts) -> Result<(String, Arc<Client>), Refusal> {
    let origin = origin_of(service, parts).ok_or(Outcome::NotFound)?;
    let client = service.authorizer.find_door(&origin).await?.ok_or(Outcome::NotFound)?;
    Ok((origin, client))
}

async fn callback(State(service): State<Arc<Service>>, parts: Asked) -> Result<Response, Refusal> {
    let parts = parts.0;
    let (origin, client) = find_client(&service, &parts).await?;
    let parameters = Parameters::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let name = state_cookie(&client, &origin);
    let (code, state) = (parameters.get("code").ok().flatten(), parameters.get("state").ok().flatten());
    for cookie in cookies::values(&parts.headers, &name).take(3) {
        let (Some(code), Some(state)) = (code, state) else { break };
        if let DoorAnswer::Passed { token, to } = service.authorizer.pass_door(&client, &origin, code, state, cookie).await? {
            let response = Redirect::to(&to).into_response();
            let response = with_cookie(response, &origin, name.clone(), String::new(), Duration::ZERO);
            let lifetime = Duration::seconds(lifetimes::DOOR.as_secs());
            return Ok(with_cookie(response, &origin, door_cookie(&client, &origin), token, lifetime));
        }
    }
    // Whoever comes back late, or twice, is led in once more by the page that they wanted to see.
    Err(Outcome::InvalidRequest.into())
}

/// Out of the application at once; whether out of all of them, its person is asked.
async fn sign_out(State(service): State<Arc<Service>>, parts: Asked) -> Result<Response, Refusal> {
    let (origin, client) = find_client(&service, &parts.0).await?;
    let name = door_cookie(&client, &origin);
    let values: Vec<_> = cookies::values(&parts.0.headers, &name).collect();
    service.authorizer.leave_door(&values).await?;
    let out = with_query(&[&service.authorizer.issuer, "/oauth/end-session"].concat(), &[("client_id", &client.id)]);
    Ok(with_cookie(Redirect::to(&out).into_response(), &origin, name, String::new(), Duration::ZERO))
}

/// The cookies of the application's host, whose names no other host can set (RFC 6265bis, 4.1.3.2).
fn door_cookie(client: &Client, origin: &str) -> String {
    format!("{}beonho-{}", prefix(origin), client.id)
}

fn state_cookie(client: &Client, origin: &str) -> String {
    format!("{}beonho-state-{}", prefix(origin), client.id)
}

fn prefix(origin: &str) -> &'static str {
    if origin.starts_with("https:") { "__Host-" } else { "" }
}

fn with_cookie(response: Response, origin: &str, name: String, value: String, lifetime: Duration) -> Response {
    let cookie = Cookie::build((name, value)).path("/").max_age(lifetime).http_only(true).same_site(SameSite::Lax);
    cookies::with(response, &cookie.secure(origin.starts_with("https:")).build())
}
