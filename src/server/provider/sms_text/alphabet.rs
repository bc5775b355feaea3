//! What a text is written in on its way to a phone, and how much of it one SMS holds.

use encoding_rs::EUC_KR;

use crate::messages::Locale;
use crate::verification::PhoneNumber;

/// The longest text to a Korean number, in EUC-KR bytes. SENS takes 90 and cuts what is longer at its end, where the origin stands; ten are left
/// for the `[Web발신]` that carriers put in front.
pub(super) const MAX_KOREAN_BYTES: usize = 80;
/// What one SMS holds elsewhere: septets of the 7-bit default alphabet, or units of UCS-2 (3GPP TS 23.038, 4 and 6.2).
pub(super) const MAX_SEPTETS: usize = 160;
pub(super) const MAX_UCS2_UNITS: usize = 70;

/// The 7-bit default alphabet, each character at its code (3GPP TS 23.038, 6.2.1). 0x1B leads to the extension.
pub(super) const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u{1b}ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
                                ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Its extension: each takes two septets (6.2.1.1). The tables of single languages are not used: few networks have them.
pub(super) const EXTENSION: &str = "\u{c}^{}\\[~]|€";

/// What the networks of a country write texts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alphabet {
    /// KS X 1001, in EUC-KR.
    Korean,
    /// The 7-bit default alphabet where it has every character, else UCS-2.
    Others,
}

/// Why one SMS does not hold a text.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum TooMuch {
    #[error("`{0}` in the brand cannot be written in an SMS (it has no place in EUC-KR)")]
    Unencodable(char),
    #[error("brand and host are together too long for one SMS of {MAX_KOREAN_BYTES} bytes, by {0}; a Hangul syllable counts two")]
    Bytes(usize),
    #[error("brand and host are together too long for one SMS of {MAX_SEPTETS} signs, by {0}; each of ^{{}}\\[~]|€ counts two")]
    Septets(usize),
    #[error(
        "brand and host are together too long for one SMS of {MAX_UCS2_UNITS} signs, by {0}; a brand in Latin letters leaves room for more"
    )]
    Units(usize),
}

impl Alphabet {
    pub(super) fn of(to: &PhoneNumber) -> Self {
        if to.korean_national().is_some() { Self::Korean } else { Self::Others }
    }

    /// Whether every handset there is sure to show a language. KS X 1001 has kana and many Chinese characters, but neither those that Japan and
    /// China simplified nor letters with marks.
    pub(super) fn has(self, locale: Locale) -> bool {
        self == Self::Others || matches!(locale, Locale::Ko | Locale::En)
    }

    /// Whether one SMS holds a text.
    pub(super) fn check(self, text: &str) -> Result<(), TooMuch> {
        let over = |length: usize, most| length.checked_sub(most).filter(|over| *over > 0);
        let too_much = match (self, septets(text)) {
            (Self::Korean, _) => over(euc_kr_bytes(text)?, MAX_KOREAN_BYTES).map(TooMuch::Bytes),
            (Self::Others, Some(septets)) => over(septets, MAX_SEPTETS).map(TooMuch::Septets),
            (Self::Others, None) => over(text.encode_utf16().count(), MAX_UCS2_UNITS).map(TooMuch::Units),
        };
        too_much.map_or(Ok(()), Err)
    }
}

/// How many septets a text takes; none where it has a character that the 7-bit alphabet has not.
pub(super) fn septets(text: &str) -> Option<usize> {
    text.chars().map(|c| if EXTENSION.contains(c) { Some(2) } else { (c != '\u{1b}' && BASIC.contains(c)).then_some(1) }).sum()
}

pub(super) fn euc_kr_bytes(text: &str) -> Result<usize, TooMuch> {
    let is_lost = |c: &char| !is_in_ks_x_1001(*c);
    match text.chars().find(is_lost) {
        Some(lost) => Err(TooMuch::Unencodable(lost)),
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
