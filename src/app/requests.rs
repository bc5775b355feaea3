//! What holds a request together from outside: its name, in its answer and in its lines of the log, and its place in the metrics.

mod route;
mod traceparent;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

use crate::server::Service;
use crate::server::clock::Stopwatch;
use crate::server::entropy;
use crate::server::metrics::Metrics;
use route::{method_of, route_of};
use traceparent::traceparent;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// What nginx writes for a client that left before it was answered.
const CLIENT_LEFT: u16 = 499;

/// What a request is called. It is made here, whatever name it came with: nobody writes into our log.
#[derive(Clone)]
pub(super) struct RequestId(pub(super) String);

/// Which listener a request came to, where it is not the public one: the same paths lead elsewhere there.
#[derive(Clone, Copy)]
pub(super) struct Listener(pub(super) &'static str);

/// A request under way.
struct Watched<'a> {
    metrics: &'a Metrics,
    route: String,
    method: &'static str,
    status: u16,
    watch: Stopwatch,
}

impl Drop for Watched<'_> {
    fn drop(&mut self) {
        self.metrics.observe_request(&self.route, self.method, self.status, self.watch.elapsed());
    }
}

/// Holds for every request, files too.
pub(super) async fn watch(State(service): State<Arc<Service>>, mut request: Request, next: Next) -> Response {
    let (route, method) = (route_of(&request), method_of(request.method()));
    let mut watched = Watched { metrics: &service.metrics, route, method, status: CLIENT_LEFT, watch: Stopwatch::start() };
    let id = entropy::request_id();
    // At this level, so that an error has it too where nothing else is logged.
    let span = tracing::error_span!("request", id, traceparent = traceparent(request.headers()));
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).instrument(span).await;
    watched.status = response.status().as_u16();
    let name = HeaderValue::try_from(id).unwrap_or(HeaderValue::from_static("-"));
    response.headers_mut().insert(X_REQUEST_ID, name);
    response
}
