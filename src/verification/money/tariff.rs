//! The walls of a day: how many sends, how much money, and who may use which part of it.

use std::collections::BTreeMap;

use super::Money;

/// The entry of a price list that stands for every country without one of its own.
const REST: &str = "*";

/// Which wall a send stands before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wall {
    /// `MAX_SENDS_PER_DAY`.
    Sends,
    /// `BUDGET_PER_DAY`, or the part of it that is for this country.
    Money,
}

/// Which part of a day is for whom, in percent. Each is set in `BUDGET_SHARES` by the name of its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shares {
    /// Of the money: what each country that is not home may use.
    pub country: u8,
    /// Of the money: what all countries that are not home leave to the home regions.
    pub home: u8,
    /// Of sends and money: what is kept for people who sign in to an account.
    pub sign_in: u8,
}

impl Default for Shares {
    fn default() -> Self {
        Self { country: 10, home: 70, sign_in: 20 }
    }
}

impl Shares {
    /// Reads `country=10 home=70 sign_in=20`; what is not named keeps its default.
    ///
    /// # Errors
    ///
    /// With what is wrong, for the operator.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut read = Self::default();
        for entry in text.split_whitespace() {
            let wrong = || format!("must be percentages like country=10 home=70 sign_in=20, which {entry} is not");
            let (name, percent) = entry.split_once('=').ok_or_else(wrong)?;
            let percent = percent.parse().ok().filter(|percent| *percent <= 100).ok_or_else(wrong)?;
            match name {
                "country" => read.country = percent,
                "home" => read.home = percent,
                "sign_in" => read.sign_in = percent,
                _ => return Err(wrong()),
            }
        }
        Ok(read)
    }
}

/// `PRICES`, `BUDGET_PER_DAY` and `HOME_REGIONS`: what a send costs, and what a day may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tariff {
    /// ISO 4217; all amounts are of one currency.
    pub currency: String,
    prices: BTreeMap<String, i64>,
    rest: Option<i64>,
    /// What a rolling day may cost, in millionths; none where there is no wall.
    pub per_day: Option<i64>,
    home: Vec<String>,
}

impl Tariff {
    /// Puts a price list together: countries (ISO 3166-1 alpha-2) or `*`, each with its price.
    ///
    /// # Errors
    ///
    /// With everything that is wrong with it, for the operator.
    pub fn new(prices: &BTreeMap<String, String>, per_day: Option<Money>, home: Vec<String>) -> Result<Self, Vec<String>> {
        let (mut wrong, mut read) = (Vec::new(), BTreeMap::new());
        for (country, price) in prices {
            match Money::parse(price) {
                Ok(price) => drop(read.insert(country.clone(), price)),
                Err(fault) => wrong.push(format!("{country}: {fault}")),
            }
        }
        let currencies = || read.values().chain(&per_day).map(|money| money.currency.as_str());
        let currency = currencies().next().unwrap_or_default().to_owned();
        if let Some(other) = currencies().find(|other| *other != currency) {
            wrong.push(format!("there are two currencies, {currency} and {other}: a budget is counted in one"));
        }
        if read.is_empty() && wrong.is_empty() {
            wrong.push("there is no price in it".to_owned());
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let mut prices: BTreeMap<String, i64> = read.into_iter().map(|(country, price)| (country, price.micros)).collect();
        let rest = prices.remove(REST);
        Ok(Self { currency, prices, rest, per_day: per_day.map(|money| money.micros), home })
    }

    /// What a send to a country costs, in millionths; none where the list has a hole.
    #[must_use]
    pub fn price_of(&self, country: &str) -> Option<i64> {
        self.prices.get(country).copied().or(self.rest)
    }

    /// A part of what a day may cost; none where there is no wall.
    #[must_use]
    pub fn part(&self, percent: u8) -> Option<i64> {
        self.per_day.map(|per_day| percent_of(per_day, percent))
    }

    /// Whether a country is one of those that the team serves at home.
    #[must_use]
    pub fn is_home(&self, country: &str) -> bool {
        self.home.iter().any(|home| home == country)
    }

    /// The home regions, between commas and with one at each end.
    #[must_use]
    pub fn home_list(&self) -> String {
        format!(",{},", self.home.join(","))
    }
}

/// What of a rolling day is spent already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DaySpent {
    /// Sends of the whole service.
    pub sends: u64,
    /// Millionths that they cost.
    pub micros: i64,
    /// Of these, what went to countries that are not home.
    pub abroad: i64,
    /// Of these, what went to the country that is asked for.
    pub country: i64,
}

/// Whether a day has room for one more send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Room {
    /// For everybody.
    Open,
    /// For people who sign in to an account.
    ForAccounts,
    /// For nobody.
    None(Wall),
}

/// Judges what is left of a day of `max_sends` and of this tariff, for a send to a country.
pub(crate) fn room(max_sends: u32, shares: Shares, tariff: Option<&Tariff>, country: &str, day: &DaySpent) -> Room {
    let max_sends = u64::from(max_sends);
    if day.sends >= max_sends {
        return Room::None(Wall::Sends);
    }
    let mut is_kept = day.sends >= max_sends - max_sends * u64::from(shares.sign_in) / 100;
    if let Some((tariff, per_day)) = tariff.and_then(|tariff| Some((tariff, tariff.per_day?))) {
        let price = tariff.price_of(country).unwrap_or(0);
        let part = |percent: u8| percent_of(per_day, percent);
        let is_over = day.micros + price > per_day;
        let is_over_abroad = !tariff.is_home(country)
            && (day.country + price > part(shares.country) || day.abroad + price > part(100 - shares.home));
        if is_over || is_over_abroad {
            return Room::None(Wall::Money);
        }
        is_kept |= day.micros + price > part(100 - shares.sign_in);
    }
    if is_kept { Room::ForAccounts } else { Room::Open }
}

/// Divided first: a hundred times the largest budget is more than an i64 holds.
fn percent_of(micros: i64, percent: u8) -> i64 {
    let percent = i64::from(percent);
    micros / 100 * percent + micros % 100 * percent / 100
}

#[cfg(test)]
mod tests;
