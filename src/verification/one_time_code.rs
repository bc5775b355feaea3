//! One-time codes: six digits, uniform, stored only as digests.

use base64::{Engine, prelude::BASE64_STANDARD};
use rand_core::CryptoRng;

use super::secret_keys::{SecretKeys, Use};
use super::{ChallengeId, PhoneNumber};

/// How many digits a code has. Six random digits are sufficient for an out-of-band secret of ten minutes at most
/// (OWASP ASVS 5.0, 6.5.4).
pub const CODE_DIGITS: usize = 6;

const CODES: u32 = 1_000_000;

/// Six digits that prove possession of a number. `Debug` does not show them.
#[derive(Clone, PartialEq, Eq)]
pub struct OneTimeCode(String);

/// The typed text is not six digits.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a code has six digits")]
pub struct MalformedCode;

impl OneTimeCode {
    /// Draws a code, uniform over 000000–999999.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        // Values past the last whole multiple would make small codes likelier, so they are drawn again.
        let limit = u32::MAX - u32::MAX % CODES;
        loop {
            let drawn = rng.next_u32();
            if drawn < limit {
                return Self(format!("{:06}", drawn % CODES));
            }
        }
    }

    /// Reads what a person typed: full-width digits count as digits, spaces and hyphens are ignored.
    pub fn parse(typed: &str) -> Result<Self, MalformedCode> {
        if typed.len() > 64 {
            return Err(MalformedCode);
        }
        let digits: Option<String> = typed.chars().filter(|c| !is_separator(*c)).map(ascii_digit).collect();
        digits.filter(|digits| digits.len() == CODE_DIGITS).map(Self).ok_or(MalformedCode)
    }

    /// The digits, for the message and the vendor; never for a log.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for OneTimeCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OneTimeCode(…)")
    }
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn ascii_digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32),
        _ => None,
    }
}

/// What is stored of a code: HMAC-SHA256 under the server's key over challenge, number and code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeDigest(String);

impl CodeDigest {
    /// The digest of `code` for this challenge and number.
    #[must_use]
    pub fn of(keys: &SecretKeys, challenge: &ChallengeId, number: &PhoneNumber, code: &OneTimeCode) -> Self {
        Self(BASE64_STANDARD.encode(keys.mac(Use::Code, &parts(challenge, number, code))))
    }

    /// Whether `code` is the one this digest was made of, in constant time and under any of the keys.
    #[must_use]
    pub fn matches(&self, keys: &SecretKeys, challenge: &ChallengeId, number: &PhoneNumber, code: &OneTimeCode) -> bool {
        let tag = BASE64_STANDARD.decode(&self.0).unwrap_or_default();
        keys.is_mac(Use::Code, &parts(challenge, number, code), &tag)
    }

    /// A digest as it was stored.
    #[must_use]
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The text to store.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn parts<'a>(challenge: &'a ChallengeId, number: &'a PhoneNumber, code: &'a OneTimeCode) -> [&'a [u8]; 3] {
    [challenge.as_str().as_bytes(), number.as_e164().as_bytes(), code.as_str().as_bytes()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verification::Regions;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    fn keys() -> SecretKeys {
        SecretKeys::parse(&"ab".repeat(32)).expect("key")
    }

    #[test]
    fn codes_have_six_digits_and_are_spread_evenly() {
        let mut rng = ChaCha20Rng::seed_from_u64(7);
        let mut first_digits = [0_u32; 10];
        for _ in 0..100_000 {
            let code = OneTimeCode::generate(&mut rng);
            assert_eq!(code.as_str().len(), CODE_DIGITS);
            first_digits[usize::from(code.as_str().as_bytes()[0] - b'0')] += 1;
        }
        assert!(first_digits.iter().all(|count| (9_500..10_500).contains(count)), "{first_digits:?}");
    }

    #[test]
    fn full_width_digits_spaces_and_hyphens_are_understood() {
        for typed in ["123456", " 123 456 ", "１２３４５６", "123-456", "123\u{a0}456", "\u{202a}123456\u{202c}"] {
            assert_eq!(OneTimeCode::parse(typed).map(|code| code.0), Ok("123456".to_owned()), "{typed:?}");
        }
    }

    #[test]
    fn anything_else_is_malformed() {
        for typed in ["", "12345", "1234567", "12345a", "12345六", "१२३४५६", "123.456", &" ".repeat(70)] {
            assert_eq!(OneTimeCode::parse(typed), Err(MalformedCode), "{typed:?}");
        }
    }

    #[test]
    fn a_digest_fits_one_challenge_one_number_and_one_code() {
        let regions = Regions::default();
        let (mine, other) = (regions.parse("01012345678").expect("mobile"), regions.parse("01087654321").expect("mobile"));
        let (a, b) = (ChallengeId::from_stored("a".into()), ChallengeId::from_stored("b".into()));
        let (right, wrong) = (OneTimeCode("123456".into()), OneTimeCode("123457".into()));
        let digest = CodeDigest::of(&keys(), &a, &mine, &right);
        assert!(digest.matches(&keys(), &a, &mine, &right));
        assert!(!digest.matches(&keys(), &b, &mine, &right));
        assert!(!digest.matches(&keys(), &a, &other, &right));
        assert!(!digest.matches(&keys(), &a, &mine, &wrong));
    }

    #[test]
    fn a_code_does_not_show_itself() {
        assert_eq!(format!("{:?}", OneTimeCode("123456".into())), "OneTimeCode(…)");
    }
}
