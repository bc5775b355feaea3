//! The names of countries, from CLDR, and the countries that languages are spoken in.

use std::sync::OnceLock;

use icu_collator::Collator;
use icu_collator::options::CollatorOptions;
use icu_locale::names::RegionDisplayName;
use icu_locale::{LanguageIdentifier, LocaleExpander};

use super::Locale;
use super::accepted::weighed;
use crate::verification::phone_number::{Country, countries};

/// A country that has mobile numbers, by its name.
type Named = (String, &'static Country);

static NAMED: [OnceLock<Vec<Named>>; Locale::ALL.len()] = [const { OnceLock::new() }; Locale::ALL.len()];

impl Locale {
    /// Every country that has mobile numbers, by its name in this language and in the order that it has.
    #[must_use]
    pub(crate) fn countries(self) -> &'static [Named] {
        let at = Self::ALL.iter().position(|locale| *locale == self).unwrap_or_default();
        NAMED[at].get_or_init(|| self.name_countries())
    }

    fn name_countries(self) -> Vec<Named> {
        let locale = self.tag().parse().unwrap_or(icu_locale::Locale::UNKNOWN);
        let name = |country: &'static Country| {
            let region = country.code.parse().ok()?;
            let name = RegionDisplayName::new_light_with_fallback((&locale).into(), region);
            Some((name.to_string(), country))
        };
        let mut named: Vec<Named> = countries().filter_map(name).collect();
        // Without its rules a language's names stand as their letters do in Unicode.
        match Collator::try_new((&locale).into(), CollatorOptions::default()) {
            Ok(collator) => named.sort_by(|(one, _), (other, _)| collator.compare(one, other)),
            Err(_) => named.sort_by(|(one, _), (other, _)| one.cmp(other)),
        }
        named
    }
}

/// The regions of an `Accept-Language` header, the most wanted first: those that it names (`zh-TW`), or where a language is mostly spoken
/// (`ja`; UTS 35, likely subtags).
#[must_use]
pub(crate) fn likely_regions(header: &str) -> Vec<String> {
    let entries = header.split(',').map(str::trim).filter(|entry| !entry.is_empty()).take(32).map(weighed);
    let mut wanted: Vec<_> = entries.filter_map(|(tag, weight)| Some((tag, weight.filter(|weight| *weight > 0.0)?))).collect();
    // Those that weigh the same stay in the order that they came in.
    wanted.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    let expander = LocaleExpander::new_common();
    let region = |tag: &str| {
        let mut language: LanguageIdentifier = tag.parse().ok()?;
        expander.maximize(&mut language);
        language.region.map(|region| region.to_string())
    };
    wanted.into_iter().filter_map(|(tag, _)| region(tag)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_names_every_country_in_its_own_order() {
        for locale in Locale::ALL {
            let named = locale.countries();
            assert_eq!(named.len(), countries().count());
            let unnamed: Vec<_> = named.iter().filter(|(name, country)| *name == country.code).collect();
            assert!(unnamed.is_empty(), "{unnamed:?}");
        }
        let place = |locale: Locale, name: &str| locale.countries().iter().position(|(named, _)| named == name).expect("a country");
        assert_eq!(Locale::Ko.countries()[0].0, "가나");
        assert_eq!(
            place(Locale::En, "Åland Islands"),
            place(Locale::En, "Afghanistan") + 1,
            "as letters sound, not as they are coded"
        );
        assert!(place(Locale::Ko, "일본") < place(Locale::Ko, "칠레"));
    }

    #[test]
    fn a_language_says_where_somebody_may_be() {
        for (header, regions) in [
            ("ja", vec!["JP"]),
            ("en-GB,en;q=0.9", vec!["GB", "US"]),
            ("zh-TW", vec!["TW"]),
            ("zh-Hant", vec!["TW"]),
            ("fr;q=0.5, ko;q=0.8, *;q=0.1", vec!["KR", "FR"]),
            ("es-419, de;q=0", vec!["419"]),
            ("", vec![]),
            ("junk!, \u{e9}", vec![]),
        ] {
            assert_eq!(likely_regions(header), regions, "{header}");
        }
    }
}
