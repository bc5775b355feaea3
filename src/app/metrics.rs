//! The listener of the metrics: one path, for whoever may reach its address, which is never the public one.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::{Router, routing};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::listener::{self, Limits};
use super::probes;
use crate::server::Service;

/// Prometheus' text format.
const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";
/// Few ask, and each again and again by the same connection.
const MAX_CONNECTIONS: usize = 32;

/// The metrics cannot be told where the settings say.
#[derive(Debug, thiserror::Error)]
#[error("METRICS_ADDR: {address} cannot be listened on ({source}): choose another, or off")]
pub struct NoMetrics {
    address: SocketAddr,
    source: std::io::Error,
}

pub(super) async fn listen(address: Option<SocketAddr>) -> Result<Option<TcpListener>, NoMetrics> {
    let Some(address) = address else { return Ok(None) };
    TcpListener::bind(address).await.map(Some).map_err(|source| NoMetrics { address, source })
}

/// The metrics as they are told, until the server has ended.
pub(super) struct Telling {
    ended: CancellationToken,
    telling: Option<JoinHandle<()>>,
}

impl Telling {
    pub(super) fn begin(listener: Option<TcpListener>, service: &Arc<Service>) -> Self {
        let ended = CancellationToken::new();
        let app = Router::new().route("/metrics", routing::get(tell)).with_state(Arc::clone(service));
        let limits = Limits { connections: MAX_CONNECTIONS, connections_of_peer: MAX_CONNECTIONS, ..Limits::default() };
        let telling =
            listener.map(|listener| tokio::spawn(listener::serve(listener, app, limits, ended.clone().cancelled_owned())));
        Self { ended, telling }
    }

    pub(super) async fn end(self) {
        self.ended.cancel();
        if let Some(telling) = self.telling {
            let _ = telling.await;
        }
    }
}

/// Looks at the database meanwhile: a server that nobody visits notices too when that fails.
async fn tell(State(service): State<Arc<Service>>) -> impl IntoResponse {
    let (is_up, budgets) = tokio::join!(probes::is_database_up(&service), probes::budgets(&service));
    service.metrics.set_database(is_up, &budgets.spent, &budgets.held);
    ([(CONTENT_TYPE, TEXT_FORMAT)], service.metrics.text())
}
