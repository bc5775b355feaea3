//! The replicas, and what the schedule does to them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures::future::try_join_all;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use super::schedule::Kill;
use super::server::{Fault, Server, Settings};

/// A replica's place: empty while it is down.
type Place = Arc<Mutex<Option<Server>>>;

/// All replicas.
pub struct Replicas {
    settings: Vec<Settings>,
    addresses: Vec<SocketAddr>,
    places: Vec<Place>,
    coming_back: Mutex<JoinSet<Result<(), Fault>>>,
    killed: AtomicUsize,
}

impl Replicas {
    /// Starts all at once, on a database that none has migrated yet.
    pub async fn start(settings: Vec<Settings>) -> Result<Self, Fault> {
        let servers = try_join_all(settings.iter().map(Server::start)).await?;
        let places = servers.into_iter().map(|server| Arc::new(Mutex::new(Some(server)))).collect();
        let addresses = settings.iter().map(|settings| settings.address).collect();
        Ok(Self { settings, addresses, places, coming_back: Mutex::default(), killed: AtomicUsize::default() })
    }

    /// Where they listen.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Kills and restarts as the schedule says.
    pub async fn suffer(&self, kills: &[Kill], begun_at: Instant) {
        for kill in kills {
            tokio::time::sleep_until((begun_at + Duration::from_millis(kill.at_ms)).into()).await;
            self.strike(kill.replica, Duration::from_millis(kill.down_ms)).await;
        }
    }

    /// Kills one, and lets it start again after a while. One that is down already stays down.
    pub async fn strike(&self, replica: usize, down: Duration) {
        let place = &self.places[replica];
        let Some(mut server) = place.lock().await.take() else { return };
        server.kill();
        self.killed.fetch_add(1, Ordering::Relaxed);
        let (place, settings) = (Arc::clone(place), self.settings[replica].clone());
        self.coming_back.lock().await.spawn(async move {
            tokio::time::sleep(down).await;
            let server = Server::start(&settings).await?;
            *place.lock().await = Some(server);
            Ok::<(), Fault>(())
        });
    }

    /// Waits until all are there again, and says how many were killed.
    pub async fn recover(&self) -> Result<usize, Fault> {
        while let Some(back) = self.coming_back.lock().await.join_next().await {
            back??;
        }
        Ok(self.killed.load(Ordering::Relaxed))
    }
}
