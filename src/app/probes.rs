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
    if service.stopping.is_cancelled() || !is_database_up(&service).await {
        return (StatusCode::SERVICE_UNAVAILABLE, "not ready");
    }
    (StatusCode::OK, "ready")
}

/// Whether the database answers in time and can be written.
pub(super) async fn is_database_up(service: &Service) -> bool {
    let answers = tokio::time::timeout(PING_TIME_LIMIT, service.verifier.store.ping());
    matches!(answers.await, Ok(Ok(())))
}

/// How much of the day's sends is spent, from 0 to 1; none when the database does not tell in time.
pub(super) async fn day_spent(service: &Service) -> Option<f64> {
    let verifier = &service.verifier;
    let sends = tokio::time::timeout(PING_TIME_LIMIT, verifier.store.find_service_sends(verifier.clock.now()));
    let sends = u32::try_from(sends.await.ok()?.ok()?).unwrap_or(u32::MAX);
    Some(f64::from(sends) / f64::from(verifier.policy.max_sends_per_day))
}
