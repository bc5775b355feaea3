//! The operator's console: a listener and a router of its own, of which the public ones know nothing.

mod cookies;
mod enter;
mod guard;
mod holds;
mod number;
mod screens;
mod seat;
mod sign_in;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::{Extension, Router, middleware, routing};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;

use super::requests::Listener;
use super::{door, headers, requests};
use crate::server::console::Desk;

pub(super) fn router(desk: Arc<Desk>) -> Router {
    let service = Arc::clone(&desk.service);
    Router::new()
        .merge(ways_in())
        .merge(inside())
        .layer(middleware::from_fn(door::read_body))
        .route("/language", routing::get(screens::language))
        .route("/console.css", routing::get(screens::style))
        .route("/favicon.svg", routing::get(screens::icon))
        .fallback(door::not_found)
        .method_not_allowed_fallback(door::wrong_method)
        .layer(DefaultBodyLimit::max(door::MAX_BODY_BYTES))
        .layer(CsrfLayer::new())
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn_with_state(Arc::clone(&desk), guard::every_request))
        // Once more, for a fault in the error page itself.
        .layer(CatchPanicLayer::new())
        .layer(middleware::map_response_with_state(Arc::clone(&service), headers::secure))
        .layer(middleware::from_fn_with_state(service, requests::watch))
        .layer(Extension(Listener("console")))
        .with_state(desk)
}

fn ways_in() -> Router<Arc<Desk>> {
    Router::new()
        .route("/enter", routing::get(enter::show).post(enter::enter))
        .route("/sign-in", routing::get(sign_in::show).post(sign_in::ask))
        .route("/sign-in/code", routing::get(sign_in::show_code).post(sign_in::check))
        .route("/sign-out", routing::post(enter::leave))
}

fn inside() -> Router<Arc<Desk>> {
    Router::new()
        .route("/", routing::get(screens::today))
        .route("/places", routing::get(screens::places))
        .route("/holds", routing::get(holds::list).post(holds::decide))
        .route("/abuse", routing::get(screens::abuse))
        .route("/audit", routing::get(screens::audit))
        .route("/number", routing::get(number::ask).post(number::look_up))
        .route("/number/{find}", routing::get(number::show))
        .route("/number/{find}/unlock", routing::post(number::unlock))
        .route("/number/{find}/unmask", routing::post(number::unmask))
}
