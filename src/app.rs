//! The route table, and what holds for every request.

mod door;
mod headers;
mod routes;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::{Router, middleware, routing};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;

use crate::api::json;
use crate::server::Service;

/// The largest body that is read, in bytes. The longest form of ours has a tenth of it.
pub const MAX_BODY_BYTES: usize = 16 * 1024;
/// How long a body may take to arrive.
pub const BODY_TIME_LIMIT: Duration = Duration::from_secs(10);

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
        .merge(routes::pages())
        .merge(bodies)
        .fallback(door::not_found)
        .method_not_allowed_fallback(door::wrong_method)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(csrf)
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn_with_state(Arc::clone(&service), door::house_rules))
        // Once more, for a fault in the error page itself.
        .layer(CatchPanicLayer::new())
        .layer(CompressionLayer::new())
        .merge(routes::files())
        .layer(middleware::map_response_with_state(Arc::clone(&service), headers::secure))
        .with_state(service)
}
