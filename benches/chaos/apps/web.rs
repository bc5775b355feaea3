//! Calls as browsers and applications make them, and what becomes of their answers.

use std::net::SocketAddr;
use std::time::Duration;

use super::plan::Fate;
use crate::replicas::Replicas;
use crate::wire::{Message, Wire};

/// How long an answer is waited for: longer than any time limit of the server.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often a call that nobody takes is tried, and the wait between.
const KNOCKS: usize = 200;
const KNOCK_PAUSE: Duration = Duration::from_millis(20);

/// A call, before it is known who makes it.
pub struct Request {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// With its query.
    pub path: String,
    /// Header lines, each with its end.
    pub head: String,
    /// A form, or nothing.
    pub body: String,
}

impl Request {
    /// What goes over the wire. The address is what the proxy in front is said to have seen.
    pub fn text(&self, requester: &str) -> String {
        let Self { method, path, head, body } = self;
        let kind = if *method == "POST" { "content-type: application/x-www-form-urlencoded\r\n" } else { "" };
        let length = body.len();
        format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nx-forwarded-for: {requester}\r\naccept: text/plain\r\n\
             {head}{kind}content-length: {length}\r\n\r\n{body}"
        )
    }
}

/// Asks one replica; none where it is down.
pub async fn ask_one(replica: SocketAddr, text: &str) -> Option<Message> {
    let asked = async {
        let mut wire = Wire::open(replica).await.ok()?;
        wire.write(text.as_bytes()).await.ok()?;
        wire.read(true).await.ok()
    };
    tokio::time::timeout(PATIENCE, asked).await.ok().flatten()
}

/// Asks a replica, or the next where nobody listens, as a balancer would. None where nobody knows what became of it.
pub async fn ask(replicas: &Replicas, first: usize, text: &str, fate: Fate) -> (usize, Option<Message>) {
    let addresses = replicas.addresses();
    for knock in 0..KNOCKS {
        let replica = (first + knock) % addresses.len();
        if let Ok(wire) = Wire::open(addresses[replica]).await {
            let asked = speak(replicas, replica, wire, text, fate);
            return (replica, tokio::time::timeout(PATIENCE, asked).await.ok().flatten());
        }
        tokio::time::sleep(KNOCK_PAUSE).await;
    }
    (first, None)
}

async fn speak(replicas: &Replicas, replica: usize, mut wire: Wire, text: &str, fate: Fate) -> Option<Message> {
    wire.write(text.as_bytes()).await.ok()?;
    match fate {
        Fate::Heard => wire.read(true).await.ok(),
        Fate::HungUp { after_ms } => {
            tokio::time::sleep(Duration::from_millis(after_ms)).await;
            None
        }
        Fate::Killed { after_ms, down_ms } => {
            tokio::time::sleep(Duration::from_millis(after_ms)).await;
            replicas.strike(replica, Duration::from_millis(down_ms)).await;
            // It may have answered before it died.
            wire.read(true).await.ok()
        }
    }
}
