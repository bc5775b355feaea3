//! One-time codes: six digits, uniform, stored only as digests.

use base64::{Engine, prelude::BASE64_STANDARD};
use rand_core::CryptoRng;

use super::secret_keys::{SecretKeys, Use};
use super::typed::{digit, is_ignored, is_separator};
use super::{ChallengeId, PhoneNumber};

/// How many digits a code has. Six random digits are sufficient for an out-of-band secret of ten minutes at most
/// (OWASP ASVS 5.0, 6.5.4).
pub const CODE_DIGITS: usize = 6;

/// The longest text that is looked at, in characters: a message has fewer.
const MAX_TYPED_CHARS: usize = 256;

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

    /// Reads what a person typed or pasted: digits of any script and any separators between them; the same code twice, as a keyboard may
    /// insert it; or the whole message, where six digits and no others stand by themselves, once or more, or where no other digits are.
    ///
    /// ```
    /// use beonho::verification::OneTimeCode;
    ///
    /// for typed in ["012345", "０１２-３４５", "[Beonho] Verification code [012345]", "012345012345"] {
    ///     assert_eq!(OneTimeCode::parse(typed).expect("a code").as_str(), "012345");
    /// }
    /// assert!(OneTimeCode::parse("12345").is_err(), "a code may begin with zeros, and none is added");
    /// ```
    pub fn parse(typed: &str) -> Result<Self, MalformedCode> {
        if typed.chars().count() > MAX_TYPED_CHARS {
            return Err(MalformedCode);
        }
        let visible: Vec<char> = typed.chars().filter(|c| !is_ignored(*c)).collect();
        let digits: Option<String> = visible.iter().filter(|c| !is_separator(**c)).map(|c| digit(*c)).collect();
        let code = match digits {
            Some(digits) => once(&digits).map(str::to_owned),
            None => of_message(&visible),
        };
        code.map(Self).ok_or(MalformedCode)
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

/// Six digits, or the same six twice.
fn once(digits: &str) -> Option<&str> {
    let (code, rest) = digits.split_at_checked(CODE_DIGITS)?;
    (rest.is_empty() || rest == code).then_some(code)
}

/// The one code of a message.
fn of_message(text: &[char]) -> Option<String> {
    // What is no text at all is no message either.
    if text.iter().any(|c| c.is_control() && !c.is_whitespace()) {
        return None;
    }
    let runs = text.split(|c| digit(*c).is_none()).map(|run| run.iter().filter_map(|c| digit(*c)).collect::<String>());
    let mut codes: Vec<_> = runs.filter(|run| run.len() == CODE_DIGITS).collect();
    codes.dedup();
    if codes.len() == 1 { codes.pop() } else { only_digits(text) }
}

/// Six digits that something stands around, and only punctuation between: «the code is 123 456».
fn only_digits(text: &[char]) -> Option<String> {
    let is_digit = |c: &char| digit(*c).is_some();
    let (first, last) = (text.iter().position(is_digit)?, text.iter().rposition(is_digit)?);
    let within = &text[first..=last];
    let is_parted = |c: &char| is_digit(c) || is_separator(*c) || c.is_ascii_punctuation();
    let digits: String = within.iter().filter_map(|c| digit(*c)).collect();
    (digits.len() == CODE_DIGITS && within.iter().all(is_parted)).then_some(digits)
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
mod tests;
