//! What goes on between requests: what is over is forgotten, and the vendors are asked what became of texts. Every replica may run it.

use std::sync::Arc;
use std::time::Duration;

use crate::server::Service;
use crate::server::oversight::abuse::Report;
use crate::server::store::StoreFault;
use crate::verification::AbuseThresholds;
use crate::verification::policy::DAY;

/// How often what is over is forgotten: sends and challenges a day after they began, sessions when they end.
const SWEEP_PERIOD: Duration = Duration::from_mins(1);
/// How many rows of a kind go at once: few enough that nobody waits for the writer.
const SWEEP_BATCH: u32 = 500;
/// How often it looks whether a vendor is due to be asked.
const POLL_PERIOD: Duration = Duration::from_secs(1);
/// How often the tally is written: another replica's guard knows of a send so much later.
const TALLY_PERIOD: Duration = Duration::from_millis(250);
/// How often it is looked at what the day cost.
const COSTS_PERIOD: Duration = Duration::from_secs(10);
/// How often refusals are written for the operator.
const REFUSALS_PERIOD: Duration = Duration::from_secs(5);

/// How often it is looked whether an application is to be told that a session is over.
const NOTICES_PERIOD: Duration = Duration::from_secs(1);
/// How often it is looked whether a key is due to be made.
const KEYS_PERIOD: Duration = Duration::from_mins(10);
/// How often it is looked for abuse. It reads a day of sends.
const ABUSE_PERIOD: Duration = Duration::from_mins(10);

/// Works until the server is told to stop.
pub(super) async fn run(service: Arc<Service>, thresholds: AbuseThresholds) {
    let verifier = &service.verifier;
    let polls = async {
        if verifier.providers.is_polled() {
            again_and_again(&service, POLL_PERIOD, || verifier.poll_deliveries()).await;
        }
    };
    tokio::join!(
        again_and_again(&service, SWEEP_PERIOD, || sweep(&service)),
        polls,
        again_and_again(&service, REFUSALS_PERIOD, || verifier.write_refusals()),
        again_and_again(&service, TALLY_PERIOD, || verifier.write_tally()),
        again_and_again(&service, COSTS_PERIOD, || verifier.warn_of_costs()),
        again_and_again(&service, NOTICES_PERIOD, || service.authorizer.deliver_notices()),
        again_and_again(&service, KEYS_PERIOD, || service.authorizer.keep_keys()),
        again_and_again(&service, ABUSE_PERIOD, || tell_of_abuse(&service, &thresholds))
    );
}

async fn again_and_again<W: Future<Output = Result<(), StoreFault>>>(service: &Service, period: Duration, work: impl Fn() -> W) {
    while !service.stopping.is_cancelled() {
        report(work().await);
        rest(service, period).await;
    }
}

/// Of all replicas one tells of a source, and once a day.
async fn tell_of_abuse(service: &Service, thresholds: &AbuseThresholds) -> Result<(), StoreFault> {
    let (store, now) = (&service.verifier.store, service.verifier.clock.now());
    let facts = store.find_abuse(now - DAY).await?;
    for event in Report::of(&facts, thresholds, now).events(now) {
        if store.add_event(&event).await? {
            tracing::warn!(about = event.about, detail = event.detail, "this looks like abuse; nothing is blocked by it");
        }
    }
    Ok(())
}

/// Writes what waits, once more when the last request was answered.
pub(super) async fn write_what_waits(service: &Service) {
    report(service.verifier.write_refusals().await);
    report(service.verifier.write_tally().await);
}

async fn rest(service: &Service, period: Duration) {
    tokio::select! {
        () = service.stopping.cancelled() => {}
        () = tokio::time::sleep(period) => {}
    }
}

fn report(result: Result<(), StoreFault>) {
    if let Err(fault) = result {
        let cause = std::error::Error::source(&fault).map(ToString::to_string);
        tracing::warn!(%fault, cause, "background work will be tried again");
    }
}

async fn sweep(service: &Service) -> Result<(), StoreFault> {
    let verifier = &service.verifier;
    while verifier.store.sweep(&verifier.policy, verifier.clock.now(), SWEEP_BATCH).await? {
        if service.stopping.is_cancelled() {
            break;
        }
    }
    Ok(())
}
