//! The files that a page loads, and for how long browsers keep them.

mod embedded;

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::{Router, routing};
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::server::Service;
use embedded::Embedded;

const A_YEAR: &str = "public, max-age=31536000, immutable";
/// Under `cargo leptos watch` a changed style keeps its name.
const AS_NAMED: &str = if cfg!(debug_assertions) { "no-cache" } else { A_YEAR };
const A_DAY: &str = "public, max-age=86400";

/// The files, compressed ahead of time. Those of a build carry their hash in their name.
pub(super) fn routes() -> Router<Arc<Service>> {
    let forever = SetResponseHeaderLayer::overriding(CACHE_CONTROL, kept(AS_NAMED));
    let for_a_day = SetResponseHeaderLayer::overriding(CACHE_CONTROL, kept(A_DAY));
    let within = |folder: &str| ServeDir::with_backend(folder, Embedded).precompressed_br().precompressed_gzip();
    let file = |router: Router<_>, path| router.route_service(path, within(""));
    let named = ["/favicon.svg", "/robots.txt", "/work.js"].into_iter().fold(Router::new(), file);
    Router::new()
        .nest_service("/pkg", within("pkg"))
        .layer(forever)
        .merge(named.layer(for_a_day))
        .route("/brand.css", routing::get(brand))
}

/// For how long a file is kept. One that is not there may be there in a moment: another replica has it already.
fn kept(lifetime: &'static str) -> impl Fn(&Response) -> Option<HeaderValue> + Clone {
    move |response| {
        let is_there = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
        is_there.then(|| HeaderValue::from_static(lifetime))
    }
}

/// The brand's accent colour, as a file because the policy allows no inline style. Its address names the colour, so it is kept for ever.
async fn brand(State(service): State<Arc<Service>>, uri: Uri) -> Response {
    let is_current = uri.path_and_query().is_some_and(|path| path.as_str() == service.branding.brand_css());
    let lifetime = if is_current { A_YEAR } else { "no-cache" };
    let css = format!(":root{{--accent:{}}}", service.branding.brand_color);
    ([(CONTENT_TYPE, "text/css"), (CACHE_CONTROL, lifetime)], css).into_response()
}
