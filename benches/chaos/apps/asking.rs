//! What calls look like, and what their answers say.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::clients::{AFTERWARDS, CLIENTS};
use super::held::Held;
use super::ledger::{Ask, Set, Told};
use super::web::Request;
use crate::wire::Message;

/// The state that every application sends: each has one person here.
const STATE: &str = "a state";

fn get(path: String, head: String) -> Request {
    Request { method: "GET", path, head, body: String::new() }
}

fn form(pairs: &[(&str, &str)]) -> String {
    serde_urlencoded::to_string(pairs).unwrap_or_default()
}

/// The header line of a session.
pub fn cookie(value: &str) -> String {
    format!("cookie: beonho_session={value}\r\n")
}

/// An application asks who is there.
pub fn authorize(client: usize, nonce: &str, verifier: &str, is_offline: bool) -> Request {
    let client = &CLIENTS[client];
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
    let query = form(&[
        ("client_id", client.id),
        ("response_type", "code"),
        ("redirect_uri", client.redirect_uri),
        ("scope", if is_offline { "openid profile offline_access" } else { "openid profile" }),
        ("state", STATE),
        ("nonce", nonce),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ]);
    get(format!("/oauth/authorize?{query}"), String::new())
}

/// How a request goes on that waits, if this answer leads to the page that signs in.
pub fn leads_to_request(answer: &Message) -> Option<Request> {
    let (page, query) = answer.header("location")?.split_once('?')?;
    let request = pairs(query).into_iter().find(|(name, _)| name == "request")?.1;
    (page == "/sign-in").then(|| get(format!("/oauth/continue?{}", form(&[("request", &request)])), String::new()))
}

fn at_token_endpoint(client: usize, pairs: &[(&str, &str)]) -> Request {
    let (head, fields) = CLIENTS[client].credentials();
    Request { method: "POST", path: "/oauth/token".to_owned(), head, body: form(pairs) + &fields }
}

/// A code becomes tokens.
pub fn redeem(held: &Held) -> Request {
    let uri = CLIENTS[held.client].redirect_uri;
    let proof = ("code_verifier", held.verifier.as_str());
    at_token_endpoint(held.client, &[("grant_type", "authorization_code"), ("code", &held.code), ("redirect_uri", uri), proof])
}

/// A refresh token becomes tokens.
pub fn refresh(client: usize, token: &str) -> Request {
    at_token_endpoint(client, &[("grant_type", "refresh_token"), ("refresh_token", token)])
}

/// An access token opens userinfo.
pub fn look(token: &str) -> Request {
    get("/oauth/userinfo".to_owned(), format!("authorization: Bearer {token}\r\n"))
}

/// A form of the page that has no fields.
pub fn page(path: &str, session: &str) -> Request {
    Request { method: "POST", path: path.to_owned(), head: cookie(session), body: String::new() }
}

/// An application signs its person out.
pub fn leave(hint: &str, session: &str) -> Request {
    let query = form(&[("id_token_hint", hint), ("post_logout_redirect_uri", AFTERWARDS)]);
    get(format!("/oauth/end-session?{query}"), cookie(session))
}

/// What an answer says.
pub fn told(asked: &Ask, answer: &Message) -> Told {
    let (status, location) = (answer.status(), answer.header("location").unwrap_or_default());
    let json: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let text = |name: &str| json.get(name).and_then(Value::as_str).map(str::to_owned);
    let refused = |error: &str| (text("error").as_deref() == Some(error)).then_some(Told::Refused);
    let told = match (asked, status) {
        (_, 503) => Some(Told::Nothing),
        (Ask::Authorize { client, .. }, 302) => answered(CLIENTS[*client].redirect_uri, location),
        (Ask::Redeem(_) | Ask::Refresh(_), 200) => set(text),
        (Ask::Redeem(_) | Ask::Refresh(_), 400) => refused("invalid_grant"),
        (Ask::UserInfo(_), 200) => text("sub").map(Told::Person),
        (Ask::UserInfo(_), 401) => refused("invalid_token"),
        (Ask::SignOut { by_hint: true }, 303) => (location == AFTERWARDS).then_some(Told::Done),
        (Ask::SignOut { by_hint: true }, 200 | 400) => Some(Told::Refused),
        (Ask::SignOut { .. } | Ask::Everywhere, 200) => match String::from_utf8_lossy(&answer.body).lines().next() {
            Some("status") => Some(Told::Done),
            Some(outcome) if !outcome.is_empty() => Some(Told::Refused),
            _ => None,
        },
        _ => None,
    };
    told.unwrap_or_else(|| Told::Odd(format!("{status} {location} {}", String::from_utf8_lossy(&answer.body))))
}

fn set(text: impl Fn(&str) -> Option<String>) -> Option<Told> {
    Some(Told::Tokens(Set { access: text("access_token")?, refresh: text("refresh_token"), id_token: text("id_token")? }))
}

/// A code at the application's address, or the way to sign in.
fn answered(redirect_uri: &str, location: &str) -> Option<Told> {
    let Some(query) = location.strip_prefix(redirect_uri) else {
        return location.starts_with("/sign-in?request=").then_some(Told::Refused);
    };
    let pairs = pairs(query.strip_prefix('?')?);
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    if value("state").as_deref() != Some(STATE) || value("iss").is_none() {
        return None;
    }
    match value("code") {
        Some(code) => Some(Told::Code(code)),
        None => (value("error")? == "login_required").then_some(Told::Refused),
    }
}

fn pairs(query: &str) -> Vec<(String, String)> {
    serde_urlencoded::from_str(query).unwrap_or_default()
}
