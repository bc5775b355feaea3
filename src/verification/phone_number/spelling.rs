//! How people write numbers: the digits of their script, the separators of their keyboard, marks that nobody sees, links.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::{InvalidPhoneNumber, MAX_TYPED_CHARS};
use crate::verification::typed::{digit, is_ignored, is_picture, is_separator};

/// From so many digits on, what stands behind a comma is an extension or a second number.
const WHOLE_DIGITS: usize = 8;

/// A number as it is dialled.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Spelling {
    /// Whether it has the sign of the country code.
    pub(super) has_plus: bool,
    /// Where a form was written by hand, a raw plus arrives as a space.
    pub(super) may_have_lost_plus: bool,
    pub(super) digits: String,
}

impl Spelling {
    /// Reads a text. Marks that nobody sees count for nothing, separators separate; anything else that is no digit is refused.
    pub(super) fn read(typed: &str) -> Result<Self, InvalidPhoneNumber> {
        let visible: String = typed.chars().filter(|c| !is_ignored(*c)).collect();
        let text = without_scheme(&percent_decoded(&visible))?;
        if text.chars().count() > MAX_TYPED_CHARS {
            return Err(InvalidPhoneNumber::TooLong);
        }
        let mut spelling = Self { may_have_lost_plus: text.starts_with(' '), ..Self::default() };
        let mut ended = None;
        for c in text.chars() {
            spelling.push(c, &mut ended)?;
        }
        if spelling.digits.is_empty() { Err(InvalidPhoneNumber::Unreadable) } else { Ok(spelling) }
    }

    /// `ended` says what is wrong if another digit follows.
    fn push(&mut self, c: char, ended: &mut Option<InvalidPhoneNumber>) -> Result<(), InvalidPhoneNumber> {
        match c {
            _ if let Some(digit) = digit(c) => {
                if let Some(wrong) = ended {
                    return Err(*wrong);
                }
                self.digits.push(digit);
            }
            '+' | '＋' | '﹢' | '⁺' if self.digits.is_empty() => self.has_plus = true,
            // Copied from a text that runs from right to left.
            '+' | '＋' | '﹢' | '⁺' => {
                self.has_plus = true;
                *ended = Some(InvalidPhoneNumber::Unreadable);
            }
            _ if c.is_alphabetic() && !is_separator(c) => return Err(ended.unwrap_or(InvalidPhoneNumber::Letters)),
            '#' | '*' | '＃' | '＊' if !self.digits.is_empty() => *ended = Some(InvalidPhoneNumber::Extension),
            ',' | ';' | '，' | '；' if self.digits.len() >= WHOLE_DIGITS => *ended = Some(InvalidPhoneNumber::Extension),
            ',' | ';' | '，' | '；' => {}
            _ if is_separator(c) || (is_picture(c) && self.digits.is_empty()) => {}
            _ => return Err(InvalidPhoneNumber::Unreadable),
        }
        Ok(())
    }

    pub(super) fn dialled(&self) -> String {
        [if self.has_plus { "+" } else { "" }, &self.digits].concat()
    }
}

/// The text with its `%2B` and their like as the characters that they stand for; as it is where they stand for none (RFC 3986, 2.1).
fn percent_decoded(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8().unwrap_or(Cow::Borrowed(text))
}

/// The schemes of links to a number: RFC 3966, RFC 5724, and what phones and messengers have beside them.
const SCHEMES: [&str; 6] = ["tel:", "sms:", "smsto:", "mms:", "mmsto:", "callto:"];
/// Links whose number has no plus, though it begins with a country code.
const INTERNATIONAL_LINKS: [&str; 4] = ["https://wa.me/", "http://wa.me/", "wa.me/", "https://api.whatsapp.com/send?phone="];

fn without_prefix<'a>(text: &'a str, prefixes: &[&str]) -> Option<&'a str> {
    let starts_with = |prefix: &str| text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    prefixes.iter().find(|prefix| starts_with(prefix)).map(|prefix| &text[prefix.len()..])
}

/// The number of a link; any other text as it is.
fn without_scheme(text: &str) -> Result<String, InvalidPhoneNumber> {
    let trimmed = text.trim_start();
    if let Some(number) = without_prefix(trimmed, &INTERNATIONAL_LINKS) {
        let number = number.split(['?', '&', '/']).next().unwrap_or_default();
        return Ok(["+", number.trim_start_matches('+')].concat());
    }
    let Some(address) = without_prefix(trimmed, &SCHEMES) else { return Ok(text.to_owned()) };
    let mut parts = address.split(['?', '&']).next().unwrap_or_default().split(';');
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
