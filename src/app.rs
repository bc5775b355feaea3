//! The whole program: the route table, what holds for every request, and the server that answers them.

mod aside;
mod background;
mod console;
mod door;
mod files;
mod headers;
mod listener;
mod metrics;
mod probes;
mod requests;
mod routes;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::pages::assets;
use crate::server::Service;
use crate::server::authorizer::{Authorizer, WrongSecrets};
use crate::server::clients::ClientBook;
use crate::server::clock::Clock;
use crate::server::config::Config;
use crate::server::console::Desk;
use crate::server::guard::Guard;
use crate::server::metrics::Metrics;
use crate::server::signing_keys::SigningKeys;
use crate::server::store::Store;
use crate::server::telemetry::Seldom;
use crate::server::verifier::{Gates, Judging, RecentRefusals, Verifier};
use crate::server::work::Work;
use crate::server::{secret_key_file, store};
use crate::verification::SecretKeys;
use aside::Aside;
pub use aside::NoListener;
use listener::Limits;

/// A server that listens but does not answer yet.
pub struct App {
    listener: TcpListener,
    metrics: Option<TcpListener>,
    console: Option<TcpListener>,
    service: Arc<Service>,
    clients: Arc<ClientBook>,
    desk: Arc<Desk>,
    drain: Duration,
}

type Fault = Box<dyn std::error::Error + Send + Sync>;

impl App {
    /// Opens the database, the vendors and the ports.
    pub async fn build(config: Config, clock: Arc<dyn Clock>) -> Result<Self, Fault> {
        // First: nothing was made or changed yet when this is refused.
        let metrics_listener = aside::listen("METRICS_ADDR", config.metrics_addr).await?;
        let console = aside::listen("ADMIN_ADDR", config.admin_addr).await?;
        let keys = find_keys(&config)?;
        let metrics = Arc::new(Metrics::default());
        let (providers, outbox) = config.provider.open(&clock, &metrics)?;
        let store = store::connect(&config.database_url).await?;
        let listener = TcpListener::bind(config.listen_addr).await?;
        if !assets::are_built() {
            tracing::warn!("this build has no files for browsers: make it by `make build`");
        }
        let authorizer = authorizer(&config, &store, &clock, &keys);
        let verifier = Verifier {
            store,
            clock,
            keys,
            policy: config.policy,
            regions: config.regions,
            sms_text: config.sms_text,
            providers,
            needs_consent: config.branding.needs_consent(),
            metrics: Arc::clone(&metrics),
            tasks: TaskTracker::new(),
            gates: Gates::default(),
            judging: Judging::default(),
            guard: Guard::new(config.guard),
            work_asked: config.work_asked,
            work: Work::default(),
            refused: RecentRefusals::default(),
            spent_day_said: Seldom::default(),
            spent_money_said: Seldom::default(),
        };
        let service = Arc::new(Service {
            verifier: Arc::new(verifier),
            authorizer: Arc::new(authorizer),
            branding: config.branding,
            origin: config.public_origin,
            trusted_proxies: config.trusted_proxies,
            outbox,
            metrics,
            stopping: CancellationToken::new(),
        });
        let desk = Arc::new(Desk::new(Arc::clone(&service), config.admin_numbers, config.abuse_thresholds));
        Ok(Self { listener, metrics: metrics_listener, console, service, clients: config.clients, desk, drain: config.drain })
    }

    /// Where it listens. Where the settings say port 0, the system chose one.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Where it tells its metrics; none where it does not.
    #[must_use]
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics.as_ref().and_then(|listener| listener.local_addr().ok())
    }

    /// Where the operator's console is; none where there is none.
    #[must_use]
    pub fn console_address(&self) -> Option<SocketAddr> {
        self.console.as_ref().and_then(|listener| listener.local_addr().ok())
    }

    /// What its requests work with.
    #[must_use]
    pub fn service(&self) -> &Arc<Service> {
        &self.service
    }

    /// The applications that may ask who somebody is.
    #[must_use]
    pub fn clients(&self) -> &Arc<ClientBook> {
        &self.clients
    }

    /// Answers requests until `stop`, then finishes those under way and waits for the work at the vendors.
    pub async fn run_until(self, stop: impl Future<Output = ()> + Send + 'static) {
        let app = routes::router(Arc::clone(&self.service));
        let (stopping, drain) = (self.service.stopping.clone(), self.drain);
        let stop = async move {
            stop.await;
            // Readiness fails from now on; a balancer gets this long to notice before nothing is accepted any more.
            stopping.cancel();
            tokio::time::sleep(drain).await;
        };
        let metrics = Aside::begin(self.metrics, metrics::router(Arc::clone(&self.service)));
        let background = tokio::spawn(background::run(Arc::clone(&self.service), self.desk.thresholds));
        let console = Aside::begin(self.console, console::router(self.desk));
        let limits = Limits::behind(self.service.trusted_proxies);
        listener::serve(self.listener, app, limits, stop).await;
        console.end().await;
        self.service.verifier.tasks.close();
        self.service.verifier.tasks.wait().await;
        let _ = background.await;
        background::write_what_waits(&self.service).await;
        metrics.end().await;
    }
}

fn find_keys(config: &Config) -> Result<SecretKeys, Fault> {
    match (&config.secret_keys, config.secret_key_path()) {
        (Some(keys), _) => Ok(keys.clone()),
        (None, Some(path)) => Ok(secret_key_file::read_or_make(&path)?),
        (None, None) => Err("SECRET_KEY is missing".into()),
    }
}

fn authorizer(config: &Config, store: &Arc<dyn Store>, clock: &Arc<dyn Clock>, keys: &SecretKeys) -> Authorizer {
    Authorizer {
        store: Arc::clone(store),
        clock: Arc::clone(clock),
        secret_keys: keys.clone(),
        issuer: config.public_origin.as_str().to_owned(),
        clients: Arc::clone(&config.clients),
        keys: SigningKeys::new(keys.clone()),
        wrong_secrets: WrongSecrets::default(),
        http: OnceCell::new(),
        pairwise_secret: OnceCell::new(),
    }
}
