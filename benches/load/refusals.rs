//! Refusals: what one address that asks without end costs everybody else.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::{interval, sleep};

use super::caller::{self, Call};
use super::flows::{Load, Measured, now};
use super::server::Fault;
use super::wire::Wire;

/// Who asks, over how many connections, and how often in all.
const REQUESTER: &str = "203.0.113.9";
const CONNECTIONS: u64 = 16;
pub const PER_SECOND: u64 = 10_000;
/// Numbers that a connection asks for in turn.
const NUMBERS: u64 = 400_000;

/// What came of it.
pub struct Refused {
    /// How many asks of that address were refused in a second.
    pub per_second: f64,
    /// Flows of others meanwhile.
    pub strangers: Measured,
}

/// Lets one address ask while others go through their flows.
pub async fn run(strangers: Load) -> Result<Refused, Fault> {
    let refused = Arc::new(AtomicU64::new(0));
    let asking: Vec<_> =
        (0..CONNECTIONS).map(|n| tokio::spawn(ask_without_end(strangers.address, n, Arc::clone(&refused)))).collect();
    // Its first asks are within its budget.
    while refused.load(Ordering::Relaxed) == 0 {
        sleep(Duration::from_millis(20)).await;
    }
    let (before, begun_at) = (refused.load(Ordering::Relaxed), now());
    let strangers = strangers.run().await?;
    let (after, elapsed) = (refused.load(Ordering::Relaxed), now() - begun_at);
    for asking in asking {
        if asking.is_finished() {
            asking.await??;
        } else {
            asking.abort();
        }
    }
    let count = u32::try_from(after - before)?;
    Ok(Refused { per_second: f64::from(count) / elapsed.as_secs_f64(), strangers })
}

async fn ask_without_end(address: SocketAddr, n: u64, refused: Arc<AtomicU64>) -> Result<(), Fault> {
    let mut wire = Wire::open(address).await?;
    // What was missed is caught up with.
    let mut ticks = interval(Duration::from_micros(1_000_000 * CONNECTIONS / PER_SECOND));
    for turn in 0.. {
        ticks.tick().await;
        let body = format!(r#"{{"phone_number":"0108{:07}"}}"#, n * NUMBERS + turn % NUMBERS);
        let call = Call { method: "POST", path: "/v1/verification", body: &body, cookie: None, requester: REQUESTER };
        if caller::call(&mut wire, &call).await?.status == 429 {
            refused.fetch_add(1, Ordering::Relaxed);
        }
    }
    Ok(())
}
