//! The applications of the database, read as a whole and kept for some seconds: there are few, and each request asks for one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use super::json;
use crate::authorization::Client;
use crate::server::clock::Stopwatch;
use crate::server::store::{Store, StoreFault, StoredClient};

/// How long one that was changed or removed by a command is as it was.
const KEPT_FOR: Duration = Duration::from_secs(5);

/// How long one that was added is not there: somebody who asks for names that nobody has costs no more than this.
const ABSENT_FOR: Duration = Duration::from_millis(200);

/// What the database had a moment ago.
struct Snapshot {
    since: Stopwatch,
    clients: BTreeMap<String, Arc<Client>>,
}

/// The applications of the database.
#[derive(Default)]
pub(super) struct StoredClients {
    latest: RwLock<Option<Arc<Snapshot>>>,
    /// One reads, and all who wait have it.
    turn: tokio::sync::Mutex<()>,
    told: Mutex<BTreeSet<String>>,
}

impl StoredClients {
    pub(super) async fn find(&self, store: &dyn Store, id: &str) -> Result<Option<Arc<Client>>, StoreFault> {
        for age in [KEPT_FOR, ABSENT_FOR] {
            let found = self.no_older_than(age, store).await?.clients.get(id).cloned();
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// All of them, by id.
    pub(super) async fn all(&self, store: &dyn Store) -> Result<Vec<Arc<Client>>, StoreFault> {
        Ok(self.no_older_than(KEPT_FOR, store).await?.clients.values().cloned().collect())
    }

    /// Whether nothing was told of this before.
    pub(super) fn is_new(&self, what: String) -> bool {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).insert(what)
    }

    async fn no_older_than(&self, age: Duration, store: &dyn Store) -> Result<Arc<Snapshot>, StoreFault> {
        if let Some(snapshot) = self.fresh(age) {
            return Ok(snapshot);
        }
        let _turn = self.turn.lock().await;
        if let Some(snapshot) = self.fresh(age) {
            return Ok(snapshot);
        }
        // Before it is asked: what is written meanwhile may be missing.
        let since = Stopwatch::start();
        let stored = store.find_clients().await?;
        let clients = stored.into_iter().filter_map(|stored| self.read(&stored)).map(|client| (client.id.clone(), client));
        let snapshot = Arc::new(Snapshot { since, clients: clients.collect() });
        *self.latest.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&snapshot));
        Ok(snapshot)
    }

    fn fresh(&self, age: Duration) -> Option<Arc<Snapshot>> {
        let latest = self.latest.read().unwrap_or_else(PoisonError::into_inner);
        latest.as_ref().filter(|snapshot| snapshot.since.elapsed() < age).cloned()
    }

    fn read(&self, stored: &StoredClient) -> Option<Arc<Client>> {
        match parse(stored) {
            Ok(client) => Some(Arc::new(client)),
            Err(faults) => {
                if self.is_new(format!("unreadable {}", stored.id)) {
                    tracing::error!(client = stored.id, faults = faults.join("; "), "this application of the database is none");
                }
                None
            }
        }
    }
}

/// Reads one of the database: a later version may have been stricter.
pub fn parse(stored: &StoredClient) -> Result<Client, Vec<String>> {
    let draft = json::parse_draft(&stored.settings)?;
    if draft.client_id != stored.id {
        return Err(vec![format!("client {}: client_id: is another in its settings", stored.id)]);
    }
    Client::new(draft)
}
