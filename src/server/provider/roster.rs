//! Who sends, and who may still judge what it started.

use std::sync::Arc;

use super::metered::Metered;
use super::outbox::{self, Outbox};
use super::sens::{Sens, SensSettings};
use super::twilio_verify::{TwilioVerify, TwilioVerifySettings};
use super::{Provider, Proxy, http_client};
use crate::server::clock::Clock;
use crate::server::metrics::Metrics;

/// The vendors as they are set.
#[derive(Clone, Debug)]
pub struct ProviderSettings {
    /// `SMS_PROVIDER`: the name of the one that sends from now on.
    pub current: &'static str,
    /// `HTTPS_PROXY`: by which way the vendors are reached.
    pub(crate) https_proxy: Option<Proxy>,
    /// The SENS account, when its settings are there.
    pub(crate) sens: Option<SensSettings>,
    /// The Twilio account, when its settings are there.
    pub(crate) twilio: Option<TwilioVerifySettings>,
}

type Fault = Box<dyn std::error::Error + Send + Sync>;

/// The providers whose settings are present; the first sends.
#[derive(Clone)]
pub(crate) struct Providers(Vec<Provider>);

impl Providers {
    fn new(current: Provider, others: Vec<Provider>) -> Self {
        Self(std::iter::once(current).chain(others).collect())
    }

    /// The one that sends.
    #[must_use]
    pub(crate) fn current(&self) -> &Provider {
        &self.0[0]
    }

    /// The one of that name, while its settings are there.
    #[must_use]
    pub(crate) fn find(&self, name: &str) -> Option<&Provider> {
        self.0.iter().find(|provider| provider.name() == name)
    }

    /// Whether any of them tells what becomes of a text, so that it is worth asking.
    #[must_use]
    pub(crate) fn tells_delivery(&self) -> bool {
        self.0.iter().any(Provider::tells_delivery)
    }
}

impl ProviderSettings {
    /// Makes every provider whose settings are there, and the outbox where it is the one that sends.
    pub(crate) fn open(&self, clock: &Arc<dyn Clock>, metrics: &Arc<Metrics>) -> Result<(Providers, Option<Arc<Outbox>>), Fault> {
        let client = || http_client(self.https_proxy.as_ref());
        let mut ready: Vec<Provider> = Vec::new();
        if let Some(settings) = &self.sens {
            let sens = Arc::new(Sens::new(client()?, Arc::clone(clock), settings.clone())?);
            ready.push(Provider::Ours(Arc::new(Metered::new(sens, metrics))));
        }
        if let Some(settings) = &self.twilio {
            let twilio = Arc::new(TwilioVerify::new(client()?, settings.clone())?);
            ready.push(Provider::Theirs(Arc::new(Metered::new(twilio, metrics))));
        }
        let outbox = (self.current == outbox::NAME).then(|| Arc::new(Outbox::new(Arc::clone(clock))));
        if let Some(outbox) = &outbox {
            ready.push(Provider::Ours(Arc::new(Metered::new(Arc::clone(outbox), metrics))));
        }
        let current = ready.iter().position(|provider| provider.name() == self.current);
        let current = current.map(|at| ready.remove(at)).ok_or("the settings of SMS_PROVIDER are missing")?;
        Ok((Providers::new(current, ready), outbox))
    }
}
