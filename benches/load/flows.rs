//! Flows: as many at once as there are connections, until enough are done or the time is over.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::caller::{self, Answer, Call};
use super::server::Fault;
use super::vendor::Vendor;
use super::wire::Wire;

/// Every flow of this process has a number and an address of its own.
static NEXT_PERSON: AtomicU64 = AtomicU64::new(0);

/// What is to be done.
pub struct Load {
    /// The server.
    pub address: SocketAddr,
    /// Where codes are read.
    pub vendor: Arc<Vendor>,
    /// How many flows go on at once.
    pub connections: u64,
    /// How many flows in all.
    pub flows: u64,
    /// How long at most.
    pub limit: Duration,
}

/// What it took.
#[derive(Default)]
pub struct Measured {
    /// How long each start took, sorted.
    pub starts: Vec<Duration>,
    /// How long each check took, sorted.
    pub checks: Vec<Duration>,
    /// Flows that ended otherwise than verified.
    pub failed: u64,
    /// How long all took.
    pub elapsed: Duration,
    /// Seconds of processor time of the server.
    pub cpu_seconds: f64,
    /// The server's peak memory.
    pub peak_mib: f64,
}

impl Load {
    /// Runs the flows.
    pub async fn run(self) -> Result<Measured, Fault> {
        let begun_at = now();
        let (end, left) = (begun_at + self.limit, Arc::new(AtomicU64::new(self.flows)));
        let workers: Vec<_> = (0..self.connections)
            .map(|_| {
                let (vendor, left) = (Arc::clone(&self.vendor), Arc::clone(&left));
                let address = self.address;
                tokio::spawn(async move { work(Wire::open(address).await?, &vendor, &left, end).await })
            })
            .collect();
        let mut measured = Measured::default();
        for worker in workers {
            let done = worker.await??;
            measured.starts.extend(done.starts);
            measured.checks.extend(done.checks);
            measured.failed += done.failed;
        }
        measured.elapsed = now() - begun_at;
        measured.starts.sort_unstable();
        measured.checks.sort_unstable();
        Ok(measured)
    }
}

async fn work(mut wire: Wire, vendor: &Vendor, left: &AtomicU64, end: Instant) -> Result<Measured, Fault> {
    let mut done = Measured::default();
    let take = |left: u64| left.checked_sub(1);
    while now() < end && left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok() {
        let person = NEXT_PERSON.fetch_add(1, Ordering::Relaxed);
        if let Err(why) = flow(&mut wire, vendor, person, &mut done).await {
            done.failed += 1;
            if done.failed == 1 {
                eprintln!("a flow failed: {why}");
            }
        }
    }
    Ok(done)
}

async fn flow(wire: &mut Wire, vendor: &Vendor, person: u64, done: &mut Measured) -> Result<(), Fault> {
    let number = format!("0109{person:07}");
    let requester = format!("172.{}.{}.{}", 16 + person / 65_536 % 16, person / 256 % 256, person % 256);
    let body = format!(r#"{{"phone_number":"{number}"}}"#);
    let start = Call { method: "POST", path: "/v1/verification", body: &body, cookie: None, requester: &requester };
    let begun_at = now();
    let sent = expect(caller::call(wire, &start).await?, "code_sent")?;
    done.starts.push(now() - begun_at);

    let sms = vendor.messages_to(&format!("+82{}", &number[1..])).pop().ok_or("no message")?;
    let body = format!(r#"{{"code":"{}"}}"#, sms.code);
    let check = Call { path: "/v1/verification/check", body: &body, cookie: sent.cookie.as_deref(), ..start };
    let begun_at = now();
    expect(caller::call(wire, &check).await?, "verified")?;
    done.checks.push(now() - begun_at);
    Ok(())
}

fn expect(answer: Answer, outcome: &str) -> Result<Answer, Fault> {
    if answer.outcome == outcome { Ok(answer) } else { Err(format!("{answer:?} where {outcome} was due").into()) }
}

#[expect(clippy::disallowed_methods, reason = "a stopwatch beside the server")]
pub fn now() -> Instant {
    Instant::now()
}
