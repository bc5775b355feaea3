//! What goes on between requests: what is over is forgotten, and the vendors are asked what became of texts. Every replica may run it.

use std::sync::Arc;
use std::time::Duration;

use crate::server::Service;
use crate::server::store::StoreFault;

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

/// Works until the server is told to stop.
pub(super) async fn run(service: Arc<Service>) {
    tokio::join!(
        sweep_again_and_again(&service),
        poll_again_and_again(&service),
        write_refusals_again_and_again(&service),
        write_tally_again_and_again(&service),
        look_at_costs_again_and_again(&service)
    );
}

async fn write_tally_again_and_again(service: &Service) {
    while !service.stopping.is_cancelled() {
        report(service.verifier.write_tally().await);
        rest(service, TALLY_PERIOD).await;
    }
}

async fn look_at_costs_again_and_again(service: &Service) {
    while !service.stopping.is_cancelled() {
        report(service.verifier.warn_of_costs().await);
        rest(service, COSTS_PERIOD).await;
    }
}

async fn write_refusals_again_and_again(service: &Service) {
    while !service.stopping.is_cancelled() {
        report(service.verifier.write_refusals().await);
        rest(service, REFUSALS_PERIOD).await;
    }
}

/// Writes what waits, once more when the last request was answered.
pub(super) async fn write_what_waits(service: &Service) {
    report(service.verifier.write_refusals().await);
    report(service.verifier.write_tally().await);
}

async fn sweep_again_and_again(service: &Service) {
    while !service.stopping.is_cancelled() {
        report(sweep(service).await);
        rest(service, SWEEP_PERIOD).await;
    }
}

async fn poll_again_and_again(service: &Service) {
    while service.verifier.providers.tells_delivery() && !service.stopping.is_cancelled() {
        report(service.verifier.poll_deliveries().await);
        rest(service, POLL_PERIOD).await;
    }
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
