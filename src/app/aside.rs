//! Listeners beside the public one, each at an address of its own: metrics, and the operator's console.

use std::net::SocketAddr;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::listener::{self, Limits};

/// Few ask, and each again and again by the same connection.
const MAX_CONNECTIONS: usize = 32;

/// What has an address of its own cannot be there.
#[derive(Debug, thiserror::Error)]
#[error("{setting}: {address} cannot be listened on ({source}): choose another, or off")]
pub struct NoListener {
    setting: &'static str,
    address: SocketAddr,
    source: std::io::Error,
}

pub(super) async fn listen(setting: &'static str, address: Option<SocketAddr>) -> Result<Option<TcpListener>, NoListener> {
    let Some(address) = address else { return Ok(None) };
    TcpListener::bind(address).await.map(Some).map_err(|source| NoListener { setting, address, source })
}

/// One of them as it answers, until it is told to end.
pub(super) struct Aside {
    ended: CancellationToken,
    serving: Option<JoinHandle<()>>,
}

impl Aside {
    pub(super) fn begin(listener: Option<TcpListener>, app: Router) -> Self {
        let ended = CancellationToken::new();
        let limits = Limits { connections: MAX_CONNECTIONS, connections_of_peer: MAX_CONNECTIONS, ..Limits::default() };
        let serving =
            listener.map(|listener| tokio::spawn(listener::serve(listener, app, limits, ended.clone().cancelled_owned())));
        Self { ended, serving }
    }

    pub(super) async fn end(self) {
        self.ended.cancel();
        if let Some(serving) = self.serving {
            let _ = serving.await;
        }
    }
}
