//! An application that leaves sign-in to Beonho, without a library of OpenID Connect: code and PKCE, and userinfo over TLS, which spares looking
//! at the ID token's signature (OpenID Connect Core, 3.1.3.7). A real application takes a library.
//!
//! Beonho must know it before it starts, as `examples/relying_party.ts` says; then
//! `cargo run --features ssr --example relying_party -- http://localhost:3000` with the same `CLIENT_SECRET` and `HOME_URL`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{Query, State};
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::{Router, routing};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use reqwest::{Client, Url};
use serde_json::Value;
use sha2::{Digest, Sha256};

type Fault = Box<dyn std::error::Error + Send + Sync>;

/// What has to be remembered while somebody is away to sign in, and who came back. `sub` is who they are: a name may be anybody's.
#[derive(Clone)]
enum Session {
    Away { state: String, verifier: String },
    Here { person: Value, id_token: String },
}

/// In a real application sessions outlive a restart and are thrown away when they are old.
struct Shop {
    http: Client,
    provider: Value,
    secret: String,
    home: String,
    sessions: Mutex<HashMap<String, Session>>,
}

fn random() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

impl Shop {
    fn sessions(&self) -> MutexGuard<'_, HashMap<String, Session>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn endpoint(&self, name: &str) -> &str {
        self.provider[name].as_str().unwrap_or_default()
    }

    fn callback(&self) -> String {
        format!("{}/callback", self.home)
    }

    fn session(&self, headers: &HeaderMap) -> Option<Session> {
        self.sessions().get(&cookie_of(headers)?).cloned()
    }
}

/// The name of a session. A new one for each, so that none can be planted.
fn cookie_of(headers: &HeaderMap) -> Option<String> {
    let mut pairs = headers.get(COOKIE)?.to_str().ok()?.split("; ");
    pairs.find_map(|pair| pair.strip_prefix("session=")).map(str::to_owned)
}

fn led_to(location: &str, shop: &Shop, session: Option<Session>) -> Response {
    let mut response = Redirect::to(location).into_response();
    if let Some(session) = session {
        let name = random();
        // `Lax`, for the way back begins on another site. Over https it is `Secure` too.
        let cookie = format!("session={name}; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400");
        response.headers_mut().insert(SET_COOKIE, cookie.parse().expect("a header"));
        shop.sessions().insert(name, session);
    }
    response
}

/// Sends somebody to Beonho. Whoever is signed in there comes straight back.
async fn sign_in(State(shop): State<Arc<Shop>>) -> Result<Response, StatusCode> {
    let (state, verifier) = (random(), random());
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
    let mut url = Url::parse(shop.endpoint("authorization_endpoint")).map_err(|_| StatusCode::BAD_GATEWAY)?;
    url.query_pairs_mut().extend_pairs([
        ("client_id", "example"),
        ("response_type", "code"),
        ("scope", "openid profile phone"),
        ("redirect_uri", &shop.callback()),
        ("state", &state),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ]);
    Ok(led_to(url.as_str(), &shop, Some(Session::Away { state, verifier })))
}

/// Takes back whoever was sent: the answer must be the provider's, and of this browser's own question.
async fn callback(
    State(shop): State<Arc<Shop>>,
    Query(answer): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<Response, StatusCode> {
    let Some(Session::Away { state, verifier }) = shop.session(&headers) else { return Ok(led_to("/sign-in", &shop, None)) };
    let is_ours = answer.get("state") == Some(&state) && answer.get("iss").map(String::as_str) == shop.provider["issuer"].as_str();
    let code = answer.get("code").filter(|_| is_ours).ok_or(StatusCode::BAD_REQUEST)?;
    let session = shop.redeem(code, &verifier).await.map_err(|_| StatusCode::BAD_GATEWAY)?;
    Ok(led_to("/", &shop, Some(session)))
}

impl Shop {
    async fn redeem(&self, code: &str, verifier: &str) -> Result<Session, Fault> {
        let fields =
            [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", &self.callback()), ("code_verifier", verifier)];
        let call = self.http.post(self.endpoint("token_endpoint")).basic_auth("example", Some(&self.secret)).form(&fields);
        let tokens: Value = call.send().await?.error_for_status()?.json().await?;
        let token = tokens["access_token"].as_str().ok_or("no access token")?;
        let call = self.http.get(self.endpoint("userinfo_endpoint")).bearer_auth(token);
        let person = call.send().await?.error_for_status()?.json().await?;
        Ok(Session::Here { person, id_token: tokens["id_token"].as_str().unwrap_or_default().to_owned() })
    }
}

/// Signs out here, and at Beonho.
async fn sign_out(State(shop): State<Arc<Shop>>, headers: HeaderMap) -> Result<Response, StatusCode> {
    let session = cookie_of(&headers).and_then(|name| shop.sessions().remove(&name));
    let Some(Session::Here { id_token, .. }) = session else { return Ok(led_to("/", &shop, None)) };
    let mut url = Url::parse(shop.endpoint("end_session_endpoint")).map_err(|_| StatusCode::BAD_GATEWAY)?;
    let back = format!("{}/", shop.home);
    url.query_pairs_mut().extend_pairs([("id_token_hint", id_token), ("post_logout_redirect_uri", back)]);
    Ok(led_to(url.as_str(), &shop, None))
}

async fn show(State(shop): State<Arc<Shop>>, headers: HeaderMap) -> Html<String> {
    let known = match shop.session(&headers) {
        Some(Session::Here { person, .. }) => {
            let text = |name: &str| person[name].as_str().unwrap_or_default().replace('&', "&amp;").replace('<', "&lt;");
            let out = "<form method=\"post\" action=\"/sign-out\"><button>Sign out</button></form>";
            format!("<p>{}, {}</p>{out}", text("name"), text("phone_number"))
        }
        _ => "<a href=\"/sign-in\">Sign in</a>".to_owned(),
    };
    Html(format!("<!doctype html><html lang=\"en\"><title>An example</title><h1>An example</h1>{known}</html>"))
}

#[tokio::main]
#[expect(clippy::disallowed_methods, reason = "Beonho's settings are not this program's")]
async fn main() -> Result<(), Fault> {
    let usage = "usage: CLIENT_SECRET=… HOME_URL=… relying_party ISSUER";
    let (issuer, set) = (std::env::args().nth(1).ok_or(usage)?, |name| std::env::var(name).map_err(|_| usage));
    let (secret, home) = (set("CLIENT_SECRET")?, set("HOME_URL")?);
    // Beonho's reqwest leaves the choice of a TLS library to whoever uses it.
    rustls::crypto::ring::default_provider().install_default().map_err(|_| "a TLS library was chosen before")?;
    let http = Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    let discovery = format!("{issuer}/.well-known/openid-configuration");
    let provider: Value = http.get(discovery).send().await?.error_for_status()?.json().await?;
    let address = home.trim_start_matches("http://").to_owned();
    let shop = Shop { http, provider, secret, home, sessions: Mutex::default() };
    let app = Router::new()
        .route("/", routing::get(show))
        .route("/sign-in", routing::get(sign_in))
        .route("/callback", routing::get(callback))
        .route("/sign-out", routing::post(sign_out))
        .with_state(Arc::new(shop));
    let listener = tokio::net::TcpListener::bind(&address).await?;
    println!("listening on http://{address}");
    Ok(axum::serve(listener, app).await?)
}
