//! Whether the server lives, and whether it is ready.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;

use crate::server::Service;
use crate::server::store::{Hold, StoreFault};
use crate::verification::GuardMode;

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

/// What is asked of the database for one scrape.
#[derive(Default)]
pub(super) struct Budgets {
    /// How much of each budget is spent, from 0 to 1.
    pub spent: Vec<(&'static str, f64)>,
    /// How many prefixes and countries are held.
    pub held: Vec<(&'static str, usize)>,
}

/// How the budgets stand and what is held; nothing when the database does not tell in time.
pub(super) async fn budgets(service: &Service) -> Budgets {
    let told = tokio::time::timeout(PING_TIME_LIMIT, find_budgets(service)).await;
    told.ok().and_then(Result::ok).unwrap_or_default()
}

async fn find_budgets(service: &Service) -> Result<Budgets, StoreFault> {
    let verifier = &service.verifier;
    let (policy, now) = (&verifier.policy, verifier.clock.now());
    let sends = verifier.store.find_service_sends(now).await?;
    let mut spent = vec![("day", ratio(i64::try_from(sends).unwrap_or(i64::MAX), i64::from(policy.max_sends_per_day)))];
    if let (Some(costs), Some(tariff)) = (verifier.find_costs().await?, &policy.tariff)
        && let Some(per_day) = tariff.per_day
    {
        let for_abroad = tariff.part(100 - policy.shares.home).unwrap_or(0);
        spent.extend([("money", ratio(costs.spent, per_day)), ("money_abroad", ratio(costs.abroad, for_abroad))]);
    }
    let holds = verifier.store.find_holds().await?;
    let held = ["prefix", "country"].map(|kind| {
        let is_held = |hold: &&Hold| hold.until > now && hold.mode == GuardMode::On && hold.key.kind() == kind;
        (kind, holds.iter().filter(is_held).count())
    });
    Ok(Budgets { spent, held: held.to_vec() })
}

#[expect(clippy::cast_precision_loss, reason = "a dashboard sees no millionth")]
fn ratio(spent: i64, budget: i64) -> f64 {
    if budget == 0 { 1.0 } else { spent as f64 / budget as f64 }
}
