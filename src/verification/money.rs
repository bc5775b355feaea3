//! What a send costs, and what a day of them may cost. Amounts are whole millionths, so that sums are exact.

mod tariff;

use std::fmt;

pub use tariff::{DaySpent, Shares, Tariff};
pub(crate) use tariff::{Room, Wall, room};

/// Digits behind the point that an amount may have.
const DECIMALS: usize = 6;
/// The most that an amount may be, in units: sums of a day stay far from the end of an i64.
const MAX_UNITS: i64 = 1_000_000_000;

/// An amount of a currency, not negative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Money {
    /// ISO 4217, like `KRW`.
    pub currency: String,
    /// Millionths of the currency's unit.
    pub micros: i64,
}

impl Money {
    /// Reads `9 KRW` or `0.0083 USD`.
    ///
    /// ```
    /// use beonho::verification::Money;
    ///
    /// assert_eq!(Money::parse("0.0083 USD").map(|money| money.micros), Ok(8_300));
    /// assert_eq!(Money::parse("50000 KRW").expect("money").to_string(), "50000 KRW");
    /// assert!(Money::parse("-1 KRW").is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// With what is wrong, for the operator.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("must be an amount and its currency, like 9 KRW or 0.0083 USD, which `{text}` is not");
        let mut words = text.split_whitespace();
        let (Some(amount), Some(currency), None) = (words.next(), words.next(), words.next()) else { return Err(wrong()) };
        if amount.starts_with('-') {
            return Err(format!("`{text}` is negative"));
        }
        let is_currency = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase());
        let micros = micros(amount).filter(|_| is_currency).ok_or_else(wrong)?;
        Ok(Self { currency: currency.to_owned(), micros })
    }
}

fn micros(amount: &str) -> Option<i64> {
    let (units, rest) = amount.split_once('.').unwrap_or((amount, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(units) || !is_number(rest) || rest.len() > DECIMALS {
        return None;
    }
    let units: i64 = units.parse().ok().filter(|units| *units <= MAX_UNITS)?;
    Some(units * 1_000_000 + format!("{rest:0<DECIMALS$}").parse::<i64>().ok()?)
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, micros) = (if self.micros < 0 { "-" } else { "" }, self.micros.unsigned_abs());
        let rest = format!("{:06}", micros % 1_000_000);
        let rest = rest.trim_end_matches('0');
        let point = if rest.is_empty() { "" } else { "." };
        write!(f, "{sign}{}{point}{rest} {}", micros / 1_000_000, self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_or_refused() {
        for (text, micros) in [("9 KRW", 9_000_000), ("0 USD", 0), ("0.000001 USD", 1), ("  7.5   EUR ", 7_500_000)] {
            assert_eq!(Money::parse(text).map(|money| money.micros), Ok(micros), "{text}");
        }
        for text in [
            "",
            "9",
            "KRW",
            "9KRW",
            "9 krw",
            "9 WON1",
            "+9 KRW",
            "1e3 KRW",
            ".5 USD",
            "5. USD",
            "0.0000001 USD",
            "9 KRW each",
            "9,5 EUR",
            "10000000000 KRW",
        ] {
            assert!(Money::parse(text).is_err(), "{text}");
        }
        assert!(Money::parse("-9 KRW").expect_err("negative").contains("negative"));
    }

    #[test]
    fn amounts_are_written_as_they_are_read() {
        for text in ["9 KRW", "0.0083 USD", "12.5 EUR", "0 KRW"] {
            assert_eq!(Money::parse(text).expect("money").to_string(), text);
        }
        assert_eq!(Money { currency: "KRW".into(), micros: -1_500_000 }.to_string(), "-1.5 KRW");
    }
}
