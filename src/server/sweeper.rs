//! Forgets what is over: sends and challenges a day after they began, sessions when they end. Every replica may run it.

use std::sync::Arc;
use std::time::Duration;

use super::Service;

/// How often it looks.
const PERIOD: Duration = Duration::from_secs(60);
/// How many rows of a kind go at once: few enough that nobody waits for the writer.
const BATCH: u32 = 500;

/// Sweeps until the server is told to stop.
pub async fn run(service: Arc<Service>) {
    while !service.stopping.is_cancelled() {
        sweep(&service).await;
        tokio::select! {
            () = service.stopping.cancelled() => {}
            () = tokio::time::sleep(PERIOD) => {}
        }
    }
}

async fn sweep(service: &Service) {
    let verifier = &service.verifier;
    loop {
        match verifier.store.sweep(&verifier.policy, verifier.clock.now(), BATCH).await {
            Ok(true) if !service.stopping.is_cancelled() => {}
            Ok(_) => return,
            Err(fault) => {
                let cause = std::error::Error::source(&fault).map(ToString::to_string);
                tracing::warn!(%fault, cause, "the sweeper will try again");
                return;
            }
        }
    }
}
