//! Who sends, and who may still judge what it started.

use std::sync::Arc;

use super::failover::{Handed, hand_over, in_order};
use super::health::Health;
use super::http_hook::{HttpHook, HttpHookSettings};
use super::metered::Metered;
use super::outbox::{self, Outbox};
use super::routes::Routes;
use super::sens::{Sens, SensSettings};
use super::sens_alimtalk::{SensAlimtalk, SensAlimtalkSettings};
use super::solapi::{Solapi, SolapiSettings};
use super::twilio_messaging::{TwilioMessaging, TwilioMessagingSettings};
use super::twilio_verify::{TwilioVerify, TwilioVerifySettings};
use super::{HostedVerifier, Message, Provider, Proxy, SmsSender, http_client};
use crate::server::clock::Clock;
use crate::server::metrics::Metrics;
use crate::verification::Judge;

/// The vendors as they are set.
#[derive(Clone, Debug)]
pub struct ProviderSettings {
    /// `SMS_PROVIDERS`: who sends from now on, and where.
    pub routes: Routes,
    /// `HTTPS_PROXY`: by which way the vendors are reached.
    pub(crate) https_proxy: Option<Proxy>,
    /// The SENS account, when its settings are there.
    pub(crate) sens: Option<SensSettings>,
    /// `AlimTalk` at SENS, when its settings are there.
    pub(crate) sens_alimtalk: Option<SensAlimtalkSettings>,
    /// The Solapi account, when its settings are there.
    pub(crate) solapi: Option<SolapiSettings>,
    /// The Twilio account with its Verify service, when its settings are there.
    pub(crate) twilio: Option<TwilioVerifySettings>,
    /// The Twilio account with who texts are from, when its settings are there.
    pub(crate) twilio_messaging: Option<TwilioMessagingSettings>,
    /// The operator's program, when its settings are there.
    pub(crate) http: Option<HttpHookSettings>,
}

type Fault = Box<dyn std::error::Error + Send + Sync>;

/// The providers whose settings are present, and who of them sends where.
#[derive(Clone)]
pub(crate) struct Providers {
    all: Vec<Provider>,
    routes: Routes,
    health: Arc<Health>,
}

/// Who sends to a country.
pub(crate) enum Route {
    /// We make the code, and one of these carries it.
    Ours(Vec<Arc<dyn SmsSender>>),
    /// The vendor makes and sends it.
    Theirs(Arc<dyn HostedVerifier>),
}

impl Route {
    /// Who would judge a code that goes this way.
    #[must_use]
    pub(crate) fn judge(&self) -> Judge {
        match self {
            Self::Ours(_) => Judge::Ours,
            Self::Theirs(vendor) => Judge::Hosted(vendor.name().to_owned()),
        }
    }
}

impl Providers {
    /// Who sends to a country, in the order in which they are set.
    #[must_use]
    pub(crate) fn route(&self, country: &str) -> Route {
        let mut senders = Vec::new();
        for provider in self.routes.of(country).iter().filter_map(|name| self.find(name)) {
            match provider {
                Provider::Ours(sender) => senders.push(Arc::clone(sender)),
                Provider::Theirs(vendor) => return Route::Theirs(Arc::clone(vendor)),
            }
        }
        Route::Ours(senders)
    }

    /// The one of that name, while its settings are there.
    #[must_use]
    pub(crate) fn find(&self, name: &str) -> Option<&Provider> {
        self.all.iter().find(|provider| provider.name() == name)
    }

    /// The vendor that holds codes under that name, while its settings are there.
    #[must_use]
    pub(crate) fn find_hosted(&self, name: &str) -> Option<&Arc<dyn HostedVerifier>> {
        match self.find(name)? {
            Provider::Theirs(vendor) => Some(vendor),
            Provider::Ours(_) => None,
        }
    }

    /// Whether any of them is asked what becomes of a text.
    #[must_use]
    pub(crate) fn is_polled(&self) -> bool {
        self.all.iter().any(Provider::is_polled)
    }

    /// Whose name stands with a send before anybody was asked.
    #[must_use]
    pub(crate) fn first_of(&self, route: &Route) -> &'static str {
        match route {
            Route::Ours(senders) => {
                let well = senders.iter().find(|sender| self.health.is_well(sender.name()));
                well.or(senders.first()).map_or(outbox::NAME, |sender| sender.name())
            }
            Route::Theirs(vendor) => vendor.name(),
        }
    }

    /// Has one of the senders carry a text; `last` is who carried the one before. None where there is no sender.
    pub(crate) async fn hand_over(
        &self,
        senders: &[Arc<dyn SmsSender>],
        last: Option<&str>,
        message: &Message<'_>,
    ) -> Option<Handed> {
        hand_over(&in_order(senders, &self.health, last), &self.health, message).await
    }
}

impl ProviderSettings {
    /// Makes every provider whose settings are there, and the outbox where it is the one that sends.
    pub(crate) fn open(&self, clock: &Arc<dyn Clock>, metrics: &Arc<Metrics>) -> Result<(Providers, Option<Arc<Outbox>>), Fault> {
        let client = || http_client(self.https_proxy.as_ref());
        let mut all: Vec<Provider> = Vec::new();
        if let Some(settings) = &self.sens {
            all.push(ours(Sens::new(client()?, Arc::clone(clock), settings.clone())?, metrics));
        }
        if let Some(settings) = &self.sens_alimtalk {
            all.push(ours(SensAlimtalk::new(client()?, Arc::clone(clock), settings.clone())?, metrics));
        }
        if let Some(settings) = &self.solapi {
            all.push(ours(Solapi::new(client()?, Arc::clone(clock), settings.clone())?, metrics));
        }
        if let Some(settings) = &self.twilio {
            let twilio = Arc::new(TwilioVerify::new(client()?, settings.clone())?);
            all.push(Provider::Theirs(Arc::new(Metered::new(twilio, metrics))));
        }
        if let Some(settings) = &self.twilio_messaging {
            all.push(ours(TwilioMessaging::new(client()?, settings.clone())?, metrics));
        }
        if let Some(settings) = &self.http {
            all.push(ours(HttpHook::new(client()?, Arc::clone(clock), settings.clone())?, metrics));
        }
        let outbox = self.routes.uses(outbox::NAME).then(|| Arc::new(Outbox::new(Arc::clone(clock))));
        if let Some(outbox) = &outbox {
            all.push(Provider::Ours(Arc::new(Metered::new(Arc::clone(outbox), metrics))));
        }
        let providers = Providers { all, routes: self.routes.clone(), health: Arc::new(Health::new(clock, metrics)) };
        match self.routes.names().into_iter().find(|name| providers.find(name).is_none()) {
            Some(missing) => Err(format!("the settings of {missing}, which SMS_PROVIDERS names, are missing").into()),
            None => Ok((providers, outbox)),
        }
    }
}

fn ours<S: SmsSender + 'static>(sender: S, metrics: &Arc<Metrics>) -> Provider {
    Provider::Ours(Arc::new(Metered::new(Arc::new(sender), metrics)))
}
