//! The characters of what people type and paste, the same for numbers and codes.

use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory, WhiteSpace};
use icu_properties::{CodePointMapData, CodePointSetData};

/// The digit that a character of any script stands for (Unicode: `Nd`, which comes in runs of ten from zero on).
#[must_use]
pub fn digit(c: char) -> Option<char> {
    let is_digit = |code: u32| {
        char::from_u32(code).is_some_and(|c| CodePointMapData::<GeneralCategory>::new().get(c) == GeneralCategory::DecimalNumber)
    };
    let code = u32::from(c);
    if c.is_ascii_digit() || !is_digit(code) {
        return Some(c).filter(char::is_ascii_digit);
    }
    let start = (0..code).rev().take_while(|before| is_digit(*before)).last().unwrap_or(code);
    char::from_digit((code - start) % 10, 10)
}

/// Whether nobody sees the character: contacts and messengers wrap what is copied in such (bidi marks, joiners, variation selectors).
#[must_use]
pub fn is_ignored(c: char) -> bool {
    let is_format = CodePointMapData::<GeneralCategory>::new().get(c) == GeneralCategory::Format;
    is_format || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

/// Whether the character only sets digits apart: spaces, dashes, dots, tildes, brackets and slashes of every script.
#[must_use]
pub fn is_separator(c: char) -> bool {
    let category = CodePointMapData::<GeneralCategory>::new().get(c);
    let is_bracket_or_dash =
        matches!(category, GeneralCategory::DashPunctuation | GeneralCategory::OpenPunctuation | GeneralCategory::ClosePunctuation);
    // What keyboards give for a dash, a dot or a tilde though it is none: prolonged sounds, a Hangul vowel, mathematical signs.
    let is_meant = matches!(
        c,
        'ー' | 'ㅡ'
            | 'ｰ'
            | '−'
            | '⁃'
            | '﹘'
            | '˗'
            | '─'
            | '━'
            | '.'
            | '·'
            | '・'
            | '･'
            | '‧'
            | '•'
            | '∙'
            | '⋅'
            | '․'
            | '…'
            | '。'
            | '｡'
            | '﹒'
            | '．'
            | '~'
            | '～'
            | '∼'
            | '˜'
            | '⁓'
            | '/'
            | '／'
            | '⁄'
            | '∕'
    );
    is_bracket_or_dash || is_meant || CodePointSetData::new::<WhiteSpace>().contains(c)
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
