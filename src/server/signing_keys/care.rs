//! What is done to the keys: made, sealed anew, forgotten. Every replica may do so at once.

use std::sync::Arc;

use jiff::Timestamp;

use super::bunch::Bunch;
use super::pair::Pair;
use super::{SigningKeys, no_key, seal};
use crate::authorization::Algorithm;
use crate::authorization::keys::PUBLISHED_AHEAD;
use crate::server::store::{Deed, Store, StoreFault, StoredKey};

/// How often a key is made in vain because another replica was faster.
const TRIES: u32 = 4;

impl SigningKeys {
    /// What is to be done from time to time: makes the next key a day before it is needed, seals under the newest `SECRET_KEY` what was
    /// sealed under an older one, and removes what nobody needs any more. Makes no first key: perhaps nobody ever asks for one.
    pub(crate) async fn keep(&self, store: &dyn Store, now: Timestamp) -> Result<(), StoreFault> {
        let bunch = self.read(store, now).await?;
        for algorithm in Algorithm::ALL {
            if bunch.is_next_due(algorithm, now) {
                self.add(store, &bunch, algorithm, now, now + PUBLISHED_AHEAD, None).await?;
            }
        }
        for row in &bunch.rows {
            if let Some((pkcs8, true)) = seal::open(&self.secret_keys, row) {
                let sealed = seal::seal(&self.secret_keys, &row.kid, &row.algorithm, &pkcs8);
                store.mark_signing_key(&row.kid, &sealed).await?;
            }
        }
        for kid in bunch.forgotten(now) {
            store.remove_signing_key(kid).await?;
        }
        Ok(())
    }

    /// Makes the next key of each algorithm that has one which this `SECRET_KEY` opens, and tells them. They sign a day later, or at once: then
    /// those before them are removed, and what these signed is worth nothing any more. Other replicas know within seconds.
    pub(crate) async fn rotate(&self, store: &dyn Store, at_once: bool, deed: &Deed) -> Result<Vec<StoredKey>, StoreFault> {
        let bunch = self.read(store, deed.at).await?;
        let mut made = Vec::new();
        for algorithm in Algorithm::ALL {
            if bunch.signing(algorithm, deed.at).is_some() {
                made.push(self.follow(store, algorithm, at_once, deed).await?);
            }
        }
        Ok(made)
    }

    async fn follow(&self, store: &dyn Store, algorithm: Algorithm, at_once: bool, deed: &Deed) -> Result<StoredKey, StoreFault> {
        let signs_from = if at_once { deed.at } else { deed.at + PUBLISHED_AHEAD };
        for _ in 0..TRIES {
            let bunch = self.read(store, deed.at).await?;
            let Some(key) = self.add(store, &bunch, algorithm, deed.at, signs_from, Some(deed)).await? else { continue };
            if at_once {
                for leaked in bunch.rows_of(algorithm) {
                    store.remove_signing_key(&leaked.kid).await?;
                }
            }
            return Ok(key);
        }
        Err(no_key())
    }

    /// The keys, with one that can sign for each of these algorithms. It is made where there is none.
    pub(super) async fn able(&self, store: &dyn Store, needed: &[Algorithm], now: Timestamp) -> Result<Arc<Bunch>, StoreFault> {
        let lacks = |bunch: &Bunch| needed.iter().copied().find(|algorithm| bunch.signing(*algorithm, now).is_none());
        let bunch = self.bunch(store, now).await?;
        if lacks(&bunch).is_none() {
            return Ok(bunch);
        }
        // Of many requests that come at once one makes it.
        let _turn = self.making.lock().await;
        for _ in 0..TRIES {
            let bunch = self.read(store, now).await?;
            let Some(algorithm) = lacks(&bunch) else { return Ok(bunch) };
            self.add(store, &bunch, algorithm, now, now, None).await?;
        }
        Err(no_key())
    }

    /// Makes a key and adds it behind those of a bunch; none where another replica was faster.
    async fn add(
        &self,
        store: &dyn Store,
        bunch: &Bunch,
        algorithm: Algorithm,
        made_at: Timestamp,
        signs_from: Timestamp,
        deed: Option<&Deed>,
    ) -> Result<Option<StoredKey>, StoreFault> {
        let pkcs8 = Pair::make(algorithm).await.map_err(StoreFault)?;
        let kid = Pair::read(algorithm, &pkcs8).ok_or_else(no_key)?.kid();
        let sealed = seal::seal(&self.secret_keys, &kid, algorithm.as_str(), &pkcs8);
        let (algorithm, generation) = (algorithm.as_str().to_owned(), bunch.next_generation(algorithm));
        let key = StoredKey { kid, algorithm, generation, sealed, made_at, signs_from };
        if !store.add_signing_key(&key, deed).await? {
            return Ok(None);
        }
        tracing::info!(kid = key.kid, algorithm = key.algorithm, %signs_from, "a key for ID tokens was made");
        Ok(Some(key))
    }
}
