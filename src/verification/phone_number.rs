//! Phone numbers: whatever a person types becomes one E.164 text, or is refused.

mod reading;
mod regions;
mod spelling;
#[cfg(test)]
mod tests;
mod written;

use rlibphonenumber::{PHONE_NUMBER_UTIL, Region};

use super::guard::NO_COUNTRY;

pub use regions::{InvalidRegions, Regions, is_country};
pub use written::{Country, countries};

/// The longest text that is looked at, in characters. ITU-T E.164 allows 15 digits; the rest is room for separators.
pub const MAX_TYPED_CHARS: usize = 64;

/// A mobile number in E.164 (ITU-T E.164). `Debug` and [`PhoneNumber::masked`] hide the middle digits.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PhoneNumber(String);

/// Why the typed text is not a mobile number of an allowed region.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
pub enum InvalidPhoneNumber {
    /// It is no number at all.
    #[error("not a phone number")]
    Unreadable,
    /// There are letters in it.
    #[error("a phone number has no letters")]
    Letters,
    /// It is dialled from abroad, or seems to have lost its `+`.
    #[error("a number of another country, or one dialled from abroad, begins with + and the country code")]
    NeedsPlus,
    /// An extension, or a second number.
    #[error("a number with an extension cannot receive SMS")]
    Extension,
    /// There are digits missing.
    #[error("digits are missing")]
    TooShort,
    /// There are more digits than a number has.
    #[error("there are too many digits")]
    TooLong,
    /// A landline, or a service that no handset has.
    #[error("not a mobile number that can receive SMS here")]
    NotMobile,
    /// The region is not allowed.
    #[error("numbers of this country are not served here")]
    NotServed,
}

impl PhoneNumber {
    /// A number as it was stored.
    #[must_use]
    pub fn from_stored(e164: String) -> Self {
        Self(e164)
    }

    /// The full number, `+821012345678`: for the store and the vendor, never for a page or a log.
    #[must_use]
    pub fn as_e164(&self) -> &str {
        &self.0
    }

    /// The number as it is dialled inside Korea, `01012345678`, or none for another country.
    #[must_use]
    pub fn korean_national(&self) -> Option<String> {
        self.0.strip_prefix("+82").map(|rest| format!("0{rest}"))
    }

    /// The country code and the number behind it, in digits; none for a number that is in no country.
    ///
    /// ```
    /// use beonho::verification::PhoneNumber;
    ///
    /// assert_eq!(PhoneNumber::from_stored("+14413701234".into()).split(), Some(("1", "4413701234")));
    /// assert_eq!(PhoneNumber::from_stored("+819012345678".into()).split(), Some(("81", "9012345678")));
    /// ```
    #[must_use]
    pub fn split(&self) -> Option<(&str, &str)> {
        let digits = self.0.strip_prefix('+')?;
        digits.split_at_checked(self.country_code()?.to_string().len())
    }

    /// The number with all but its edges hidden.
    ///
    /// ```
    /// use beonho::verification::PhoneNumber;
    ///
    /// let masked = |e164: &str| PhoneNumber::from_stored(e164.to_owned()).masked();
    /// assert_eq!(masked("+821012345678"), "+82 10-****-5678");
    /// assert_eq!(masked("+819012345678"), "+81 ****-5678");
    /// ```
    #[must_use]
    pub fn masked(&self) -> String {
        if let Some(tail) = self.0.strip_prefix("+8210").and_then(|rest| rest.get(4..)) {
            return format!("+82 10-****-{tail}");
        }
        let country = self.country_code().map(|code| code.to_string()).unwrap_or_default();
        let tail = &self.0[self.0.len().saturating_sub(4)..];
        format!("+{country} ****-{tail}")
    }

    /// What it has in common with the numbers around it: all but its last four digits.
    ///
    /// ```
    /// use beonho::verification::PhoneNumber;
    ///
    /// let prefix = |e164: &str| PhoneNumber::from_stored(e164.to_owned()).masked_prefix();
    /// assert_eq!(prefix("+821012345678"), "+82 10-1234-****");
    /// assert_eq!(prefix("+819012345678"), "+81 901234-****");
    /// ```
    #[must_use]
    pub fn masked_prefix(&self) -> String {
        let prefix = self.0.get(..self.0.len().saturating_sub(4)).unwrap_or_default();
        if let Some(middle) = prefix.strip_prefix("+8210") {
            return format!("+82 10-{middle}-****");
        }
        let country = self.country_code().map(|code| format!("+{code}")).unwrap_or_default();
        let middle = prefix.strip_prefix(&country).unwrap_or_default();
        format!("{country} {middle}-****")
    }

    /// The region that the number plan has it in (ISO 3166-1 alpha-2); none where it has none, or where it has all of the world.
    ///
    /// ```
    /// use beonho::verification::PhoneNumber;
    ///
    /// let region = |e164: &str| PhoneNumber::from_stored(e164.to_owned()).region();
    /// assert_eq!(region("+821012345678").as_deref(), Some("KR"));
    /// assert_eq!(region("+447797712345").as_deref(), Some("JE"));
    /// assert_eq!(region("+80012345678"), None);
    /// assert_eq!(region("+999123"), None);
    /// ```
    #[must_use]
    pub fn region(&self) -> Option<String> {
        let of_code = PHONE_NUMBER_UTIL.get_regions_for_country_calling_code(self.country_code()?)?;
        // Most countries have a calling code of their own; of those that share one, expressions tell.
        let alone = if of_code.len() == 1 { of_code.into_iter().next() } else { None };
        let region = alone.or_else(|| PHONE_NUMBER_UTIL.parse(&self.0, None).ok()?.get_region_code())?;
        (region != Region::World).then(|| region.to_string())
    }

    /// The same, or [`NO_COUNTRY`], as sends and prices name it.
    #[must_use]
    pub fn country(&self) -> String {
        self.region().unwrap_or_else(|| NO_COUNTRY.to_owned())
    }

    /// The number but for its last four digits: a block of ten thousand.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.0[..self.0.len().saturating_sub(4)]
    }

    /// One to three digits, none of which begins with another (ITU-T E.164).
    fn country_code(&self) -> Option<i32> {
        let digits = self.0.strip_prefix('+')?;
        let mut codes = (1..=3).filter_map(|length| digits.get(..length)?.parse().ok());
        codes.find(|code| PHONE_NUMBER_UTIL.get_regions_for_country_calling_code(*code).is_some())
    }
}

impl std::fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.masked())
    }
}
