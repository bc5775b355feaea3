//! Accepts connections within limits of number and time, and lets those that are there finish when it is told to stop.
//!
//! A connection costs its owner something: who sends nothing, half a head, nothing but pings, or reads nothing is sent away ([`Limits`]), and
//! where there is no room the connection that rested longest makes some.

mod guests;
mod pace;
#[cfg(test)]
mod tests;

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use socket2::{SockRef, TcpKeepalive};
use tokio::net::{TcpListener, TcpStream};
use tower::{ServiceExt, service_fn};

use guests::{Guest, Guests};
use pace::Paced;

/// How long requests that are under way may take after the server is told to stop: a call of a vendor takes five seconds at most.
const STOP_TIME_LIMIT: Duration = Duration::from_secs(20);
/// How long it rests when the system has no more file handles to give.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// How long nothing is heard before the system asks whether the other side is still there, and how often: phones leave without a word.
const KEEPALIVE: TcpKeepalive = TcpKeepalive::new().with_time(Duration::from_mins(1)).with_interval(Duration::from_secs(15));

/// What a connection may cost.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// How many connections are held at once.
    pub connections: usize,
    /// How many of one address (IPv6: /64), where each visitor comes from its own.
    pub connections_of_peer: usize,
    /// How long the first byte may take, and after it a whole head.
    pub head: Duration,
    /// How long a connection may rest between requests: longer than balancers keep theirs (60 s at AWS ALB and nginx), so that none reuses one
    /// that is just being closed.
    pub idle: Duration,
    /// How long an answer may wait for the other side to read on.
    pub write: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4096,
            connections_of_peer: 1024,
            head: Duration::from_secs(15),
            idle: Duration::from_secs(75),
            write: Duration::from_secs(30),
        }
    }
}

impl Limits {
    fn shortest(&self) -> Duration {
        self.head.min(self.idle).min(self.write)
    }

    /// Behind a proxy all come from one address.
    #[must_use]
    pub(super) fn behind(proxies: usize) -> Self {
        let limits = Self::default();
        if proxies == 0 { limits } else { Self { connections_of_peer: limits.connections, ..limits } }
    }
}

/// Serves until `stop`, then until the requests under way are answered.
pub(super) async fn serve(listener: TcpListener, app: Router, limits: Limits, stop: impl Future<Output = ()> + Send) {
    let (guests, graceful) = (Guests::new(limits), GracefulShutdown::new());
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &guests) => accepted,
            () = &mut stop => break,
        };
        // Whoever finds no room although nobody rests is sent away.
        if let Some((stream, guest)) = accepted.and_then(|(stream, peer)| Some((stream, guests.admit(peer)?))) {
            spawn(stream, guest, app.clone(), &graceful);
        }
    }
    drop(listener);
    if tokio::time::timeout(STOP_TIME_LIMIT, graceful.shutdown()).await.is_err() {
        tracing::warn!("some connections did not end in time and are cut");
    }
}

async fn accept(listener: &TcpListener, guests: &Guests) -> Option<(TcpStream, SocketAddr)> {
    match listener.accept().await {
        Ok(accepted) => Some(accepted),
        Err(fault) => {
            tracing::warn!(%fault, "a connection was not accepted");
            // Perhaps there are no more file handles: one that rests has one to give.
            guests.make_room();
            tokio::time::sleep(ACCEPT_PAUSE).await;
            None
        }
    }
}

fn spawn(stream: TcpStream, guest: Guest, app: Router, graceful: &GracefulShutdown) {
    let _ = stream.set_nodelay(true);
    let _ = SockRef::from(&stream).set_tcp_keepalive(&KEEPALIVE);
    let (peer, progress) = (guest.peer, Arc::clone(&guest.progress));
    let paced = Paced::new(stream, Arc::clone(&progress));
    let watched = Arc::clone(&progress);
    let service = service_fn(move |mut request: Request<_>| {
        let turn = progress.begin();
        request.extensions_mut().insert(ConnectInfo(peer));
        let answered = app.clone().oneshot(request.map(Body::new));
        async move {
            let answer = answered.await.unwrap_or_else(|never| match never {});
            drop(turn);
            Ok::<Response<Body>, Infallible>(answer)
        }
    });
    let mut builder = Builder::new(TokioExecutor::new());
    // The pace is ours to keep: hyper's own limit of a head would count the rest between two requests too.
    builder.http1().header_read_timeout(None);
    builder.http2().max_concurrent_streams(64);
    let connection = builder.serve_connection(TokioIo::new(paced), TowerToHyperService::new(service)).into_owned();
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        // Whatever ends a connection early is the other side's doing, or it made room for another.
        tokio::select! {
            _ = connection => {}
            () = watched.too_slow() => {}
            () = guest.told_to_leave() => {}
        }
        drop(guest);
    });
}
