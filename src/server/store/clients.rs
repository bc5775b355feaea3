//! Applications that were added by command, and the keys that sign what they are given.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Deed, Stored};

/// An application as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredClient {
    /// Its `client_id`.
    pub id: String,
    /// JSON in the words of RFC 7591.
    pub settings: String,
}

/// A key that signs, did, or will.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredKey {
    /// What a token names it by.
    pub kid: String,
    /// `RS256` or `ES256`.
    pub algorithm: String,
    /// How many of its algorithm were before it.
    pub generation: i64,
    /// PKCS#8, sealed.
    pub sealed: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// From when on it signs: it is published before.
    pub signs_from: Timestamp,
}

/// What is remembered of applications.
#[async_trait]
pub trait Clients: Send + Sync {
    /// An application by its `client_id`.
    async fn find_client(&self, id: &str) -> Stored<Option<StoredClient>>;
    /// All of them, by name.
    async fn find_clients(&self) -> Stored<Vec<StoredClient>>;
    /// Adds one, with a line of the audit; false where there is one of that name.
    async fn add_client(&self, client: &StoredClient, deed: &Deed) -> Stored<bool>;
    /// Changes one, with a line of the audit; false where there is none.
    async fn mark_client(&self, client: &StoredClient, deed: &Deed) -> Stored<bool>;
    /// Removes one and ends all that it was granted, with a line of the audit; false where there is none.
    async fn remove_client(&self, id: &str, deed: &Deed) -> Stored<bool>;
    /// What stands there by that name, which is this where nothing stood.
    async fn claim_constant(&self, name: &str, value: &str) -> Stored<String>;
    /// The keys, by generation.
    async fn find_signing_keys(&self) -> Stored<Vec<StoredKey>>;
    /// Adds a key, with a line of the audit where an operator asked for it; false where another replica added that generation.
    async fn add_signing_key(&self, key: &StoredKey, deed: Option<&Deed>) -> Stored<bool>;
    /// Keeps a key sealed anew.
    async fn mark_signing_key(&self, kid: &str, sealed: &str) -> Stored<()>;
    /// Forgets a key.
    async fn remove_signing_key(&self, kid: &str) -> Stored<()>;
}
