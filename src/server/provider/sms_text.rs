//! The text of an SMS: who sends it, the code, and the origin that the code is bound to.

mod alphabet;

use self::alphabet::{Alphabet, TooMuch};
use crate::messages::Locale;
use crate::verification::one_time_code::CODE_DIGITS;
use crate::verification::{OneTimeCode, PhoneNumber, Regions};

/// The text, with brand and host checked: to every country that is served it fits into one SMS, and every character can be written.
#[derive(Clone, Debug)]
pub(crate) struct SmsText {
    brand: String,
    host: String,
}

/// Why brand and host do not make a text.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum SmsTextError {
    #[error("the brand must be a name on one line")]
    InvalidBrand,
    #[error("`{0}` in the brand would be read as part of the line that binds the code to its origin")]
    LooksBound(char),
    #[error("the brand has as many digits as a code: phones would offer them in its place")]
    LooksLikeCode,
    #[error("`{0}` is not a host name: it must have no scheme, port or path, and an international name stands in its xn-- form")]
    InvalidHost(String),
    #[error(transparent)]
    DoesNotFit(#[from] TooMuch),
}

impl SmsText {
    /// Checks brand and host, for what can be sent to these regions. The advice not to pass the code on is left out where it does not fit.
    pub(crate) fn new(brand: &str, host: &str, regions: &Regions) -> Result<Self, SmsTextError> {
        let brand = brand.trim();
        if brand.is_empty() || brand.chars().any(char::is_control) {
            return Err(SmsTextError::InvalidBrand);
        }
        if let Some(sign) = brand.chars().find(|c| matches!(c, '@' | '#' | '＠' | '＃')) {
            return Err(SmsTextError::LooksBound(sign));
        }
        if brand.chars().filter(char::is_ascii_digit).count() >= CODE_DIGITS {
            return Err(SmsTextError::LooksLikeCode);
        }
        // A browser compares with a name; a number in brackets is only ever this machine's.
        let is_named = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
        if host.is_empty() || !is_named && host != "[::1]" {
            return Err(SmsTextError::InvalidHost(host.to_owned()));
        }
        let text = Self { brand: brand.to_owned(), host: host.to_owned() };
        let placeholder = "0".repeat(CODE_DIGITS);
        if regions.allowed().iter().any(|region| region == "KR") {
            // Nothing takes the place of a Korean text.
            text.compose(Locale::Ko, Alphabet::Korean, &placeholder)?;
            text.compose(Locale::En, Alphabet::Korean, &placeholder)?;
        }
        if !regions.is_only_korea() {
            text.compose(Locale::En, Alphabet::Others, &placeholder)?;
        }
        Ok(text)
    }

    /// The text with a code. Its last line is `@host #code` with nothing after it (WICG, origin-bound one-time codes). In English where one SMS
    /// to that number does not hold it in the language asked for.
    #[must_use]
    pub(crate) fn render(&self, locale: Locale, to: &PhoneNumber, code: &OneTimeCode) -> String {
        let (alphabet, code) = (Alphabet::of(to), code.as_str());
        let text = self.compose(locale, alphabet, code).or_else(|_| self.compose(Locale::En, alphabet, code));
        // What is sent past the regions that are served, to an operator, is longer at worst.
        text.unwrap_or_else(|_| self.write(Locale::En, code, false))
    }

    fn compose(&self, locale: Locale, alphabet: Alphabet, code: &str) -> Result<String, TooMuch> {
        if !alphabet.has(locale) {
            return self.compose(Locale::En, alphabet, code);
        }
        let advised = self.write(locale, code, true);
        if alphabet.check(&advised).is_ok() {
            return Ok(advised);
        }
        let text = self.write(locale, code, false);
        alphabet.check(&text).map(|()| text)
    }

    fn write(&self, locale: Locale, code: &str, has_advice: bool) -> String {
        let (words, Self { brand, host }) = (locale.words(), self);
        let advice = if has_advice { [words.sms_advice, "\n"].concat() } else { String::new() };
        format!("[{brand}] {} [{code}]\n{advice}@{host} #{code}", words.sms_code)
    }
}

#[cfg(test)]
mod tests;
