//! The server: it acts, and asks `verification` what to do.

pub mod background;
pub mod clock;
pub mod config;
pub mod entropy;
pub mod listener;
pub mod network;
pub mod operator;
pub mod provider;
pub mod secret_key_file;
pub mod session;
pub mod store;
pub mod telemetry;
pub mod verifier;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use clock::Clock;
use config::{Branding, Config, Origin, Proxy};
use listener::Limits;
use provider::outbox::{self, Outbox};
use provider::sens::{self, Sens};
use provider::twilio_verify::{self, TwilioVerify};
use provider::{HostedVerifier, Provider, SmsSender};
use verifier::{Gates, Providers, Verifier};

/// What every request works with.
pub struct Service {
    /// The use cases.
    pub verifier: Arc<Verifier>,
    /// What the pages say of the team.
    pub branding: Branding,
    /// Where browsers see the page.
    pub origin: Origin,
    /// How many proxies' word on the address is believed.
    pub trusted_proxies: usize,
    /// What was sent, when nothing is really sent.
    pub outbox: Option<Arc<Outbox>>,
    /// Says when the server is told to stop.
    pub stopping: CancellationToken,
}

impl Service {
    /// The name of the session's cookie.
    #[must_use]
    pub fn cookie_name(&self) -> &'static str {
        if self.origin.is_https() { "__Host-beonho_session" } else { "beonho_session" }
    }

    /// The name that the session's cookie had before. It is read for a release more, so that nobody is signed out.
    #[must_use]
    pub fn former_cookie_name(&self) -> &'static str {
        if self.origin.is_https() { "__Host-session" } else { "session" }
    }

    /// The name of the cookie that carries an outcome to the next page.
    #[must_use]
    pub fn flash_cookie_name(&self) -> &'static str {
        if self.origin.is_https() { "__Host-beonho_flash" } else { "beonho_flash" }
    }
}

/// A server that listens but does not answer yet.
pub struct Server {
    listener: TcpListener,
    service: Arc<Service>,
    drain: Duration,
}

type Fault = Box<dyn std::error::Error + Send + Sync>;

impl Server {
    /// Opens the database, the vendors and the port.
    ///
    /// # Errors
    ///
    /// When one of them cannot be opened.
    pub async fn build(config: Config, clock: Arc<dyn Clock>) -> Result<Self, Fault> {
        let keys = match (&config.secret_keys, config.secret_key_path()) {
            (Some(keys), _) => keys.clone(),
            (None, Some(path)) => secret_key_file::read_or_make(&path)?,
            (None, None) => return Err("SECRET_KEY is missing".into()),
        };
        let (providers, outbox) = providers(&config, &clock)?;
        let store = store::connect(&config.database_url).await?;
        let listener = TcpListener::bind(config.listen_addr).await?;
        let verifier = Verifier {
            store,
            clock,
            keys,
            policy: config.policy,
            regions: config.regions,
            sms_text: config.sms_text,
            providers,
            needs_consent: config.branding.needs_consent(),
            tasks: TaskTracker::new(),
            gates: Gates::default(),
        };
        let service = Service {
            verifier: Arc::new(verifier),
            branding: config.branding,
            origin: config.public_origin,
            trusted_proxies: config.trusted_proxies,
            outbox,
            stopping: CancellationToken::new(),
        };
        Ok(Self { listener, service: Arc::new(service), drain: config.drain })
    }

    /// Where it listens.
    ///
    /// # Errors
    ///
    /// When the system does not say.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// What its requests work with.
    #[must_use]
    pub fn service(&self) -> &Arc<Service> {
        &self.service
    }

    /// Answers requests until `stop`, then finishes those under way and waits for the work at the vendors.
    pub async fn run_until(self, stop: impl Future<Output = ()> + Send + 'static) {
        let app = crate::app::router(Arc::clone(&self.service));
        let (stopping, drain) = (self.service.stopping.clone(), self.drain);
        let stop = async move {
            stop.await;
            // Readiness fails from now on; a balancer gets this long to notice before nothing is accepted any more.
            stopping.cancel();
            tokio::time::sleep(drain).await;
        };
        let background = tokio::spawn(background::run(Arc::clone(&self.service)));
        let limits = Limits::behind(self.service.trusted_proxies);
        listener::serve(self.listener, app, limits, stop).await;
        self.service.verifier.tasks.close();
        self.service.verifier.tasks.wait().await;
        let _ = background.await;
    }
}

/// The provider that sends, and the others whose settings are present, which may still judge what they started.
fn providers(config: &Config, clock: &Arc<dyn Clock>) -> Result<(Providers, Option<Arc<Outbox>>), Fault> {
    let client = || provider::http_client(config.https_proxy.as_ref().map(Proxy::as_str));
    let now_ms: provider::NowMs = {
        let clock = Arc::clone(clock);
        Arc::new(move || clock.now().as_millisecond())
    };
    let mut ready: Vec<Provider> = Vec::new();
    if let Some(settings) = &config.sens {
        let sens: Arc<dyn SmsSender> = Arc::new(Sens::new(client()?, Arc::clone(&now_ms), settings.clone())?);
        ready.push(Provider::Ours(sens));
    }
    if let Some(settings) = &config.twilio {
        let twilio: Arc<dyn HostedVerifier> = Arc::new(TwilioVerify::new(client()?, settings.clone())?);
        ready.push(Provider::Theirs(twilio));
    }
    let outbox = (config.provider == outbox::NAME).then(|| Arc::new(Outbox::new(now_ms)));
    if let Some(outbox) = &outbox {
        let sender: Arc<dyn SmsSender> = outbox.clone();
        ready.push(Provider::Ours(sender));
    }
    let current = ready.iter().position(|provider| provider.name() == config.provider);
    let current = current.map(|at| ready.remove(at)).ok_or("the settings of SMS_PROVIDER are missing")?;
    debug_assert!([outbox::NAME, sens::NAME, twilio_verify::NAME].contains(&current.name()));
    Ok((Providers::new(current, ready), outbox))
}
