//! The server: it acts, and asks `verification` what to do.

pub(crate) mod authorizer;
pub mod clients;
pub mod clock;
pub mod config;
pub(crate) mod console;
pub mod entropy;
pub mod guard;
pub(crate) mod metrics;
pub(crate) mod network;
pub(crate) mod oversight;
pub mod provider;
pub(crate) mod secret_key_file;
pub(crate) mod session;
pub(crate) mod signing_keys;
pub mod store;
pub mod telemetry;
pub mod verifier;
pub(crate) mod work;

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use authorizer::Authorizer;
use config::{Branding, Origin};
use metrics::Metrics;
use provider::outbox::Outbox;
use verifier::Verifier;

/// What every request works with.
pub struct Service {
    /// The use cases, and the database and clock that they work with.
    pub verifier: Arc<Verifier>,
    /// What other applications may learn.
    pub(crate) authorizer: Arc<Authorizer>,
    pub(crate) branding: Branding,
    /// Where browsers see the page.
    pub origin: Origin,
    /// How many proxies' word on the address is believed.
    pub(crate) trusted_proxies: usize,
    /// What was sent, when nothing is really sent.
    pub outbox: Option<Arc<Outbox>>,
    /// What is counted for the operator.
    pub(crate) metrics: Arc<Metrics>,
    /// Cancelled when the server is told to stop: from then on it is not ready.
    pub stopping: CancellationToken,
}

impl Service {
    #[must_use]
    pub(crate) fn cookie_name(&self) -> &'static str {
        if self.origin.is_https() { "__Host-beonho_session" } else { "beonho_session" }
    }

    /// The name that the session's cookie had before. It is read for a release more, so that nobody is signed out.
    #[must_use]
    pub(crate) fn former_cookie_name(&self) -> &'static str {
        if self.origin.is_https() { "__Host-session" } else { "session" }
    }

    /// The name of the cookie that carries an outcome to the next page.
    #[must_use]
    pub(crate) fn flash_cookie_name(&self) -> &'static str {
        if self.origin.is_https() { "__Host-beonho_flash" } else { "beonho_flash" }
    }
}
