//! Accepts connections within limits of number and time, and lets those that are there finish when it is told to stop.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::{ServiceExt, service_fn};

/// How many connections are held at once; further ones wait in the system's queue.
const MAX_CONNECTIONS: usize = 4096;
/// How long the head of a request may take to arrive, and how long a connection may idle.
const HEAD_TIME_LIMIT: Duration = Duration::from_secs(15);
/// How long requests that are under way may take after the server is told to stop: a call of a vendor takes five seconds at most.
const STOP_TIME_LIMIT: Duration = Duration::from_secs(20);
/// How long it rests when the system has no more file handles to give.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves until `stop`, then until the requests under way are answered.
pub(super) async fn serve(listener: TcpListener, app: Router, stop: impl Future<Output = ()> + Send) {
    let (limit, graceful) = (Arc::new(Semaphore::new(MAX_CONNECTIONS)), GracefulShutdown::new());
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &limit) => accepted,
            () = &mut stop => break,
        };
        if let Some((stream, peer, permit)) = accepted {
            spawn(stream, peer, permit, app.clone(), &graceful);
        }
    }
    drop(listener);
    if tokio::time::timeout(STOP_TIME_LIMIT, graceful.shutdown()).await.is_err() {
        tracing::warn!("some connections did not end in time and are cut");
    }
}

async fn accept(listener: &TcpListener, limit: &Arc<Semaphore>) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let permit = Arc::clone(limit).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => Some((stream, peer, permit)),
        Err(fault) => {
            tracing::warn!(%fault, "a connection was not accepted");
            tokio::time::sleep(ACCEPT_PAUSE).await;
            None
        }
    }
}

fn spawn(stream: TcpStream, peer: SocketAddr, permit: OwnedSemaphorePermit, app: Router, graceful: &GracefulShutdown) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |mut request: Request<_>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        let answered = app.clone().oneshot(request.map(Body::new));
        async move { Ok::<Response<Body>, Infallible>(answered.await.unwrap_or_else(|never| match never {})) }
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIME_LIMIT);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(HEAD_TIME_LIMIT).max_concurrent_streams(64);
    let connection = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service)).into_owned();
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        // Whatever ends a connection early is the other side's doing.
        let _ = connection.await;
        drop(permit);
    });
}
