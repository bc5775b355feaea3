//! The keys that sign ID tokens. They lie in the database, sealed under `SECRET_KEY`, and all replicas sign with the same.
//!
//! `authorization::keys` says which one signs when. The first is made when it is first needed (docs/design.md, "How are ID tokens signed?").

mod bunch;
mod care;
mod jws;
mod pair;
mod seal;

use std::fmt::{self, Debug, Formatter};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use super::store::{Store, StoreFault};
use crate::authorization::Algorithm;
use crate::verification::SecretKeys;
use bunch::Bunch;

/// For how long keys that were read are believed. So soon every replica knows of a new one, and that a leaked one is gone.
const BELIEVED: SignedDuration = SignedDuration::from_secs(5);

/// The keys that sign ID tokens. `Debug` shows none of them.
pub(crate) struct SigningKeys {
    secret_keys: SecretKeys,
    /// What was read last, and when.
    held: Mutex<Option<(Timestamp, Arc<Bunch>)>>,
    making: tokio::sync::Mutex<()>,
}

impl SigningKeys {
    pub(crate) fn new(secret_keys: SecretKeys) -> Self {
        Self { secret_keys, held: Mutex::default(), making: tokio::sync::Mutex::default() }
    }

    /// A token of these claims, signed by the key whose turn it is.
    pub(crate) async fn sign(
        &self,
        store: &dyn Store,
        algorithm: Algorithm,
        typ: &str,
        claims: &Value,
        now: Timestamp,
    ) -> Result<String, StoreFault> {
        let bunch = self.able(store, &[algorithm], now).await?;
        jws::sign(bunch.signing(algorithm, now).ok_or_else(no_key)?, typ, claims)
    }

    /// What a token claims that one of our keys has signed, also one that signs no more; none for anything else. Whether it has expired is
    /// not judged. A token of a kind of its own, like a logout token, is no ID token.
    pub(crate) async fn verify(
        &self,
        store: &dyn Store,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<Map<String, Value>>, StoreFault> {
        let Some(presented) = jws::Presented::parse(token) else { return Ok(None) };
        let bunch = self.bunch(store, now).await?;
        Ok(bunch.find(&presented.kid).and_then(|key| presented.claims_by(key)))
    }

    /// The public keys as `/oauth/jwks` tells them.
    pub(crate) async fn jwks(&self, store: &dyn Store, now: Timestamp) -> Result<Value, StoreFault> {
        Ok(self.able(store, &Algorithm::ALL, now).await?.jwks(now))
    }

    /// The keys as they were a moment ago.
    async fn bunch(&self, store: &dyn Store, now: Timestamp) -> Result<Arc<Bunch>, StoreFault> {
        let held = self.held();
        match held {
            Some((read_at, bunch)) if now.duration_since(read_at).abs() < BELIEVED => Ok(bunch),
            _ => self.read(store, now).await,
        }
    }

    /// The keys as they are.
    async fn read(&self, store: &dyn Store, now: Timestamp) -> Result<Arc<Bunch>, StoreFault> {
        let rows = store.find_signing_keys().await?;
        let former = self.held().map(|(_, bunch)| bunch).unwrap_or_default();
        let bunch = Arc::new(Bunch::open(rows, &self.secret_keys, &former));
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, Arc::clone(&bunch)));
        Ok(bunch)
    }

    fn held(&self) -> Option<(Timestamp, Arc<Bunch>)> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Debug for SigningKeys {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKeys")
    }
}

fn no_key() -> StoreFault {
    StoreFault("no key for ID tokens could be made".into())
}

#[cfg(test)]
mod tests;
