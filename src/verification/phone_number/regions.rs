//! Where numbers may come from, and which of them can be sent an SMS.

use rlibphonenumber::{PHONE_NUMBER_UTIL, ParseError, PhoneNumberFormat, PhoneNumberType, Region, ValidationError};

use super::spelling::Spelling;
use super::{InvalidPhoneNumber, PhoneNumber};

/// Korea's country code, and how many digits a mobile number has behind it.
const KOREA: i32 = 82;
const KOREAN_MOBILE_DIGITS: usize = 10;

/// Where numbers may come from: `DEFAULT_REGION` and `ALLOWED_REGIONS`, as ISO 3166-1 alpha-2 codes.
#[derive(Clone, Debug)]
pub struct Regions {
    default: Region,
    allowed: Vec<Region>,
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
        Self { default: Region::KR, allowed: vec![Region::KR] }
    }
}

impl Regions {
    /// Reads the default region and a comma-separated list of those allowed; an empty text allows the default only.
    pub fn new(default: &str, allowed: &str) -> Result<Self, InvalidRegions> {
        let region = parse_region(default)?;
        if allowed.trim().is_empty() {
            return Ok(Self { default: region, allowed: vec![region] });
        }
        let names = allowed.split(',').map(str::trim).filter(|text| !text.is_empty());
        let allowed = names.map(parse_region).collect::<Result<Vec<_>, _>>()?;
        match allowed.contains(&region) {
            true => Ok(Self { default: region, allowed }),
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

    /// Reads what a person typed, in any script and with any separators.
    ///
    /// ```
    /// use beonho::verification::{InvalidPhoneNumber, Regions};
    ///
    /// let korea = Regions::new("KR", "").expect("a region");
    /// for typed in ["010-1234-5678", "+82 10 1234 5678", "０１０ㆍ１２３４ㆍ５６７８", "tel:+82-10-1234-5678"] {
    ///     assert_eq!(korea.parse(typed).expect("a number").as_e164(), "+821012345678");
    /// }
    /// assert_eq!(korea.parse("02-123-4567"), Err(InvalidPhoneNumber::NotMobile));
    /// ```
    pub fn parse(&self, typed: &str) -> Result<PhoneNumber, InvalidPhoneNumber> {
        let spelling = Spelling::read(typed)?;
        let number = self.dial(&spelling)?;
        let region = number.get_region_code().ok_or_else(|| self.misdialled(&spelling, &number))?;
        if !self.allowed.contains(&region) {
            return Err(if spelling.has_plus { InvalidPhoneNumber::NotServed } else { self.misdialled(&spelling, &number) });
        }
        if !is_mobile(&number, region) {
            return Err(self.misdialled(&spelling, &number));
        }
        Ok(PhoneNumber(number.format_as(PhoneNumberFormat::E164).into_owned()))
    }

    /// Reads a number for the operator, who deals with whatever is stored, wherever numbers may come from today.
    pub fn parse_any(&self, typed: &str) -> Result<PhoneNumber, InvalidPhoneNumber> {
        let spelling = Spelling::read(typed)?;
        let number = self.dial(&spelling)?;
        if number.is_possible_with_reason().is_err() {
            return Err(self.misdialled(&spelling, &number));
        }
        Ok(PhoneNumber(number.format_as(PhoneNumberFormat::E164).into_owned()))
    }

    /// A mobile number of the default region that shows how one is written there.
    #[must_use]
    pub fn example(&self) -> String {
        if self.default == Region::KR {
            return "010-1234-5678".to_owned();
        }
        let example = PHONE_NUMBER_UTIL.get_example_number_for_type_and_region(self.default, PhoneNumberType::Mobile);
        example.map(|number| number.format_as(PhoneNumberFormat::National).into_owned()).unwrap_or_default()
    }

    /// What is wrong with a number that nobody has.
    fn misdialled(&self, spelling: &Spelling, number: &rlibphonenumber::PhoneNumber) -> InvalidPhoneNumber {
        let national = number.get_national_significant_number();
        let is_korean = number.country_code == KOREA && national.starts_with("10");
        // At home a number may begin with nothing but a zero, or be as long as any there is.
        let may_be_foreign = !spelling.has_plus && !spelling.digits.starts_with('0');
        let is_foreign = may_be_foreign && self.default == Region::KR && spelling.digits.len() > KOREAN_MOBILE_DIGITS;
        match number.is_possible_with_reason() {
            // Numbers of that length are landlines.
            Ok(_) if is_korean && national.len() < KOREAN_MOBILE_DIGITS => InvalidPhoneNumber::TooShort,
            Ok(_) if is_korean => InvalidPhoneNumber::TooLong,
            Ok(_) if is_foreign => InvalidPhoneNumber::NeedsPlus,
            Err(ValidationError::TooShort) => InvalidPhoneNumber::TooShort,
            Err(ValidationError::TooLong) if self.default != Region::KR && !self.may_have_lost_plus(spelling) => {
                InvalidPhoneNumber::TooLong
            }
            Err(_) if may_be_foreign => InvalidPhoneNumber::NeedsPlus,
            Err(ValidationError::TooLong) => InvalidPhoneNumber::TooLong,
            Ok(_) if spelling.digits.starts_with("00") => InvalidPhoneNumber::NeedsPlus,
            Ok(_) | Err(_) => InvalidPhoneNumber::NotMobile,
        }
    }

    /// Whether the digits would be a number if a plus stood before them.
    fn may_have_lost_plus(&self, spelling: &Spelling) -> bool {
        let number = PHONE_NUMBER_UTIL.parse(["+", &spelling.digits].concat(), Some(self.default));
        !spelling.has_plus && number.is_ok_and(|number| number.is_valid())
    }

    fn dial(&self, spelling: &Spelling) -> Result<rlibphonenumber::PhoneNumber, InvalidPhoneNumber> {
        // From Korea one dials abroad by 001, 002 and their like, from elsewhere by 00: nobody need know them.
        if !spelling.has_plus && spelling.digits.starts_with("00") && self.default == Region::KR {
            return Err(InvalidPhoneNumber::NeedsPlus);
        }
        let dialled = spelling.dialled();
        PHONE_NUMBER_UTIL.parse(&dialled, Some(self.default)).map_err(|fault| match fault {
            ParseError::InvalidCountryCode => InvalidPhoneNumber::NeedsPlus,
            ParseError::TooShortAfterIdd | ParseError::TooShortNsn => InvalidPhoneNumber::TooShort,
            ParseError::TooLongNsn => InvalidPhoneNumber::TooLong,
            ParseError::NotANumber(_) => InvalidPhoneNumber::Unreadable,
        })
    }
}

/// Whether a text is a country that has phone numbers (ISO 3166-1 alpha-2, in capitals).
#[must_use]
pub fn is_country(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_uppercase()) && parse_region(text).is_ok()
}

fn parse_region(text: &str) -> Result<Region, InvalidRegions> {
    let region: Option<Region> = text.trim().to_ascii_uppercase().parse().ok();
    let known = region.filter(|region| PHONE_NUMBER_UTIL.get_country_code_for_region(*region).is_some());
    known.ok_or_else(|| InvalidRegions::Unknown(text.to_owned()))
}

/// libphonenumber's Korean table is loose (it takes 012 and three-digit exchanges for mobile), so Korea has a rule of its own:
/// `010` and eight digits, the only mobile range in service since the end of 2G.
fn is_mobile(number: &rlibphonenumber::PhoneNumber, region: Region) -> bool {
    let national = number.get_national_significant_number();
    let is_mobile_type = matches!(number.get_type(), PhoneNumberType::Mobile | PhoneNumberType::FixedLineOrMobile);
    let is_korean_mobile = national.len() == KOREAN_MOBILE_DIGITS && national.starts_with("10");
    number.is_valid() && is_mobile_type && (region != Region::KR || is_korean_mobile)
}
