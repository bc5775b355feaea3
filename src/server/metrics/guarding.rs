//! What the guard said, and what was spent.

use super::Metrics;
use super::labels::{CostLabels, VerdictLabels};
use crate::verification::Money;

impl Metrics {
    pub(super) fn register_guard(&mut self) {
        let Self { registry, costs, verdicts, held, .. } = self;
        let about = "What accepted sends cost by the price list, in millionths of the currency";
        registry.register("beonho_send_cost_micros", about, costs.clone());
        registry.register("beonho_guard_verdicts", "Sends that a rule of the guard spoke of, by what it said", verdicts.clone());
        registry.register("beonho_guard_held", "Prefixes and countries that are held now", held.clone());
    }

    /// What a rule of the guard said of a send.
    pub(crate) fn count_verdict(&self, rule: &'static str, verdict: &'static str, mode: &'static str) {
        self.verdicts.get_or_create(&VerdictLabels { rule, verdict, mode }).inc();
    }

    /// What a send cost that a vendor took, or may have taken.
    pub(crate) fn count_cost(&self, price: &Money, country: &str, provider: &'static str) {
        let labels = CostLabels { currency: price.currency.clone(), country: country.to_owned(), provider };
        self.costs.get_or_create(&labels).inc_by(price.micros.unsigned_abs());
    }
}
