//! The keys as they were read, opened.

use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::pair::Pair;
use super::seal;
use crate::authorization::Algorithm;
use crate::authorization::keys::Succession;
use crate::server::store::StoredKey;
use crate::verification::SecretKeys;

/// A key that was opened.
pub(super) struct Key {
    pub(super) kid: String,
    pub(super) algorithm: Algorithm,
    signs_from: Timestamp,
    pub(super) pair: Pair,
}

/// All keys of the database, and of them those that could be opened.
#[derive(Default)]
pub(super) struct Bunch {
    pub(super) rows: Vec<StoredKey>,
    opened: Vec<Arc<Key>>,
}

impl Bunch {
    /// Opens what was read. A key that `former` has is known already: another replica may have sealed it under a `SECRET_KEY` that this one
    /// has not yet.
    pub(super) fn open(rows: Vec<StoredKey>, secret_keys: &SecretKeys, former: &Self) -> Self {
        let mut opened = Vec::new();
        for row in &rows {
            let Some(algorithm) = Algorithm::parse(&row.algorithm) else { continue };
            match former.find(&row.kid).cloned().or_else(|| open(row, algorithm, secret_keys)) {
                Some(key) => opened.push(key),
                None if former.rows.iter().any(|known| known.kid == row.kid) => {}
                None => tracing::warn!(
                    kid = row.kid,
                    algorithm = row.algorithm,
                    "no SECRET_KEY opens this key for ID tokens: it is as good as lost, and another will sign"
                ),
            }
        }
        Self { rows, opened }
    }

    pub(super) fn find(&self, kid: &str) -> Option<&Arc<Key>> {
        self.opened.iter().find(|key| key.kid == kid)
    }

    pub(super) fn signing(&self, algorithm: Algorithm, now: Timestamp) -> Option<&Key> {
        let place = self.succession(algorithm).signing(now)?;
        self.of(algorithm).nth(place)
    }

    pub(super) fn is_next_due(&self, algorithm: Algorithm, now: Timestamp) -> bool {
        self.succession(algorithm).is_next_due(now)
    }

    /// The keys that nobody needs any more, lost ones among them.
    pub(super) fn forgotten(&self, now: Timestamp) -> Vec<&str> {
        let of = |algorithm| {
            let rows: Vec<_> = self.rows_of(algorithm).collect();
            let succession = Succession::new(rows.iter().map(|row| row.signs_from));
            let forgotten = (0..rows.len()).filter(|place| succession.is_forgotten(*place, now));
            forgotten.map(|place| rows[place].kid.as_str()).collect::<Vec<_>>()
        };
        Algorithm::ALL.into_iter().flat_map(of).collect()
    }

    /// The generation that follows the last.
    pub(super) fn next_generation(&self, algorithm: Algorithm) -> i64 {
        self.rows_of(algorithm).map(|row| row.generation + 1).max().unwrap_or_default()
    }

    pub(super) fn rows_of(&self, algorithm: Algorithm) -> impl Iterator<Item = &StoredKey> {
        self.rows.iter().filter(move |row| row.algorithm == algorithm.as_str())
    }

    /// The public keys as a JWK set (RFC 7517), those of RS256 first: there are clients that look no further.
    pub(super) fn jwks(&self, now: Timestamp) -> Value {
        let of = |algorithm| {
            let succession = self.succession(algorithm);
            self.of(algorithm).enumerate().filter(move |(place, _)| succession.is_published(*place, now)).map(|(_, key)| key.jwk())
        };
        json!({"keys": Algorithm::ALL.into_iter().flat_map(of).collect::<Vec<_>>()})
    }

    fn of(&self, algorithm: Algorithm) -> impl Iterator<Item = &Key> {
        self.opened.iter().map(|key| &**key).filter(move |key| key.algorithm == algorithm)
    }

    fn succession(&self, algorithm: Algorithm) -> Succession {
        Succession::new(self.of(algorithm).map(|key| key.signs_from))
    }
}

impl Key {
    fn jwk(&self) -> Value {
        let mut jwk = self.pair.public();
        jwk["alg"] = self.algorithm.as_str().into();
        jwk["kid"] = self.kid.as_str().into();
        jwk["use"] = "sig".into();
        jwk
    }
}

impl Debug for Key {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.kid)
    }
}

fn open(row: &StoredKey, algorithm: Algorithm, secret_keys: &SecretKeys) -> Option<Arc<Key>> {
    let (pkcs8, _) = seal::open(secret_keys, row)?;
    let pair = Pair::read(algorithm, &pkcs8)?;
    Some(Arc::new(Key { kid: row.kid.clone(), algorithm, signs_from: row.signs_from, pair }))
}
