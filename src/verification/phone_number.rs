//! Phone numbers: whatever a person types becomes one E.164 text, or is refused.

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, PhoneNumberType, Region};

/// The longest text that is looked at, in characters. ITU-T E.164 allows 15 digits; the rest is room for separators.
pub const MAX_TYPED_CHARS: usize = 64;

/// Letters that a Japanese and a Korean keyboard give where a dash is meant.
const DASH_LETTERS: [char; 2] = ['ー', 'ㅡ'];

/// A mobile number in E.164 (ITU-T E.164). `Debug` and [`PhoneNumber::masked`] hide the middle digits.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PhoneNumber(String);

/// The typed text is not a mobile number of an allowed region.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a mobile number that can receive SMS here")]
pub struct InvalidPhoneNumber;

/// Where numbers may come from: `DEFAULT_REGION` and `ALLOWED_REGIONS`, as ISO 3166-1 alpha-2 codes.
#[derive(Clone, Debug)]
pub struct Regions {
    default: Region,
    allowed: Vec<Region>,
}

/// The text is not a region that has phone numbers.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is not a region (ISO 3166-1 alpha-2, like KR)")]
pub struct UnknownRegion(String);

impl Default for Regions {
    fn default() -> Self {
        Self { default: Region::KR, allowed: vec![Region::KR] }
    }
}

impl Regions {
    /// Reads the default region and a comma-separated list of those allowed; an empty list allows the default only.
    pub fn new(default: &str, allowed: &str) -> Result<Self, UnknownRegion> {
        let default = parse_region(default)?;
        let allowed: Result<Vec<_>, _> =
            allowed.split(',').map(str::trim).filter(|text| !text.is_empty()).map(parse_region).collect();
        let allowed = allowed?;
        Ok(Self { default, allowed: if allowed.is_empty() { vec![default] } else { allowed } })
    }

    /// Whether Korea is the only region allowed (SENS reaches no other here).
    #[must_use]
    pub fn is_only_korea(&self) -> bool {
        self.allowed.iter().all(|region| *region == Region::KR)
    }

    /// Reads what a person typed. Extensions, landlines and foreign regions are refused.
    pub fn parse(&self, typed: &str) -> Result<PhoneNumber, InvalidPhoneNumber> {
        let typed = &typed.replace(DASH_LETTERS, "-");
        if typed.chars().count() > MAX_TYPED_CHARS || typed.chars().any(char::is_alphabetic) && !is_tel_uri(typed) {
            return Err(InvalidPhoneNumber);
        }
        let parsed = PHONE_NUMBER_UTIL.parse(typed, Some(self.default)).map_err(|_| InvalidPhoneNumber)?;
        let region = parsed.get_region_code().ok_or(InvalidPhoneNumber)?;
        if parsed.extension.is_some() || !self.allowed.contains(&region) || !is_mobile(&parsed, region) {
            return Err(InvalidPhoneNumber);
        }
        Ok(PhoneNumber(parsed.format_as(PhoneNumberFormat::E164).into_owned()))
    }
}

fn parse_region(text: &str) -> Result<Region, UnknownRegion> {
    let region: Option<Region> = text.trim().to_ascii_uppercase().parse().ok();
    let known = region.filter(|region| PHONE_NUMBER_UTIL.get_country_code_for_region(*region).is_some());
    known.ok_or_else(|| UnknownRegion(text.to_owned()))
}

fn is_tel_uri(typed: &str) -> bool {
    typed.trim_start().get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("tel:"))
}

/// libphonenumber's Korean table is loose (it takes 012 and three-digit exchanges for mobile), so Korea has a rule of its own:
/// `010` and eight digits, the only mobile range in service since the end of 2G.
fn is_mobile(number: &rlibphonenumber::PhoneNumber, region: Region) -> bool {
    let national = number.get_national_significant_number();
    let is_mobile_type = matches!(number.get_type(), PhoneNumberType::Mobile | PhoneNumberType::FixedLineOrMobile);
    let is_korean_mobile = national.len() == 10 && national.starts_with("10");
    number.is_valid() && is_mobile_type && (region != Region::KR || is_korean_mobile)
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

    /// The number with all but its edges hidden: `+82 10-****-5678`.
    #[must_use]
    pub fn masked(&self) -> String {
        if let Some(tail) = self.0.strip_prefix("+8210").and_then(|rest| rest.get(4..)) {
            return format!("+82 10-****-{tail}");
        }
        let country = self.country_code().map(|code| code.to_string()).unwrap_or_default();
        let tail = &self.0[self.0.len().saturating_sub(4)..];
        format!("+{country} ****-{tail}")
    }

    fn country_code(&self) -> Option<i32> {
        PHONE_NUMBER_UTIL.parse(&self.0, None).ok().map(|number| number.country_code)
    }
}

impl std::fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_number_is_one_number() {
        for typed in [
            "01012345678",
            "010-1234-5678",
            "010 1234 5678",
            "010.1234.5678",
            " (010) 1234-5678 ",
            "+82 10-1234-5678",
            "+8210-1234-5678",
            "+8201012345678",
            "821012345678",
            "1012345678",
            "０１０－１２３４－５６７８",
            "010ー1234ー5678",
            "010ㅡ1234ㅡ5678",
            "tel:+82-10-1234-5678",
        ] {
            let number = Regions::default().parse(typed);
            assert_eq!(number.as_ref().map(PhoneNumber::as_e164), Ok("+821012345678"), "{typed}");
        }
    }

    #[test]
    fn what_is_not_a_korean_mobile_number_is_refused() {
        for typed in [
            "",
            " ",
            "hello",
            "📱",
            "010-1234-567",
            "010-123-4567",
            "010-1234-56789",
            "012-1234-5678",
            "011-123-4567",
            "02-123-4567",
            "031-123-4567",
            "070-1234-5678",
            "0507-1234-5678",
            "1588-0000",
            "015-1234-5678",
            "112",
            "0082-10-1234-5678",
            "010-1234-5678 ext 9",
            "010-1234-5678;ext=9",
            "010-1234-5678#9",
            "0101234ABCD",
            "+1 650-253-0000",
            "+81 90-1234-5678",
            "+82",
            "+",
            &"0".repeat(65),
            "tel:",
            "01012345678\u{0}\u{0}01012345678",
        ] {
            assert_eq!(Regions::default().parse(typed), Err(InvalidPhoneNumber), "{typed:?}");
        }
    }

    #[test]
    fn an_allowed_region_opens_its_mobile_numbers_only() {
        let regions = Regions::new("KR", "KR, jp").expect("regions");
        assert!(regions.parse("+81 90-1234-5678").is_ok());
        assert!(regions.parse("010-1234-5678").is_ok());
        assert!(regions.parse("+81 3-1234-5678").is_err());
        assert!(regions.parse("+44 7400 123456").is_err());
        assert!(!regions.is_only_korea());
    }

    #[test]
    fn a_region_that_does_not_exist_is_named() {
        assert_eq!(Regions::new("KR", "KR,QQ").expect_err("QQ").to_string(), "`QQ` is not a region (ISO 3166-1 alpha-2, like KR)");
    }

    #[test]
    fn a_number_shows_only_its_edges() {
        let number = Regions::default().parse("01012345678").expect("mobile");
        assert_eq!(number.masked(), "+82 10-****-5678");
        assert_eq!(format!("{number:?}"), "+82 10-****-5678");
        assert_eq!(PhoneNumber::from_stored("+819012345678".into()).masked(), "+81 ****-5678");
        assert_eq!(number.korean_national().as_deref(), Some("01012345678"));
    }
}
