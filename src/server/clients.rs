//! Which applications there are: those of `OIDC_CLIENTS`, and those that were added by command.

mod fields;
mod json;
mod secret;
mod stored;

use std::collections::BTreeMap;
use std::fmt::{Debug, Formatter};
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

pub use json::{parse, parse_draft, write};
pub use secret::{digest_of, new_secret};
pub use stored::parse as parse_stored;

use crate::authorization::Client;
use crate::server::store::{Store, StoreFault};
use stored::StoredClients;

type Listed = BTreeMap<String, Arc<Client>>;

/// All applications. One of the list is taken before one of the database that has its id.
#[derive(Default)]
pub struct ClientBook {
    /// Where the list is; none where it stands in the setting itself, or there is none.
    path: Option<PathBuf>,
    listed: RwLock<Arc<Listed>>,
    stored: StoredClients,
}

impl ClientBook {
    /// Reads what `OIDC_CLIENTS` is: a list, or the file that it is in. Fails with everything that is wrong with it.
    pub fn new(source: Option<&str>) -> Result<Self, Vec<String>> {
        let path = source.filter(|source| !source.starts_with(['[', '{'])).map(PathBuf::from);
        let listed = match (&path, source) {
            (Some(path), _) => read(path)?,
            (None, Some(text)) => listed(parse(text)?),
            (None, None) => Listed::new(),
        };
        Ok(Self { path, listed: RwLock::new(Arc::new(listed)), stored: StoredClients::default() })
    }

    /// An application by its `client_id`.
    pub async fn find(&self, store: &dyn Store, id: &str) -> Result<Option<Arc<Client>>, StoreFault> {
        match self.find_listed(id) {
            Some(client) => Ok(Some(client)),
            None => self.stored.find(store, id).await,
        }
    }

    /// The application that a proxy guards at an origin.
    pub async fn find_by_forward_auth_origin(&self, store: &dyn Store, origin: &str) -> Result<Option<Arc<Client>>, StoreFault> {
        let is_it = |client: &Arc<Client>| client.forward_auth_origin.as_deref() == Some(origin);
        let listed = self.listed().into_iter().find(is_it);
        if listed.is_some() {
            return Ok(listed);
        }
        Ok(self.all(store).await?.into_iter().find(is_it))
    }

    /// All of them: those of the list, then the others.
    pub async fn all(&self, store: &dyn Store) -> Result<Vec<Arc<Client>>, StoreFault> {
        let mut all = self.listed();
        for client in self.stored.all(store).await? {
            if self.find_listed(&client.id).is_none() {
                all.push(client);
            } else if self.stored.is_new(format!("twin {}", client.id)) {
                tracing::warn!(client = client.id, "this application is in the database too: the one of OIDC_CLIENTS is taken");
            }
        }
        Ok(all)
    }

    /// Those of `OIDC_CLIENTS`, by id.
    pub fn listed(&self) -> Vec<Arc<Client>> {
        self.current().values().cloned().collect()
    }

    /// One of `OIDC_CLIENTS`.
    pub fn find_listed(&self, id: &str) -> Option<Arc<Client>> {
        self.current().get(id).cloned()
    }

    /// Reads the file again, and says how many are in it. On a fault all stays as it was. Both are logged.
    pub fn reload(&self) -> Result<usize, Vec<String>> {
        let Some(path) = &self.path else {
            tracing::info!("OIDC_CLIENTS is no file: nothing is read again");
            return Ok(self.current().len());
        };
        match read(path) {
            Ok(listed) => {
                let clients = listed.len();
                *self.listed.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(listed);
                tracing::info!(clients, "OIDC_CLIENTS was read again");
                Ok(clients)
            }
            Err(faults) => {
                for fault in &faults {
                    tracing::error!(fault, "OIDC_CLIENTS cannot be read again: all stays as it was");
                }
                Err(faults)
            }
        }
    }

    fn current(&self) -> Arc<Listed> {
        Arc::clone(&self.listed.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Debug for ClientBook {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientBook").field("path", &self.path).field("listed", &self.current().keys()).finish_non_exhaustive()
    }
}

fn read(path: &PathBuf) -> Result<Listed, Vec<String>> {
    let text = std::fs::read_to_string(path).map_err(|fault| vec![format!("{} cannot be read ({fault})", path.display())])?;
    Ok(listed(parse(&text)?))
}

fn listed(clients: Vec<Client>) -> Listed {
    clients.into_iter().map(|client| (client.id.clone(), Arc::new(client))).collect()
}
