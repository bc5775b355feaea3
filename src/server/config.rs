//! The settings: read from the environment once, checked together, reported all at once.

mod accent;
mod admin;
mod branding;
mod clients;
mod command;
mod database;
mod environment;
mod fits;
mod guard;
mod names;
mod origin;
mod policy;
mod provider;
mod reader;
mod secret_key;
pub mod settings;

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

pub(crate) use admin::admin_addr_from_env;
pub(crate) use branding::Branding;
pub(crate) use clients::{clients_from_env, public_origin_from_env};
pub use command::CommandConfig;
pub(crate) use command::{abuse_thresholds_from_env, home_from_env, policy_from_env};
use environment::Environment;
use names::NAMES;
pub use origin::Origin;
use reader::Reader;
pub(crate) use secret_key::secret_keys_from_env;

use super::clients::ClientBook;
use super::guard::GuardSettings;
use super::provider::roster::ProviderSettings;
use super::provider::sms_text::SmsText;
use super::provider::twilio_verify;
use super::telemetry;
use crate::verification::work::WorkAsked;
use crate::verification::{AbuseThresholds, PhoneNumber, Policy, Regions, SecretKeys};

const DEFAULT_ORIGIN: &str = "http://localhost:3000";

/// Everything that can be set.
#[derive(Debug)]
pub struct Config {
    /// `DATABASE_URL`: checked; there may be a password in it.
    pub database_url: String,
    /// `SECRET_KEY`; none when one is to be made and kept beside the database file.
    pub(crate) secret_keys: Option<SecretKeys>,
    /// `PUBLIC_ORIGIN`: where browsers see the page.
    pub(crate) public_origin: Origin,
    /// `LEPTOS_SITE_ADDR`: where to listen.
    pub(crate) listen_addr: SocketAddr,
    /// `METRICS_ADDR`: where the metrics are told; none where they are not.
    pub(crate) metrics_addr: Option<SocketAddr>,
    /// `ADMIN_ADDR`: where the operator's console is; none where there is none.
    pub(crate) admin_addr: Option<SocketAddr>,
    /// `ADMIN_NUMBERS`: who may come to the console by a code.
    pub(crate) admin_numbers: Vec<PhoneNumber>,
    /// `ABUSE_THRESHOLDS`: from how many on the console tells of a source.
    pub(crate) abuse_thresholds: AbuseThresholds,
    /// `TRUSTED_PROXIES`: how many proxies' `X-Forwarded-For` entries are believed.
    pub(crate) trusted_proxies: usize,
    pub(crate) regions: Regions,
    pub(crate) policy: Policy,
    /// `GUARD_MODE` and its lists.
    pub(crate) guard: GuardSettings,
    /// `CHALLENGE`: when a send costs work.
    pub(crate) work_asked: WorkAsked,
    /// `BRAND` and the origin's host as they stand in an SMS; none where they do not fit and no text of ours is sent.
    pub(crate) sms_text: Option<SmsText>,
    /// `SMS_PROVIDER`, and the vendors' accounts.
    pub provider: ProviderSettings,
    pub(crate) branding: Branding,
    /// `OIDC_CLIENTS`: the applications that may ask who somebody is.
    pub(crate) clients: Arc<ClientBook>,
    /// `DRAIN_SECS`: how long requests are still accepted after readiness failed.
    pub(crate) drain: Duration,
    /// `RUST_LOG`: what is logged.
    pub log_filter: String,
}

impl Config {
    /// Reads the process's environment. Fails with one line for each setting that is wrong or missing.
    pub fn from_env() -> Result<Self, Vec<String>> {
        let (environment, mut wrong) = Environment::of_process(&NAMES);
        match Self::read(|name| environment.get(name)) {
            Ok(config) if wrong.is_empty() => Ok(config),
            read => {
                wrong.extend(read.err().into_iter().flatten());
                Err(wrong)
            }
        }
    }

    /// The same from any source: tests have their own.
    pub fn read(source: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<String>> {
        let mut reader = Reader::new(&source);
        reader.look_through(&NAMES);
        let config = read(&mut reader);
        reader.finish(config)
    }

    /// Where a `SECRET_KEY` made at first start is kept: beside the database file. None when it must be set.
    #[must_use]
    pub(crate) fn secret_key_path(&self) -> Option<PathBuf> {
        secret_key::path(&self.database_url)
    }
}

fn read(env: &mut Reader<'_>) -> Config {
    let public_origin = env.parse("PUBLIC_ORIGIN", DEFAULT_ORIGIN, Origin::parse);
    let provider = provider::read(env, &public_origin);
    let regions = read_regions(env);
    let mut policy = policy::read(env, &provider.routes);
    let guard = guard::read(env, &regions, &mut policy);
    let branding = branding::read(env);
    // Twilio Verify writes a text of its own.
    let sms_text = SmsText::new(&branding.brand, public_origin.host(), &regions);
    let sms_text =
        if provider.routes.names() == [twilio_verify::NAME] { sms_text.ok() } else { env.check("BRAND, PUBLIC_ORIGIN", sms_text) };
    let config = Config {
        database_url: database::read(env),
        secret_keys: secret_key::read(env),
        listen_addr: env.parse("LEPTOS_SITE_ADDR", "127.0.0.1:3000", |text| {
            text.parse().map_err(|_| "must be an address and a port, like 127.0.0.1:3000".to_owned())
        }),
        metrics_addr: admin::read_own_addr(env, "METRICS_ADDR", "127.0.0.1:9464"),
        admin_addr: admin::read_own_addr(env, admin::ADDR, admin::DEFAULT_ADDR),
        admin_numbers: admin::read_numbers(env, &regions),
        abuse_thresholds: env.parse("ABUSE_THRESHOLDS", "", AbuseThresholds::parse),
        trusted_proxies: read_trusted_proxies(env, &public_origin),
        work_asked: WorkAsked::parse(env.one_of("CHALLENGE", &WorkAsked::VALUES)),
        sms_text,
        public_origin,
        regions,
        policy,
        guard,
        provider,
        branding,
        clients: clients::read(env),
        drain: Duration::from_secs(env.number("DRAIN_SECS", 3, 0..=300)),
        log_filter: env.parse("RUST_LOG", "info", log_filter),
    };
    fits::refuse_what_does_not(env, &config);
    config
}

fn log_filter(text: &str) -> Result<String, String> {
    if telemetry::is_filter(text) { Ok(text.to_owned()) } else { Err("is no filter, like info or beonho=debug,info".to_owned()) }
}

fn read_regions(env: &mut Reader<'_>) -> Regions {
    let default = env.or("DEFAULT_REGION", "KR");
    let allowed = env.or("ALLOWED_REGIONS", "");
    let regions = Regions::new(&default, &allowed);
    env.check("DEFAULT_REGION, ALLOWED_REGIONS", regions).unwrap_or_default()
}

/// Behind https there is a proxy, and whose word on the address is believed must be said.
fn read_trusted_proxies(env: &mut Reader<'_>, origin: &Origin) -> usize {
    let proxies = env.number("TRUSTED_PROXIES", 0, 0..=16);
    if origin.is_https() && env.optional("TRUSTED_PROXIES").is_none() {
        env.refuse("TRUSTED_PROXIES", "must be said when PUBLIC_ORIGIN is https, even as 0");
    }
    usize::try_from(proxies).unwrap_or_default()
}

#[cfg(test)]
mod tests;
