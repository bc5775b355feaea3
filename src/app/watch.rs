//! Looks at a day's sends for abuse now and then, and tells of what it finds once a day.

use std::sync::Arc;
use std::time::Duration;

use crate::server::Service;
use crate::server::oversight::abuse::Report;
use crate::server::store::StoreFault;
use crate::verification::AbuseThresholds;
use crate::verification::policy::DAY;

/// How often. It reads a day of sends.
const PERIOD: Duration = Duration::from_mins(10);

/// Works until the server is told to stop.
pub(super) async fn run(service: Arc<Service>, thresholds: AbuseThresholds) {
    while !service.stopping.is_cancelled() {
        if let Err(fault) = look(&service, &thresholds).await {
            tracing::warn!(%fault, "nobody looked for abuse: it will be tried again");
        }
        tokio::select! {
            () = service.stopping.cancelled() => {}
            () = tokio::time::sleep(PERIOD) => {}
        }
    }
}

/// Of all replicas one tells of a source, and once a day.
async fn look(service: &Service, thresholds: &AbuseThresholds) -> Result<(), StoreFault> {
    let (store, now) = (&service.verifier.store, service.verifier.clock.now());
    let facts = store.find_abuse(now - DAY).await?;
    for event in Report::of(&facts, thresholds, now - DAY, now).events(now) {
        if store.add_event(&event).await? {
            tracing::warn!(about = event.about, detail = event.detail, "this looks like abuse; nothing is blocked by it");
        }
    }
    Ok(())
}
