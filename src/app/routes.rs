//! The pages and files, and the paths that lead to them.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::QueryRejection;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Router, middleware, routing};
use serde::Deserialize;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::services::{ServeDir, ServeFile};
use tower_http::set_header::SetResponseHeaderLayer;

use super::{door, headers};
use crate::api::call;
use crate::api::flash::Flash;
use crate::api::json;
use crate::api::refusal::Refusal;
use crate::api::visit::{self, LANGUAGE_COOKIE, Visit};
use crate::messages::Locale;
use crate::pages;
use crate::pages::assets::SITE_ROOT;
use crate::pages::sign_up::Shown;
use crate::server::provider::outbox::Outbox;
use crate::server::session::{Cookie, Presented, Session};
use crate::server::{Service, entropy};
use crate::verification::{Outcome, Purpose, VerificationState};

/// How long the database may take to answer while the server calls itself ready; balancers wait little longer for the answer.
const PING_TIME_LIMIT: Duration = Duration::from_secs(2);
const A_YEAR: &str = "public, max-age=31536000, immutable";
const A_DAY: &str = "public, max-age=86400";

/// Every route of the house.
///
/// # Panics
///
/// When `PUBLIC_ORIGIN` is not an origin; the settings were checked at start.
pub fn router(service: Arc<Service>) -> Router {
    // A page may start work while it is drawn. An error says that another router of this process set it already.
    let _ = any_spawner::Executor::init_tokio();
    let csrf = CsrfLayer::new().add_trusted_origin(service.origin.as_str()).expect("PUBLIC_ORIGIN was checked at start");
    let forms = Router::new().route("/api/{name}", routing::post(door::functions));
    let bodies = forms.merge(json::routes());
    let bodies = bodies.layer(middleware::from_fn(door::read_body));
    Router::new()
        .merge(pages())
        .merge(bodies)
        .fallback(door::not_found)
        .method_not_allowed_fallback(door::wrong_method)
        .layer(DefaultBodyLimit::max(door::MAX_BODY_BYTES))
        .layer(csrf)
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn_with_state(Arc::clone(&service), door::house_rules))
        // Once more, for a fault in the error page itself.
        .layer(CatchPanicLayer::new())
        .layer(CompressionLayer::new())
        .merge(files())
        .layer(middleware::map_response_with_state(Arc::clone(&service), headers::secure))
        .with_state(service)
}

/// The pages.
fn pages() -> Router<Arc<Service>> {
    Router::new()
        .route("/", routing::get(sign_up))
        .route("/sign-in", routing::get(sign_in))
        .route("/welcome", routing::get(welcome))
        .route("/cookies", routing::get(cookies))
        .route("/language", routing::get(language))
        .route("/inbox", routing::get(inbox))
        .route("/inbox/messages", routing::get(inbox_messages))
        .route("/healthz", routing::get(async || "live"))
        .route("/readyz", routing::get(ready))
}

/// The files, compressed ahead of time. Those of a build carry their hash in their name.
fn files() -> Router<Arc<Service>> {
    let forever = SetResponseHeaderLayer::overriding(CACHE_CONTROL, kept(A_YEAR));
    let for_a_day = SetResponseHeaderLayer::overriding(CACHE_CONTROL, kept(A_DAY));
    let built = ServeDir::new(format!("{SITE_ROOT}/pkg")).precompressed_br().precompressed_gzip();
    let file = |name: &str| ServeFile::new(format!("{SITE_ROOT}/{name}")).precompressed_br().precompressed_gzip();
    let named = Router::new().route_service("/favicon.svg", file("favicon.svg")).route_service("/robots.txt", file("robots.txt"));
    Router::new()
        .nest_service("/pkg", built)
        .layer(forever)
        .merge(named.layer(for_a_day))
        .layer(middleware::map_response(unreadable_is_not_found))
        .route("/brand.css", routing::get(brand))
}

/// For how long a file is kept. One that is not there may be there in a moment: another replica has it already.
fn kept(lifetime: &'static str) -> impl Fn(&Response) -> Option<HeaderValue> + Clone {
    move |response| {
        let is_there = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
        is_there.then(|| HeaderValue::from_static(lifetime))
    }
}

/// A path that the file system cannot even look up (too long a name) is a file that is not there, and no fault of ours.
async fn unreadable_is_not_found(mut response: Response) -> Response {
    if response.status() == StatusCode::INTERNAL_SERVER_ERROR {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}

async fn sign_up(state: State<Arc<Service>>, parts: Parts) -> Result<Response, Refusal> {
    sign_up_page(&state, &parts, Purpose::SignUp).await
}

async fn sign_in(state: State<Arc<Service>>, parts: Parts) -> Result<Response, Refusal> {
    sign_up_page(&state, &parts, Purpose::SignIn).await
}

async fn sign_up_page(service: &Arc<Service>, parts: &Parts, purpose: Purpose) -> Result<Response, Refusal> {
    let visit = Visit::of(service, parts).await?;
    if visit.was_just_replaced(service.verifier.clock.now()) {
        return Ok(pages::notice::moment(&service.branding, visit.locale, call::page_of(purpose)).await);
    }
    let (session, cookie) = visit.session_to_show(service, parts).await;
    if session.account_id.is_some() {
        let response = Redirect::to("/welcome").into_response();
        return Ok(with_session_cookie(service, response, cookie.as_ref(), true));
    }
    let mut reply = service.verifier.ask(&session).await?;
    let is_verified = reply.status.state == VerificationState::Verified;
    let is_unknown_number = is_verified && reply.status.purpose == Some(Purpose::SignIn);
    reply.status = reply.status.on_page_of(purpose);
    let flash = find_flash(service, parts, &visit, &session);
    let is_flash_shown = flash.is_some();
    let shown = Shown {
        purpose,
        is_unknown_number,
        locale: visit.locale,
        answer: call::answer(visit.locale, &reply),
        flash,
        once: entropy::new_id(),
        branding: service.branding.clone(),
    };
    let response = pages::sign_up::show(shown).await;
    let mut response = with_session_cookie(service, response, cookie.as_ref(), false);
    if is_flash_shown && !visit::changes_nothing(parts) {
        set_cookie(&mut response, &visit::set_flash_cookie(service, ""));
    }
    Ok(response)
}

/// What the page shows once: what a post left for it, or that the session which its visitor had is over.
fn find_flash(service: &Service, parts: &Parts, visit: &Visit, session: &Session) -> Option<Flash> {
    let digest = match &visit.presented {
        Presented::Replaced(grave) => grave.cookie.digest(),
        _ => session.cookie.digest(),
    };
    let mut values = visit::cookies(&parts.headers, service.flash_cookie_name());
    let left = values.find_map(|value| Flash::open(&service.verifier.keys, &digest, value));
    let is_over = matches!(&visit.presented, Presented::Replaced(_) | Presented::Over);
    left.or_else(|| is_over.then(Flash::session_over))
}

fn with_session_cookie(service: &Service, mut response: Response, cookie: Option<&Cookie>, has_account: bool) -> Response {
    if let Some(cookie) = cookie {
        set_cookie(&mut response, &visit::set_session_cookie(service, cookie, has_account));
    }
    response
}

fn set_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}

async fn welcome(State(service): State<Arc<Service>>, parts: Parts) -> Result<Response, Refusal> {
    let visit = Visit::of(&service, &parts).await?;
    let account = match &visit.presented {
        Presented::Live(session) => service.verifier.account(session).await?,
        _ => None,
    };
    let has_account = account.is_some();
    let response = match account {
        Some(account) => pages::welcome::show(&service.branding, visit.locale, account).await,
        None => Redirect::to("/").into_response(),
    };
    Ok(with_session_cookie(&service, response, visit.renewed(&service).await.as_ref(), has_account))
}

async fn cookies(State(service): State<Arc<Service>>, parts: Parts) -> Response {
    pages::notice::cookies(&service.branding, visit::locale(&parts.headers)).await
}

#[derive(Deserialize)]
struct LanguageQuery {
    #[serde(default)]
    to: String,
    #[serde(default)]
    back: String,
}

/// Keeps the language and leads back to a page of ours.
async fn language(
    State(service): State<Arc<Service>>,
    parts: Parts,
    query: Result<Query<LanguageQuery>, QueryRejection>,
) -> Result<Response, Refusal> {
    let Query(LanguageQuery { to, back }) = query.map_err(|_| Outcome::InvalidRequest)?;
    let back = ["/", "/sign-in", "/welcome", "/inbox"].into_iter().find(|path| *path == back).unwrap_or("/");
    let mut response = Redirect::to(back).into_response();
    if let Some(locale) = Locale::from_tag(&to).filter(|_| !visit::changes_nothing(&parts)) {
        let secure = if service.origin.is_https() { "; Secure" } else { "" };
        let tag = locale.tag();
        set_cookie(&mut response, &format!("{LANGUAGE_COOKIE}={tag}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax{secure}"));
    }
    Ok(response)
}

async fn inbox(State(service): State<Arc<Service>>, parts: Parts) -> Result<Response, Refusal> {
    let messages = outbox(&service)?.messages();
    Ok(pages::inbox::show(&service.branding, visit::locale(&parts.headers), messages).await)
}

async fn inbox_messages(State(service): State<Arc<Service>>, parts: Parts) -> Result<Response, Refusal> {
    let html = pages::inbox::fragment(visit::locale(&parts.headers), outbox(&service)?.messages());
    Ok(([(CONTENT_TYPE, "text/html; charset=utf-8"), (CACHE_CONTROL, "no-store")], html).into_response())
}

fn outbox(service: &Service) -> Result<&Outbox, Refusal> {
    service.outbox.as_deref().ok_or_else(|| Outcome::NotFound.into())
}

/// Ready while the database answers in time and nobody told the server to stop.
async fn ready(State(service): State<Arc<Service>>) -> (StatusCode, &'static str) {
    let answers = tokio::time::timeout(PING_TIME_LIMIT, service.verifier.store.ping());
    if service.stopping.is_cancelled() || !matches!(answers.await, Ok(Ok(()))) {
        return (StatusCode::SERVICE_UNAVAILABLE, "not ready");
    }
    (StatusCode::OK, "ready")
}

/// The brand's accent colour, as a file because the policy allows no inline style. Its address names the colour, so it is kept for ever.
async fn brand(State(service): State<Arc<Service>>, uri: Uri) -> Response {
    let is_current = uri.path_and_query().is_some_and(|path| path.as_str() == service.branding.brand_css());
    let lifetime = if is_current { A_YEAR } else { "no-cache" };
    let css = format!(":root{{--accent:{}}}", service.branding.brand_color);
    ([(CONTENT_TYPE, "text/css"), (CACHE_CONTROL, lifetime)], css).into_response()
}
