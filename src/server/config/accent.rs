//! The brand's accent colour. White text stands on it, so it must be dark enough to read (WCAG 2.2, 1.4.3).

/// The least contrast of text.
const MIN_CONTRAST: f64 = 4.5;

/// Reads a colour like `#2b5ce6`; one that white text cannot be read on is refused.
pub(super) fn parse(text: &str) -> Result<String, String> {
    let [red, green, blue] = channels(text).ok_or("must be a colour like #2b5ce6")?;
    let luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    let contrast = 1.05 / (luminance + 0.05);
    if contrast < MIN_CONTRAST {
        return Err(format!("is too light for white text: its contrast is {contrast:.1} to 1, and must be {MIN_CONTRAST} to 1"));
    }
    Ok(text.to_ascii_lowercase())
}

fn channels(text: &str) -> Option<[u8; 3]> {
    let digits =
        text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    let channel = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    Some([channel(0)?, channel(2)?, channel(4)?])
}

/// The light of a channel (WCAG 2.2, relative luminance).
fn linear(channel: u8) -> f64 {
    let value = f64::from(channel) / 255.0;
    if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_colour_that_white_text_cannot_be_read_on_is_refused() {
        assert_eq!(parse("#2B5CE6").as_deref(), Ok("#2b5ce6"));
        for colour in ["#ffcc00", "#fff", "2b5ce6", "#12345g", "", "#+1+1+1", "red"] {
            assert!(parse(colour).is_err(), "{colour}");
        }
    }
}
