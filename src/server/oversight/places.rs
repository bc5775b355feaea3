//! Where a day's sends went: every country, and the prefixes with the most.

use super::abuse::{Line, by_country};
use crate::server::store::AbuseFacts;
use crate::verification::PhoneNumber;

/// How many prefixes are told.
const MAX_PREFIXES: usize = 50;

/// Countries and prefixes, those with the most sends first.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    pub(crate) countries: Vec<Line>,
    pub(crate) prefixes: Vec<Line>,
}

impl Places {
    /// Names and masks what the store found.
    #[must_use]
    pub(crate) fn of(facts: &AbuseFacts) -> Self {
        let countries = by_country(facts).iter().map(|country| Line::of(country.source.clone(), &country.tally)).collect();
        let prefixes = facts.prefixes.iter().take(MAX_PREFIXES);
        let named = |sample: &Option<PhoneNumber>| sample.as_ref().map(PhoneNumber::masked_prefix).unwrap_or_default();
        Self { countries, prefixes: prefixes.map(|prefix| Line::of(named(&prefix.sample), &prefix.tally)).collect() }
    }
}
