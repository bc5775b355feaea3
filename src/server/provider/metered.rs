//! Tells the metrics how long each call of a vendor took, and how it ended.

use std::sync::Arc;

use async_trait::async_trait;

use super::callback::{Callback, Misread, Report};
use super::{CheckTarget, Delivery, HostedState, HostedVerifier, Message, ProviderFault, Receipt, SmsSender, Verdict};
use crate::messages::Locale;
use crate::server::clock::Stopwatch;
use crate::server::metrics::Metrics;
use crate::verification::{OneTimeCode, PhoneNumber};

/// A vendor whose calls are timed.
pub(super) struct Metered<V> {
    vendor: Arc<V>,
    metrics: Arc<Metrics>,
}

/// A call under way. Whoever gives it up does not know how it ends.
struct Call<'a> {
    metrics: &'a Metrics,
    provider: &'static str,
    operation: &'static str,
    outcome: &'static str,
    watch: Stopwatch,
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        self.metrics.observe_vendor_call(self.provider, self.operation, self.outcome, self.watch.elapsed());
    }
}

impl<V> Metered<V> {
    pub(super) fn new(vendor: Arc<V>, metrics: &Arc<Metrics>) -> Self {
        Self { vendor, metrics: Arc::clone(metrics) }
    }

    async fn time<T>(
        &self,
        provider: &'static str,
        operation: &'static str,
        asked: impl Future<Output = Result<T, ProviderFault>>,
    ) -> Result<T, ProviderFault> {
        let mut call = Call { metrics: &self.metrics, provider, operation, outcome: "unknown", watch: Stopwatch::start() };
        let answer = asked.await;
        call.outcome = answer.as_ref().map_or_else(ProviderFault::kind, |_| "ok");
        answer
    }
}

#[async_trait]
impl<V: SmsSender> SmsSender for Metered<V> {
    fn name(&self) -> &'static str {
        self.vendor.name()
    }

    async fn send(&self, message: &Message<'_>) -> Result<Receipt, ProviderFault> {
        self.time(self.vendor.name(), "send", self.vendor.send(message)).await
    }

    fn tells_delivery(&self) -> bool {
        self.vendor.tells_delivery()
    }

    fn is_polled(&self) -> bool {
        self.vendor.is_polled()
    }

    async fn delivery(&self, receipt: &str) -> Result<Delivery, ProviderFault> {
        self.time(self.vendor.name(), "delivery", self.vendor.delivery(receipt)).await
    }

    fn calls_back(&self) -> bool {
        self.vendor.calls_back()
    }

    fn read_callback(&self, callback: &Callback<'_>) -> Result<Option<Report>, Misread> {
        self.vendor.read_callback(callback)
    }
}

#[async_trait]
impl<V: HostedVerifier> HostedVerifier for Metered<V> {
    fn name(&self) -> &'static str {
        self.vendor.name()
    }

    async fn start(&self, to: &PhoneNumber, locale: Locale) -> Result<Receipt, ProviderFault> {
        self.time(self.vendor.name(), "start", self.vendor.start(to, locale)).await
    }

    async fn check(&self, target: &CheckTarget, code: &OneTimeCode) -> Result<Verdict, ProviderFault> {
        self.time(self.vendor.name(), "check", self.vendor.check(target, code)).await
    }

    async fn fetch(&self, reference: &str) -> Result<HostedState, ProviderFault> {
        self.time(self.vendor.name(), "fetch", self.vendor.fetch(reference)).await
    }

    async fn cancel(&self, reference: &str) -> Result<(), ProviderFault> {
        self.time(self.vendor.name(), "cancel", self.vendor.cancel(reference)).await
    }
}
