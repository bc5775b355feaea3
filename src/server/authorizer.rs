//! The OpenID provider: lets applications know who signed in. Its use cases ask `authorization` what to do and the store to remember it.

mod client_auth;
mod door;
mod json;
mod known;
mod logout;
mod notices;
mod requests;
mod tokens;

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value};
use tokio::sync::OnceCell;

pub(crate) use client_auth::{Credentials, WrongSecrets};
pub(crate) use door::{DoorAnswer, Opened};
pub(crate) use logout::{LogoutAnswer, LogoutRequest};
pub(crate) use requests::Answered;
pub(crate) use tokens::{Issued, Untold};

use super::clients::ClientBook;
use super::clock::Clock;
use super::entropy;
use super::signing_keys::SigningKeys;
use super::store::{Store, StoreFault};
use crate::authorization::claims::pairwise;
use crate::authorization::{Algorithm, Client};
use crate::verification::SecretKeys;
use crate::verification::secret_keys::digest;

/// By what name the database keeps what pairwise names are made from.
const PAIRWISE: &str = "pairwise subjects";

/// What its use cases work with.
pub(crate) struct Authorizer {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) secret_keys: SecretKeys,
    /// What tokens name as their issuer: the origin.
    pub(crate) issuer: String,
    pub(crate) clients: Arc<ClientBook>,
    pub(crate) keys: SigningKeys,
    pub(crate) wrong_secrets: WrongSecrets,
    /// Tells applications that a session is over: made when one is to be told, because it needs certificates that no other deed does.
    pub(crate) http: OnceCell<reqwest::Client>,
    pub(crate) pairwise_secret: OnceCell<String>,
}

impl Authorizer {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) async fn find_client(&self, id: &str) -> Result<Option<Arc<Client>>, StoreFault> {
        self.clients.find(&*self.store, id).await
    }

    /// What an application calls an account.
    async fn subject_of(&self, client: &Client, account_id: &str) -> Result<String, StoreFault> {
        if !client.is_pairwise {
            return Ok(account_id.to_owned());
        }
        let claim = async || self.store.claim_constant(PAIRWISE, &entropy::new_token()).await;
        let secret = self.pairwise_secret.get_or_try_init(claim).await?;
        Ok(pairwise(secret, client.sector(), account_id))
    }

    /// Its public keys.
    pub(crate) async fn jwks(&self) -> Result<Value, StoreFault> {
        self.keys.jwks(&*self.store, self.now()).await
    }

    /// Makes the next key in time.
    pub(crate) async fn keep_keys(&self) -> Result<(), StoreFault> {
        self.keys.keep(&*self.store, self.now()).await
    }

    async fn sign(&self, algorithm: Algorithm, typ: &str, claims: Map<String, Value>) -> Result<String, StoreFault> {
        self.keys.sign(&*self.store, algorithm, typ, &Value::Object(claims), self.now()).await
    }

    /// The claims of an ID token of ours, however old.
    async fn read_hint(&self, token: &str) -> Result<Option<Hint>, StoreFault> {
        let claims = self.keys.verify(&*self.store, token, self.now()).await?;
        Ok(claims.and_then(|claims| Hint::of(&claims, &self.issuer)))
    }
}

/// What an ID token says that comes back as a hint.
#[derive(Clone, Debug)]
struct Hint {
    client_id: String,
    sub: String,
}

impl Hint {
    fn of(claims: &Map<String, Value>, issuer: &str) -> Option<Self> {
        let text = |name| claims.get(name).and_then(Value::as_str).map(str::to_owned);
        let is_ours = claims.get("iss").and_then(Value::as_str) == Some(issuer) && !claims.contains_key("events");
        Some(Self { client_id: text("aud").filter(|_| is_ours)?, sub: text("sub")? })
    }
}

/// What is stored of a token.
fn digest_of(token: &str) -> String {
    digest(token.as_bytes())
}
