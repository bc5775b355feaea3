//! What a person typed becomes a number, or a reason why it is none.

use rlibphonenumber::{PHONE_NUMBER_UTIL, ParseError, PhoneNumberFormat, PhoneNumberType, Region, ValidationError};

use super::spelling::Spelling;
use super::{InvalidPhoneNumber, PhoneNumber, Regions};

/// Korea's country code, and how many digits a mobile number has behind it.
const KOREA: i32 = 82;
const KOREAN_MOBILE_DIGITS: usize = 10;
/// The same of Mexico's, and what stood before them.
const MEXICO: i32 = 52;
const MEXICAN_DIGITS: usize = 10;
const MEXICAN_PREFIXES: [&str; 4] = ["1", "01", "044", "045"];

impl Regions {
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
        let spelling = self.read(typed)?;
        let number = self.dial(&spelling)?;
        let named = number.get_region_code().ok_or_else(|| self.misdialled(&spelling, &number))?;
        let Some(region) = self.allowed_region_of(&number, named) else {
            return Err(if spelling.has_plus { InvalidPhoneNumber::NotServed } else { self.misdialled(&spelling, &number) });
        };
        if !is_mobile(&number, region) {
            return Err(self.misdialled(&spelling, &number));
        }
        Ok(PhoneNumber(number.format_as(PhoneNumberFormat::E164).into_owned()))
    }

    /// The same for somebody who said in which country numbers are dialled like theirs; a plus says so too, and wins.
    pub fn parse_in(&self, region: Option<&str>, typed: &str) -> Result<PhoneNumber, InvalidPhoneNumber> {
        let Some(region) = region else { return self.parse(typed) };
        match self.read_from(region) {
            Some(regions) => regions.parse(typed),
            None if self.read(typed)?.has_plus => self.parse(typed),
            None => Err(InvalidPhoneNumber::NotServed),
        }
    }

    /// Reads a number for the operator, who deals with whatever is stored, wherever numbers may come from today.
    pub fn parse_any(&self, typed: &str) -> Result<PhoneNumber, InvalidPhoneNumber> {
        let spelling = self.read(typed)?;
        let number = self.dial(&spelling)?;
        if number.is_possible_with_reason().is_err() {
            return Err(self.misdialled(&spelling, &number));
        }
        Ok(PhoneNumber(number.format_as(PhoneNumberFormat::E164).into_owned()))
    }

    /// Reads the text alone. Where nobody said where it is dialled, and numbers begin with a zero there, a space in its place may have been a plus.
    pub(super) fn read(&self, typed: &str) -> Result<Spelling, InvalidPhoneNumber> {
        let spelling = Spelling::read(typed)?;
        let is_plus = spelling.may_have_lost_plus && !spelling.digits.starts_with('0') && !self.is_said && self.begins_with_zero();
        Ok(Spelling { has_plus: spelling.has_plus || is_plus, ..spelling })
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
        let number = PHONE_NUMBER_UTIL.parse(spelling.dialled(), Some(self.default)).map(without_old_prefix);
        number.map_err(|fault| match fault {
            ParseError::InvalidCountryCode => InvalidPhoneNumber::NeedsPlus,
            ParseError::TooShortAfterIdd | ParseError::TooShortNsn => InvalidPhoneNumber::TooShort,
            ParseError::TooLongNsn => InvalidPhoneNumber::TooLong,
            ParseError::NotANumber(_) => InvalidPhoneNumber::Unreadable,
        })
    }

    /// The allowed region that has a number. The number plan names one; where several share their numbers (Saint Barthélemy has those of
    /// Guadeloupe, the Vatican those of Italy) it is the same number in each of them.
    fn allowed_region_of(&self, number: &rlibphonenumber::PhoneNumber, named: Region) -> Option<Region> {
        let mut allowed = self.allowed.iter().copied();
        if self.allowed.contains(&named) { Some(named) } else { allowed.find(|region| number.is_valid_for_region(*region)) }
    }
}

/// A number of Mexico as it is dialled since 3 August 2019, when the 1 behind +52 and the 01, 044 and 045 before a number went. People and messengers
/// still write them, and no number has more than its ten digits.
fn without_old_prefix(number: rlibphonenumber::PhoneNumber) -> rlibphonenumber::PhoneNumber {
    if number.country_code != MEXICO {
        return number;
    }
    let digits = number.get_national_significant_number();
    let without = MEXICAN_PREFIXES.iter().filter_map(|prefix| digits.strip_prefix(prefix));
    let number_of = |digits: &str| PHONE_NUMBER_UTIL.parse(format!("+{MEXICO}{digits}"), None).ok();
    without.filter(|rest| rest.len() == MEXICAN_DIGITS).find_map(number_of).unwrap_or(number)
}

/// libphonenumber's Korean table is loose (it takes 012 and three-digit exchanges for mobile), so Korea has a rule of its own:
/// `010` and eight digits, the only mobile range in service since the end of 2G.
fn is_mobile(number: &rlibphonenumber::PhoneNumber, region: Region) -> bool {
    let national = number.get_national_significant_number();
    let is_mobile_type = matches!(number.get_type(), PhoneNumberType::Mobile | PhoneNumberType::FixedLineOrMobile);
    let is_korean_mobile = national.len() == KOREAN_MOBILE_DIGITS && national.starts_with("10");
    number.is_valid() && is_mobile_type && (region != Region::KR || is_korean_mobile)
}
