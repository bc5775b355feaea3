//! The replicas, and what the schedule does to them.

use std::sync::Arc;
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
    places: Vec<Place>,
}

impl Replicas {
    /// Starts all at once, on a database that none has migrated yet.
    pub async fn start(settings: Vec<Settings>) -> Result<Self, Fault> {
        let servers = try_join_all(settings.iter().map(Server::start)).await?;
        let places = servers.into_iter().map(|server| Arc::new(Mutex::new(Some(server)))).collect();
        Ok(Self { settings, places })
    }

    /// Kills and restarts as the schedule says, and says how many were killed. In the end all are there again.
    pub async fn suffer(&self, kills: &[Kill], begun_at: Instant) -> Result<usize, Fault> {
        let (mut coming_back, mut killed) = (JoinSet::new(), 0);
        for kill in kills {
            tokio::time::sleep_until((begun_at + Duration::from_millis(kill.at_ms)).into()).await;
            let place = &self.places[kill.replica];
            // One that is down already stays down.
            let Some(mut server) = place.lock().await.take() else { continue };
            server.kill();
            killed += 1;
            let (place, settings) = (Arc::clone(place), self.settings[kill.replica].clone());
            let down = Duration::from_millis(kill.down_ms);
            coming_back.spawn(async move {
                tokio::time::sleep(down).await;
                let server = Server::start(&settings).await?;
                *place.lock().await = Some(server);
                Ok::<(), Fault>(())
            });
        }
        while let Some(back) = coming_back.join_next().await {
            back??;
        }
        Ok(killed)
    }
}
