//! What the day cost, and who is told when it is much.

use super::Verifier;
use crate::server::store::{Event, StoreFault};
use crate::verification::{Money, Tariff};

/// At how many percent of a budget it is told.
const WARNINGS: [u8; 3] = [50, 80, 100];

/// What of the day's money is spent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Costs {
    /// By country, the dearest first, in millionths.
    pub countries: Vec<(String, i64)>,
    /// All of it.
    pub spent: i64,
    /// What went to countries that are not home.
    pub abroad: i64,
}

impl Verifier {
    /// What the day cost by the price list; none where there is none.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub async fn find_costs(&self) -> Result<Option<Costs>, StoreFault> {
        let Some(tariff) = &self.policy.tariff else { return Ok(None) };
        let countries = self.store.find_costs(&tariff.currency, self.clock.now()).await?;
        let sum = |is_counted: &dyn Fn(&str) -> bool| {
            countries.iter().filter(|(country, _)| is_counted(country)).map(|(_, micros)| micros).sum()
        };
        let (spent, abroad) = (sum(&|_| true), sum(&|country| !tariff.is_home(country)));
        Ok(Some(Costs { countries, spent, abroad }))
    }

    /// Tells once a day, of all replicas one, when half, four fifths or all of the day's money is spent.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub async fn warn_of_costs(&self) -> Result<(), StoreFault> {
        let Some(tariff) = &self.policy.tariff else { return Ok(()) };
        let Some(per_day) = tariff.per_day.filter(|per_day| *per_day > 0) else { return Ok(()) };
        let Some(costs) = self.find_costs().await? else { return Ok(()) };
        // A send that would cost more than what is left is refused, so all of it is seldom spent.
        let dearest = costs.countries.iter().filter_map(|(country, _)| tariff.price_of(country)).max().unwrap_or(0);
        for percent in WARNINGS {
            let is_reached = tariff.part(percent).is_some_and(|mark| costs.spent >= mark);
            if costs.spent > 0 && (is_reached || percent == 100 && costs.spent + dearest > per_day) {
                self.warn(tariff, percent, costs.spent, per_day).await?;
            }
        }
        Ok(())
    }

    async fn warn(&self, tariff: &Tariff, percent: u8, spent: i64, per_day: i64) -> Result<(), StoreFault> {
        let now = self.clock.now();
        let money = |micros| Money { currency: tariff.currency.clone(), micros }.to_string();
        let kind = if percent == 100 { "budget.exhausted" } else { "budget.warning" };
        let (spent, per_day) = (money(spent), money(per_day));
        let event = Event {
            id: format!("{kind} {percent} {per_day} {}", now.strftime("%Y-%m-%d")),
            at: now,
            kind: kind.to_owned(),
            about: tariff.currency.clone(),
            detail: format!("{percent} %: {spent} of BUDGET_PER_DAY, {per_day}"),
        };
        if self.store.add_event(&event).await? {
            tracing::warn!(percent, spent, budget = per_day, "the day's sends cost much of BUDGET_PER_DAY");
        }
        Ok(())
    }
}
