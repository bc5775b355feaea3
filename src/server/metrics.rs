//! What dashboards and alerts are drawn from (docs/operate.md). The registry is a value: each server of a process counts for itself.
//!
//! A label has as many values as the house gives it: never a number, an account, an address, or a path that somebody made up.

mod guarding;
mod labels;

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use jiff::SignedDuration;
use prometheus_client::encoding::prometheus_text::encode;
use prometheus_client::metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram, info::Info};
use prometheus_client::registry::Registry;

use crate::verification::{Delivered, PhoneNumber, Purpose};
use labels::{
    BudgetLabels, CostLabels, DeliveryLabels, HeldLabels, RefusalLabels, RequestLabels, RouteLabels, SendLabels, SenderLabels,
    VendorLabels, VerdictLabels, VerificationLabels, country_of,
};

/// The value of a label for whatever has no name here.
pub(crate) const OTHER: &str = "other";

/// How a code travels.
const SMS: &str = "sms";

const TIME_TO_VERIFY_SECS: [f64; 7] = [5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0];
const VENDOR_CALL_SECS: [f64; 7] = [0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];
const REQUEST_SECS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

type Histograms<L> = Family<L, Histogram, fn() -> Histogram>;

/// What is counted, and the registry that tells it.
pub(crate) struct Metrics {
    registry: Registry,
    sends: Family<SendLabels, Counter>,
    refusals: Family<RefusalLabels, Counter>,
    verifications: Family<VerificationLabels, Counter>,
    deliveries: Family<DeliveryLabels, Counter>,
    time_to_verify: Histogram,
    vendor_calls: Histograms<VendorLabels>,
    requests: Family<RequestLabels, Counter>,
    request_durations: Histograms<RouteLabels>,
    database_up: Gauge,
    budgets: Family<BudgetLabels, Gauge<f64, AtomicU64>>,
    costs: Family<CostLabels, Counter>,
    verdicts: Family<VerdictLabels, Counter>,
    held: Family<HeldLabels, Gauge>,
    passed_over: Family<SenderLabels, Gauge>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut metrics = Self {
            registry: Registry::default(),
            sends: Family::default(),
            refusals: Family::default(),
            verifications: Family::default(),
            deliveries: Family::default(),
            time_to_verify: Histogram::new(TIME_TO_VERIFY_SECS),
            vendor_calls: Family::new_with_constructor(|| Histogram::new(VENDOR_CALL_SECS)),
            requests: Family::default(),
            request_durations: Family::new_with_constructor(|| Histogram::new(REQUEST_SECS)),
            database_up: Gauge::default(),
            budgets: Family::default(),
            costs: Family::default(),
            verdicts: Family::default(),
            held: Family::default(),
            passed_over: Family::default(),
        };
        metrics.register_verification();
        metrics.register_service();
        metrics.register_guard();
        metrics
    }
}

/// The names, which never change, and the lines that stand above them in a scrape. Counters get their `_total` there.
impl Metrics {
    fn register_verification(&mut self) {
        let Self { registry, sends, refusals, verifications, deliveries, time_to_verify, .. } = self;
        registry.register("beonho_sends", "Codes handed to a vendor, by what it said", sends.clone());
        registry.register("beonho_sends_refused", "Codes asked for and refused, by the rule that refused", refusals.clone());
        registry.register("beonho_verifications", "What became of challenges", verifications.clone());
        registry.register("beonho_delivery", "Texts whose vendor told what became of them", deliveries.clone());
        let about = "Seconds from the newest code to its right answer";
        registry.register("beonho_time_to_verify_seconds", about, time_to_verify.clone());
    }

    fn register_service(&mut self) {
        let Self { registry, vendor_calls, passed_over, requests, request_durations, database_up, budgets, .. } = self;
        let about = "Seconds that a vendor took, by what was asked and how it ended";
        registry.register("beonho_vendor_request_duration_seconds", about, vendor_calls.clone());
        let about = "Whether a sender fails so often that others are asked first, 0 or 1";
        registry.register("beonho_sender_passed_over", about, passed_over.clone());
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register("http_request_duration_seconds", "Seconds until the head of an answer", request_durations.clone());
        registry.register("beonho_database_up", "Whether the database answers and can be written now", database_up.clone());
        registry.register("beonho_budget_spent_ratio", "How much of a budget is spent, 0 to 1", budgets.clone());
        let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("beonho_build", "Which build this is", build);
    }
}

impl Metrics {
    /// What a vendor said of a send: `accepted`, `failed`, `unknown` or `refused_vendor`.
    pub(crate) fn count_send(&self, number: &PhoneNumber, provider: &'static str, purpose: Purpose, result: &'static str) {
        let country = country_of(Some(number));
        self.sends.get_or_create(&SendLabels { country, provider, channel: SMS, purpose: purpose.as_str(), result }).inc();
    }

    /// A send that a rule refused. A number that is not served has no country here: it was not kept.
    pub(crate) fn count_refusal(&self, number: Option<&PhoneNumber>, reason: &'static str) {
        self.refusals.get_or_create(&RefusalLabels { reason, country: country_of(number) }).inc();
    }

    /// What became of a challenge: `verified`, `expired` or `exhausted`.
    pub(crate) fn count_verification(&self, number: &PhoneNumber, provider: &'static str, purpose: Purpose, result: &'static str) {
        let country = country_of(Some(number));
        self.verifications.get_or_create(&VerificationLabels { country, provider, purpose: purpose.as_str(), result }).inc();
    }

    /// How long after its newest code a challenge was verified.
    pub(crate) fn observe_time_to_verify(&self, took: SignedDuration) {
        self.time_to_verify.observe(took.as_secs_f64().max(0.0));
    }

    /// What became of an accepted text.
    pub(crate) fn count_delivery(
        &self,
        number: Option<&PhoneNumber>,
        provider: &'static str,
        carrier: &'static str,
        delivered: Delivered,
    ) {
        let result = delivered.as_str();
        self.deliveries.get_or_create(&DeliveryLabels { country: country_of(number), provider, carrier, result }).inc();
    }

    /// How long a vendor took over what it was asked, and how that ended.
    pub(crate) fn observe_vendor_call(
        &self,
        provider: &'static str,
        operation: &'static str,
        outcome: &'static str,
        took: Duration,
    ) {
        self.vendor_calls.get_or_create(&VendorLabels { provider, operation, outcome }).observe(took.as_secs_f64());
    }

    /// Whether a sender is passed over now.
    pub(crate) fn tell_passed_over(&self, provider: &'static str, is_passed_over: bool) {
        self.passed_over.get_or_create(&SenderLabels { provider }).set(i64::from(is_passed_over));
    }

    /// A request that was answered. `route` is a template of ours, or [`OTHER`].
    pub(crate) fn observe_request(&self, route: &str, method: &'static str, status: u16, took: Duration) {
        let route = route.to_owned();
        self.requests.get_or_create(&RequestLabels { route: route.clone(), method, status }).inc();
        self.request_durations.get_or_create(&RouteLabels { route }).observe(took.as_secs_f64());
    }

    /// How the database does now, how much of each budget is spent and what is held, where it told.
    pub(crate) fn set_database(&self, is_up: bool, spent: &[(&'static str, f64)], held: &[(&'static str, usize)]) {
        self.database_up.set(i64::from(is_up));
        // What is not known is not told.
        self.budgets.clear();
        self.held.clear();
        for (scope, spent) in spent {
            self.budgets.get_or_create(&BudgetLabels { scope }).set(*spent);
        }
        for (kind, held) in held {
            self.held.get_or_create(&HeldLabels { kind }).set(i64::try_from(*held).unwrap_or(i64::MAX));
        }
    }

    /// Everything, in Prometheus' text format 0.0.4.
    #[must_use]
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a text does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
