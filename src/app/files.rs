//! The files that a page loads, and for how long browsers keep them.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::{Router, middleware, routing};
use tower_http::services::{ServeDir, ServeFile};
use tower_http::set_header::SetResponseHeaderLayer;

use crate::pages::assets::SITE_ROOT;
use crate::server::Service;

const A_YEAR: &str = "public, max-age=31536000, immutable";
const A_DAY: &str = "public, max-age=86400";

/// The files, compressed ahead of time. Those of a build carry their hash in their name.
pub(super) fn routes() -> Router<Arc<Service>> {
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

/// The brand's accent colour, as a file because the policy allows no inline style. Its address names the colour, so it is kept for ever.
async fn brand(State(service): State<Arc<Service>>, uri: Uri) -> Response {
    let is_current = uri.path_and_query().is_some_and(|path| path.as_str() == service.branding.brand_css());
    let lifetime = if is_current { A_YEAR } else { "no-cache" };
    let css = format!(":root{{--accent:{}}}", service.branding.brand_color);
    ([(CONTENT_TYPE, "text/css"), (CACHE_CONTROL, lifetime)], css).into_response()
}
