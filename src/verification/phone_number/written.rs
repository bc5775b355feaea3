//! How numbers are written in a region: with an example, in groups as they are typed, and with their middle hidden.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, PhoneNumberType, Region};

use super::{PhoneNumber, Regions};

/// How many digits at the end are shown.
const SHOWN_DIGITS: usize = 4;
/// Fewer hidden digits than these hide nobody.
const MIN_HIDDEN: usize = 3;
/// Fewer digits at the beginning than these say nothing.
const MIN_SHOWN: usize = 2;

/// A region that has mobile numbers, as a page offers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Country {
    pub(super) region: Region,
    /// ISO 3166-1 alpha-2.
    pub code: String,
    /// Behind the plus.
    pub calling_code: i32,
    /// Whether the calling code is above all its own: the United States of those who share +1.
    pub is_main: bool,
    /// A mobile number as it is written there.
    pub example: String,
    /// How mobile numbers are grouped there while they are typed (`groups.txt`); empty where nothing is known of it.
    pub groups: &'static str,
}

static COUNTRIES: LazyLock<BTreeMap<String, Country>> = LazyLock::new(|| {
    let groups: BTreeMap<_, _> = include_str!("groups.txt").lines().filter_map(|line| line.split_once(' ')).collect();
    let regions = PHONE_NUMBER_UTIL.get_supported_regions();
    let countries = regions.filter_map(|region| {
        let code = region.to_string();
        let calling_code = PHONE_NUMBER_UTIL.get_country_code_for_region(region)?;
        let is_main = PHONE_NUMBER_UTIL.get_region_for_country_code(calling_code) == Some(region);
        let groups = groups.get(code.as_str()).copied().unwrap_or_default();
        let example = example_of(region)?;
        Some((code.clone(), Country { region, code, calling_code, is_main, example, groups }))
    });
    countries.collect()
});

/// Every region that has mobile numbers, by its code.
pub fn countries() -> impl Iterator<Item = &'static Country> {
    COUNTRIES.values()
}

fn example_of(region: Region) -> Option<String> {
    // The library's own is 010-2000-0000.
    if region == Region::KR {
        return Some("010-1234-5678".to_owned());
    }
    let example = PHONE_NUMBER_UTIL.get_example_number_for_type_and_region(region, PhoneNumberType::Mobile).ok()?;
    Some(example.format_as(PhoneNumberFormat::National).into_owned())
}

impl Regions {
    /// A mobile number of the default region that shows how one is written there.
    #[must_use]
    pub fn example(&self) -> String {
        example_of(self.default).unwrap_or_default()
    }

    /// The same for what somebody typed: of the country that it names by a plus, else of the one that was chosen, if they are allowed.
    #[must_use]
    pub fn example_for(&self, region: Option<&str>, typed: &str) -> String {
        let chosen = region.and_then(|region| self.read_from(region));
        let chosen = chosen.as_ref().unwrap_or(self);
        let named = chosen.region_of_plus(typed).and_then(|region| COUNTRIES.get(&region));
        named.map_or_else(|| chosen.example(), example_abroad)
    }

    /// Whether the numbers of the default region begin with a zero there.
    pub(super) fn begins_with_zero(&self) -> bool {
        self.example().starts_with('0')
    }

    /// A number with its middle hidden, as its reader writes it: one that is dialled from the default region without a country code is written
    /// as there, any other as everywhere.
    ///
    /// ```
    /// use beonho::verification::{PhoneNumber, Regions};
    ///
    /// let masked = |home: &str, e164: &str| Regions::new(home, "").expect("a region").masked(&PhoneNumber::from_stored(e164.to_owned()));
    /// assert_eq!(masked("KR", "+821012345678"), "010-****-5678");
    /// assert_eq!(masked("JP", "+819012345678"), "090-****-5678");
    /// assert_eq!(masked("GB", "+447400123456"), "0740* **3456");
    /// assert_eq!(masked("KR", "+819012345678"), "+81 ****-5678");
    /// ```
    #[must_use]
    pub fn masked(&self, number: &PhoneNumber) -> String {
        let home = PHONE_NUMBER_UTIL.get_country_code_for_region(self.default);
        let parsed = PHONE_NUMBER_UTIL.parse(number.as_e164(), None).ok();
        let at_home = parsed.filter(|parsed| Some(parsed.country_code) == home && parsed.is_valid());
        at_home.map_or_else(|| number.masked(), |parsed| hidden(&parsed.format_as(PhoneNumberFormat::National)))
    }
}

/// A region's example as it is dialled from elsewhere.
fn example_abroad(country: &Country) -> String {
    let number = PHONE_NUMBER_UTIL.parse(&country.example, Some(country.region));
    number.map(|number| number.format_as(PhoneNumberFormat::International).into_owned()).unwrap_or_default()
}

/// A written number that shows its last digits and its first group, or as much of that as leaves enough hidden between them.
fn hidden(written: &str) -> String {
    let digits = written.chars().filter(char::is_ascii_digit).count();
    let after_first = written.trim_start_matches(|c: char| !c.is_ascii_digit()).trim_start_matches(|c: char| c.is_ascii_digit());
    let first = digits - after_first.chars().filter(char::is_ascii_digit).count();
    let last = digits.saturating_sub(SHOWN_DIGITS);
    let room = last.saturating_sub(MIN_HIDDEN);
    let first = if room >= MIN_SHOWN.min(first) { first.min(room) } else { 0 };
    let mut at = 0;
    let hide = |c: char| {
        at += usize::from(c.is_ascii_digit());
        if c.is_ascii_digit() && at > first && at <= last { '*' } else { c }
    };
    written.chars().map(hide).collect()
}
