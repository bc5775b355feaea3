//! The characters of what people type and paste, the same for numbers and codes.

use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory, WhiteSpace};
use icu_properties::{CodePointMapData, CodePointSetData};

/// The digit that a character of any script stands for (Unicode: `Nd`, which comes in runs of ten from zero on).
#[must_use]
pub(super) fn digit(c: char) -> Option<char> {
    let is_digit = |code: u32| char::from_u32(code).is_some_and(|c| category(c) == GeneralCategory::DecimalNumber);
    let code = u32::from(c);
    if c.is_ascii_digit() || !is_digit(code) {
        return Some(c).filter(char::is_ascii_digit);
    }
    let start = (0..code).rev().take_while(|before| is_digit(*before)).last().unwrap_or(code);
    char::from_digit((code - start) % 10, 10)
}

/// Whether nobody sees the character: contacts and messengers wrap what is copied in such (bidi marks, joiners, variation selectors, the place of
/// a picture, the frame of a key).
#[must_use]
pub(super) fn is_ignored(c: char) -> bool {
    let is_format = category(c) == GeneralCategory::Format;
    is_format
        || matches!(c, '\u{2800}' | '\u{fffc}' | '\u{20e3}')
        || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

/// What keyboards give for a dash, a dot, a bar or a quote though it is none: prolonged sounds, vowels and dots of Hangul, a stretch of Arabic,
/// signs of mathematics and money.
const MEANT: &str = "ーㅡｰᅳￚ−⁃˗─━ˉ¯_＿ـ|｜∣·ㆍᆞ∙⋅~～∼˜⁄∕<>＜＞«»`´₩￦¥^=";

/// Punctuation that says something of its own in a number or a code, and so sets nothing apart.
const TELLING: &str = "+＋﹢,，﹐;；﹔#＃﹟*＊﹡%％﹪&＆﹠@＠﹫!！﹗?？﹖¡¿§¶";

/// Whether the character only sets digits apart: spaces, dashes, dots, colons, quotes, brackets and slashes of every script.
#[must_use]
pub(super) fn is_separator(c: char) -> bool {
    let is_punctuation = matches!(
        category(c),
        GeneralCategory::DashPunctuation
            | GeneralCategory::OpenPunctuation
            | GeneralCategory::ClosePunctuation
            | GeneralCategory::InitialPunctuation
            | GeneralCategory::FinalPunctuation
            | GeneralCategory::ConnectorPunctuation
            | GeneralCategory::OtherPunctuation
    );
    MEANT.contains(c) || (is_punctuation && !TELLING.contains(c)) || CodePointSetData::new::<WhiteSpace>().contains(c)
}

/// Whether the character is a picture: a receiver before a number, say.
#[must_use]
pub(super) fn is_picture(c: char) -> bool {
    category(c) == GeneralCategory::OtherSymbol
}

/// What kind of character Unicode calls it.
pub(super) fn category(c: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_every_script_are_digits() {
        for (text, digits) in
            [("٠١٩", "019"), ("۰۱۹", "019"), ("०१९", "019"), ("０１９", "019"), ("𝟎𝟏𝟗𝟘𝟡", "01909"), ("๐๑๙", "019")]
        {
            assert_eq!(text.chars().filter_map(digit).collect::<String>(), digits, "{text}");
        }
        assert!("²①六Ⅳa-".chars().all(|c| digit(c).is_none()));
    }
}
