//! The text of an SMS: who sends it, the code, and the origin that the code is bound to.

use encoding_rs::EUC_KR;

use crate::messages::Locale;
use crate::verification::{OneTimeCode, one_time_code::CODE_DIGITS};

/// The longest text, in EUC-KR bytes. SENS takes 90 and cuts what is longer at its end, where the origin stands; ten are left for
/// the `[Web발신]` that carriers put in front.
pub(crate) const MAX_TEXT_BYTES: usize = 80;

/// The text, with brand and host checked: both languages fit into one SMS, and every character can be written.
#[derive(Clone, Debug)]
pub(crate) struct SmsText {
    brand: String,
    host: String,
    has_advice: [bool; 2],
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
    #[error("`{0}` in the brand cannot be written in an SMS (it has no place in EUC-KR)")]
    Unencodable(char),
    #[error(
        "brand and host are together too long for one SMS of {MAX_TEXT_BYTES} bytes, by {bytes_over}; a Hangul syllable counts two"
    )]
    TooLong {
        /// How many EUC-KR bytes must go.
        bytes_over: usize,
    },
}

impl SmsText {
    /// Checks brand and host, in both languages. The advice not to pass the code on is left out where it does not fit.
    pub(crate) fn new(brand: &str, host: &str) -> Result<Self, SmsTextError> {
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
        let text = Self { brand: brand.to_owned(), host: host.to_owned(), has_advice: [false; 2] };
        let has_advice = [text.may_advise(Locale::Ko)?, text.may_advise(Locale::En)?];
        Ok(Self { has_advice, ..text })
    }

    /// The text with a code. Its last line is `@host #code` with nothing after it (WICG, origin-bound one-time codes).
    #[must_use]
    pub(crate) fn render(&self, locale: Locale, code: &OneTimeCode) -> String {
        self.compose(locale, code.as_str(), self.has_advice[locale as usize])
    }

    fn may_advise(&self, locale: Locale) -> Result<bool, SmsTextError> {
        let placeholder = "0".repeat(CODE_DIGITS);
        let shortest = euc_kr_bytes(&self.compose(locale, &placeholder, false))?;
        if shortest > MAX_TEXT_BYTES {
            return Err(SmsTextError::TooLong { bytes_over: shortest - MAX_TEXT_BYTES });
        }
        Ok(euc_kr_bytes(&self.compose(locale, &placeholder, true))? <= MAX_TEXT_BYTES)
    }

    fn compose(&self, locale: Locale, code: &str, has_advice: bool) -> String {
        let (words, Self { brand, host, .. }) = (locale.words(), self);
        let advice = if has_advice { [words.sms_advice, "\n"].concat() } else { String::new() };
        format!("[{brand}] {} [{code}]\n{advice}@{host} #{code}", words.sms_code)
    }
}

fn euc_kr_bytes(text: &str) -> Result<usize, SmsTextError> {
    let is_lost = |c: &char| !is_in_ks_x_1001(*c);
    match text.chars().find(is_lost) {
        Some(lost) => Err(SmsTextError::Unencodable(lost)),
        None => Ok(EUC_KR.encode(text).0.len()),
    }
}

/// What the web calls EUC-KR is Microsoft's CP949, which has 8,822 syllables more; a handset with the old set shows a box for them. In KS X
/// 1001 both bytes are 0xA1 or more.
fn is_in_ks_x_1001(c: char) -> bool {
    let mut bytes = [0; 4];
    let (encoded, _, is_lost) = EUC_KR.encode(c.encode_utf8(&mut bytes));
    !is_lost && (c.is_ascii() || encoded.iter().all(|byte| *byte >= 0xa1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code() -> OneTimeCode {
        OneTimeCode::parse("123456").expect("code")
    }

    #[test]
    fn a_brand_looks_like_nothing_that_phones_read() {
        for brand in ["#1 가게", "A @b.co #999999", "가게＃1", "@home"] {
            assert!(matches!(SmsText::new(brand, "example.com"), Err(SmsTextError::LooksBound(_))), "{brand}");
        }
        assert_eq!(SmsText::new("A 123456", "a.co").expect_err("six digits"), SmsTextError::LooksLikeCode);
        assert!(SmsText::new("365", "24-7.example.com").is_ok());
    }

    #[test]
    fn only_what_old_handsets_show_is_written() {
        for (brand, lost) in [("헤어샾", '샾'), ("믜", '믜'), ("뷁", '뷁'), ("Café", 'é')] {
            assert_eq!(SmsText::new(brand, "a.co").expect_err(brand), SmsTextError::Unencodable(lost));
        }
        for brand in ["ⓒ가게", "㈜우리", "헤어숍"] {
            assert!(SmsText::new(brand, "a.co").is_ok(), "{brand}");
        }
    }

    #[test]
    fn the_last_line_binds_the_code_to_its_origin() {
        let text = SmsText::new("번호", "example.com").expect("fits");
        let korean = text.render(Locale::Ko, &code());
        assert_eq!(korean, "[번호] 인증번호 [123456]\n타인에게 알려주지 마세요.\n@example.com #123456");
        let english = text.render(Locale::En, &code());
        assert_eq!(english, "[번호] Verification code [123456]\nDo not share it.\n@example.com #123456");
    }

    #[test]
    fn every_text_that_is_accepted_fits_into_eighty_bytes() {
        for brand_bytes in 1..80 {
            for host_bytes in 1..80 {
                let (brand, host) = ("b".repeat(brand_bytes), "h".repeat(host_bytes));
                let Ok(text) = SmsText::new(&brand, &host) else { continue };
                for locale in [Locale::Ko, Locale::En] {
                    let text = text.render(locale, &code());
                    assert!(euc_kr_bytes(&text).expect("encodable") <= MAX_TEXT_BYTES, "{text}");
                    assert!(text.ends_with(&format!("\n@{host} #123456")), "{text}");
                }
            }
        }
    }

    #[test]
    fn the_advice_goes_before_anything_else_does() {
        let text = SmsText::new("테스트샵", "verify.my-company.co.kr").expect("fits");
        assert_eq!(text.render(Locale::Ko, &code()), "[테스트샵] 인증번호 [123456]\n@verify.my-company.co.kr #123456");
    }

    #[test]
    fn a_refusal_says_what_to_change() {
        let refusal = |brand, host| SmsText::new(brand, host).expect_err("refused").to_string();
        assert!(refusal("번호😀", "example.com").starts_with("`😀` in the brand"));
        assert!(refusal("번호—", "example.com").starts_with("`—` in the brand"));
        let long = "h".repeat(41);
        assert!(refusal("가", &long).contains("of 80 bytes, by 2"), "{}", refusal("가", &long));
        for brand in ["", "  ", "a\nb"] {
            assert_eq!(SmsText::new(brand, "a").expect_err("brand"), SmsTextError::InvalidBrand, "{brand:?}");
        }
        for host in ["", "https://a", "a:3000", "a b", "번호.한국"] {
            assert_eq!(SmsText::new("b", host).expect_err("host"), SmsTextError::InvalidHost(host.into()), "{host:?}");
        }
    }
}
