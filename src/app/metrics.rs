//! The listener of the metrics: one path, for whoever may reach its address, which is never the public one.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::{Router, routing};

use super::probes;
use crate::server::Service;

/// Prometheus' text format.
const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

pub(super) fn router(service: Arc<Service>) -> Router {
    Router::new().route("/metrics", routing::get(tell)).with_state(service)
}

/// Looks at the database meanwhile: a server that nobody visits notices too when that fails.
async fn tell(State(service): State<Arc<Service>>) -> impl IntoResponse {
    let (is_up, budgets) = tokio::join!(probes::is_database_up(&service), probes::budgets(&service));
    service.metrics.set_database(is_up, &budgets.spent, &budgets.held);
    ([(CONTENT_TYPE, TEXT_FORMAT)], service.metrics.text())
}
