//! How people write numbers: the digits of their script, the separators of their keyboard, marks that nobody sees.

use super::{InvalidPhoneNumber, MAX_TYPED_CHARS};
use crate::verification::typed::{digit, is_ignored, is_separator};

/// A number as it is dialled.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Spelling {
    /// Whether it begins with the sign of the country code.
    pub(super) has_plus: bool,
    /// The digits.
    pub(super) digits: String,
}

impl Spelling {
    /// Reads a text. Marks that nobody sees count for nothing, separators separate; anything else that is no digit is refused.
    pub(super) fn read(typed: &str) -> Result<Self, InvalidPhoneNumber> {
        let visible: String = typed.chars().filter(|c| !is_ignored(*c)).collect();
        let text = without_scheme(&visible)?;
        if text.chars().count() > MAX_TYPED_CHARS {
            return Err(InvalidPhoneNumber::TooLong);
        }
        // Where a form was written by hand, a raw plus arrives as a space.
        let may_have_lost_plus = text.starts_with(' ');
        let mut spelling = Self { has_plus: false, digits: String::new() };
        for c in text.chars() {
            spelling.push(c)?;
        }
        let is_national = spelling.digits.starts_with('0');
        spelling.has_plus |= may_have_lost_plus && !is_national;
        if spelling.digits.is_empty() { Err(InvalidPhoneNumber::Unreadable) } else { Ok(spelling) }
    }

    fn push(&mut self, c: char) -> Result<(), InvalidPhoneNumber> {
        match c {
            _ if let Some(digit) = digit(c) => self.digits.push(digit),
            '+' | '＋' | '﹢' if self.digits.is_empty() && !self.has_plus => self.has_plus = true,
            _ if c.is_alphabetic() && !is_separator(c) => return Err(InvalidPhoneNumber::Letters),
            '#' | '*' | ',' | ';' | '＃' | '＊' if !self.digits.is_empty() => return Err(InvalidPhoneNumber::Extension),
            _ if is_separator(c) => {}
            _ => return Err(InvalidPhoneNumber::Unreadable),
        }
        Ok(())
    }

    pub(super) fn dialled(&self) -> String {
        [if self.has_plus { "+" } else { "" }, &self.digits].concat()
    }
}

/// The number of a `tel:` (RFC 3966) or `sms:` (RFC 5724) address; any other text as it is.
fn without_scheme(text: &str) -> Result<String, InvalidPhoneNumber> {
    let trimmed = text.trim_start();
    let scheme = |name: &str| trimmed.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    if !scheme("tel:") && !scheme("sms:") {
        return Ok(text.to_owned());
    }
    let address = trimmed[4..].split(['?', '&']).next().unwrap_or_default().replace("%2B", "+").replace("%2b", "+");
    let address = address.replace("%20", "-");
    let mut parts = address.split(';');
    let number = parts.next().unwrap_or_default().trim().to_owned();
    let mut context = None;
    for part in parts {
        match part.split_once('=') {
            Some((name, value)) if name.eq_ignore_ascii_case("phone-context") => context = Some(value.to_owned()),
            Some((name, _)) if name.eq_ignore_ascii_case("ext") || name.eq_ignore_ascii_case("isub") => {
                return Err(InvalidPhoneNumber::Extension);
            }
            _ => {}
        }
    }
    match context {
        // A number of a country, written as it is dialled there.
        Some(context) if context.starts_with('+') && !number.starts_with('+') => {
            Ok([context.as_str(), number.trim_start_matches('0')].concat())
        }
        Some(context) if !context.starts_with('+') && !number.starts_with('+') => Err(InvalidPhoneNumber::NeedsPlus),
        _ => Ok(number),
    }
}
