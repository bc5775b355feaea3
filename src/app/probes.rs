//! Whether the server lives, and whether it is ready.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;

use crate::server::Service;

/// How long the database may take to answer while the server calls itself ready; balancers wait little longer for the answer.
const PING_TIME_LIMIT: Duration = Duration::from_secs(2);

/// Alive while it answers at all.
pub(super) async fn live() -> &'static str {
    "live"
}

/// Ready while the database answers in time and nobody told the server to stop.
pub(super) async fn ready(State(service): State<Arc<Service>>) -> (StatusCode, &'static str) {
    let answers = tokio::time::timeout(PING_TIME_LIMIT, service.verifier.store.ping());
    if service.stopping.is_cancelled() || !matches!(answers.await, Ok(Ok(()))) {
        return (StatusCode::SERVICE_UNAVAILABLE, "not ready");
    }
    (StatusCode::OK, "ready")
}
