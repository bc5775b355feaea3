//! What can be held.

use std::fmt;

/// What is held: all numbers of a prefix or of a country.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HoldKey {
    /// A number but for its last four digits: at most ten thousand numbers.
    Prefix(String),
    /// ISO 3166-1 alpha-2.
    Country(String),
}

impl HoldKey {
    /// As the tally and the store name it.
    #[must_use]
    pub fn stored(&self) -> String {
        match self {
            Self::Prefix(prefix) => format!("p:{prefix}"),
            Self::Country(country) => format!("c:{country}"),
        }
    }

    /// What the store named, or an operator typed: `+82101234` or `KR`, with or without what stands before it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bare = text.trim();
        let bare = bare.strip_prefix("p:").or_else(|| bare.strip_prefix("c:")).unwrap_or(bare);
        let digits: String = bare.chars().filter(|letter| !matches!(letter, ' ' | '-' | '*')).collect();
        if let Some(number) = digits.strip_prefix('+') {
            let is_prefix = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            return is_prefix.then_some(Self::Prefix(digits));
        }
        let is_country = bare.len() == 2 && bare.bytes().all(|byte| byte.is_ascii_alphabetic());
        is_country.then(|| Self::Country(bare.to_ascii_uppercase()))
    }

    /// `prefix` or `country`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Prefix(_) => "prefix",
            Self::Country(_) => "country",
        }
    }
}

impl fmt::Display for HoldKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Prefix(prefix) => write!(f, "{prefix}****"),
            Self::Country(country) => f.write_str(country),
        }
    }
}
