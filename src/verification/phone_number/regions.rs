//! Where numbers may come from, and which of them can be sent an SMS.

use std::collections::HashSet;
use std::sync::Arc;

use rlibphonenumber::{PHONE_NUMBER_UTIL, Region};

use super::written;

/// In a list, all of them.
const EVERY: &str = "*";

/// Where numbers may come from: `DEFAULT_REGION` and `ALLOWED_REGIONS`, as ISO 3166-1 alpha-2 codes.
#[derive(Clone, Debug)]
pub struct Regions {
    pub(super) default: Region,
    pub(super) allowed: Arc<[Region]>,
    /// Whether somebody said that the default is where their number is dialled.
    pub(super) is_said: bool,
}

/// The regions cannot be meant.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum InvalidRegions {
    /// A text is not a region that has phone numbers.
    #[error("`{0}` is not a region (ISO 3166-1 alpha-2, like KR)")]
    Unknown(String),
    /// Numbers would be read as those of a region that may not sign up.
    #[error("does not name {0}, the default region: the page would ask for numbers that it refuses")]
    WithoutDefault(String),
    /// A list without a region.
    #[error("names no region: give it one, or leave it out")]
    Empty,
}

impl Default for Regions {
    fn default() -> Self {
        Self { default: Region::KR, allowed: [Region::KR].into(), is_said: false }
    }
}

impl Regions {
    /// Reads the default region and a comma-separated list of those allowed; an empty text allows the default only, `*` every one that has
    /// mobile numbers.
    pub fn new(default: &str, allowed: &str) -> Result<Self, InvalidRegions> {
        let region = parse_region(default)?;
        let mut allowed = match allowed.trim() {
            "" => vec![region],
            EVERY => written::countries().map(|country| country.region).collect(),
            names => {
                let names = names.split(',').map(str::trim).filter(|text| !text.is_empty());
                names.map(parse_region).collect::<Result<Vec<_>, _>>()?
            }
        };
        let mut named = HashSet::new();
        allowed.retain(|region| named.insert(*region));
        match allowed.contains(&region) {
            true => Ok(Self { default: region, allowed: allowed.into(), is_said: false }),
            false if allowed.is_empty() => Err(InvalidRegions::Empty),
            false => Err(InvalidRegions::WithoutDefault(default.trim().to_ascii_uppercase())),
        }
    }

    /// Whether Korea is the only region allowed (SENS reaches no other here).
    #[must_use]
    pub fn is_only_korea(&self) -> bool {
        self.allowed.iter().all(|region| *region == Region::KR)
    }

    /// The default region.
    #[must_use]
    pub fn home(&self) -> String {
        self.default.to_string()
    }

    /// Every region whose numbers may sign up.
    #[must_use]
    pub fn allowed(&self) -> Vec<String> {
        self.allowed.iter().map(Region::to_string).collect()
    }

    /// The same regions, where numbers without a plus are read as those of another of them; none when it is none of them.
    #[must_use]
    pub fn read_from(&self, region: &str) -> Option<Self> {
        let region = parse_region(region).ok().filter(|region| self.allowed.contains(region))?;
        Some(Self { default: region, allowed: Arc::clone(&self.allowed), is_said: true })
    }

    /// Whether a person chooses among several.
    #[must_use]
    pub fn is_choice(&self) -> bool {
        self.allowed.len() > 1
    }

    /// Whether numbers of a region may sign up.
    #[must_use]
    pub fn allows(&self, region: &str) -> bool {
        self.read_from(region).is_some()
    }

    /// The region of a text that begins with a plus and the calling code of one that is allowed. Of several that share the code it is the one
    /// that the code is for (`US` for +1), or the first that is allowed.
    #[must_use]
    pub fn region_of_plus(&self, typed: &str) -> Option<String> {
        let spelling = self.read(typed).ok().filter(|spelling| spelling.has_plus)?;
        if let Ok(number) = self.parse(typed) {
            return number.region();
        }
        // Calling codes have one to three digits, and none begins with another (ITU-T E.164).
        let codes = (1..=3).filter_map(|digits| spelling.digits.get(..digits)?.parse().ok());
        codes.into_iter().find_map(|code| self.first_of(code)).map(|region| region.to_string())
    }

    /// The region that somebody is understood to choose: that of a plus, unless it shares its calling code with the one that was picked.
    #[must_use]
    pub fn chosen(&self, picked: &str, typed: &str) -> Option<String> {
        let code =
            |region: &str| parse_region(region).ok().and_then(|region| PHONE_NUMBER_UTIL.get_country_code_for_region(region));
        let picked_from = self.read_from(picked);
        let named = picked_from.as_ref().unwrap_or(self).region_of_plus(typed);
        named.filter(|named| code(named) != code(picked)).or_else(|| picked_from.map(|regions| regions.home()))
    }

    fn first_of(&self, calling_code: i32) -> Option<Region> {
        let shares = |region: &&Region| PHONE_NUMBER_UTIL.get_country_code_for_region(**region) == Some(calling_code);
        let main = PHONE_NUMBER_UTIL.get_region_for_country_code(calling_code).filter(|region| self.allowed.contains(region));
        main.or_else(|| self.allowed.iter().find(shares).copied())
    }
}

/// Whether a text is a country that has phone numbers (ISO 3166-1 alpha-2, in capitals).
#[must_use]
pub fn is_country(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_uppercase()) && parse_region(text).is_ok()
}

pub(super) fn parse_region(text: &str) -> Result<Region, InvalidRegions> {
    let region: Option<Region> = text.trim().to_ascii_uppercase().parse().ok();
    let known = region.filter(|region| PHONE_NUMBER_UTIL.get_country_code_for_region(*region).is_some());
    known.ok_or_else(|| InvalidRegions::Unknown(text.to_owned()))
}
