//! The paths of the house, and what they lead to.

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::{Json, Router, middleware, routing};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;

use super::{door, files, headers, probes, requests};
use crate::api::json::{self, openapi};
use crate::api::{hooks, oidc};
use crate::pages::oauth::{authorize, end_session};
use crate::pages::{inbox, language, notice, sign_up, welcome};
use crate::server::Service;

pub(super) fn router(service: Arc<Service>) -> Router {
    // A page may start work while it is drawn. An error says that another router of this process set it already.
    let _ = any_spawner::Executor::init_tokio();
    let csrf = CsrfLayer::new().add_trusted_origin(service.origin.as_str()).expect("PUBLIC_ORIGIN was checked at start");
    let forms = Router::new().route("/api/{name}", routing::post(door::functions));
    let confirmed = Router::new().route("/oauth/end-session/confirm", routing::post(end_session::confirm));
    let bodies = forms.merge(json::routes()).merge(confirmed);
    let bodies = bodies.layer(middleware::from_fn(door::read_body));
    Router::new()
        .merge(pages())
        .merge(bodies)
        .route("/v1/openapi.json", routing::get(async || Json(openapi::document())))
        .fallback(door::not_found)
        .layer(csrf)
        .merge(applications())
        .merge(hooks::routes(&service).layer(middleware::from_fn(door::read_body)))
        .method_not_allowed_fallback(door::wrong_method)
        .layer(DefaultBodyLimit::max(door::MAX_BODY_BYTES))
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn_with_state(Arc::clone(&service), door::every_request))
        // Once more, for a fault in the error page itself.
        .layer(CatchPanicLayer::new())
        .layer(CompressionLayer::new())
        .merge(files::routes())
        .layer(middleware::map_response_with_state(Arc::clone(&service), headers::secure))
        .layer(middleware::from_fn_with_state(Arc::clone(&service), requests::watch))
        .with_state(service)
}

/// What other origins may post to: no cookie comes with such a post, or none is looked at.
fn applications() -> Router<Arc<Service>> {
    Router::new()
        .route("/oauth/authorize", routing::get(authorize::authorize).post(authorize::post))
        .route("/oauth/end-session", routing::get(end_session::ask).post(authorize::post))
        .merge(oidc::routes())
        .layer(middleware::from_fn(door::read_body))
}

fn pages() -> Router<Arc<Service>> {
    Router::new()
        .route("/", routing::get(sign_up::sign_up))
        .route("/sign-in", routing::get(sign_up::sign_in))
        .route("/oauth/continue", routing::get(authorize::go_on))
        .route("/welcome", routing::get(welcome::welcome))
        .route("/cookies", routing::get(notice::cookies))
        .route("/language", routing::get(language::language))
        .route("/inbox", routing::get(inbox::inbox))
        .route("/inbox/messages", routing::get(inbox::messages))
        .route("/healthz", routing::get(probes::live))
        .route("/readyz", routing::get(probes::ready))
}
