//! What a person wants to be called.

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;

use super::typed::is_ignored;

/// The most characters a nickname has, after trimming.
pub const MAX_NICKNAME_CHARS: usize = 30;

/// The longest text that is looked at, in characters: a syllable may be written as three letters.
const MAX_TYPED_CHARS: usize = 4 * MAX_NICKNAME_CHARS;

/// The typed text is not 1 to 30 visible characters.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a nickname has 1 to 30 characters, and no control characters")]
pub struct InvalidNickname;

/// Reads what a person typed, in the composed form in which all of us see it (Unicode NFC), so that a name copied from a file list is no other
/// name. A character is a code point of that form. Markup is plain text; control characters, those that turn the direction of text, and those
/// that mean nothing anywhere are refused, because they would change how the text around the name reads (Unicode UAX #9, UTS #39).
pub fn parse_nickname(typed: &str) -> Result<String, InvalidNickname> {
    if typed.chars().count() > MAX_TYPED_CHARS {
        return Err(InvalidNickname);
    }
    let composed = ComposingNormalizerBorrowed::new_nfc().normalize(typed.trim());
    let is_short = (1..=MAX_NICKNAME_CHARS).contains(&composed.chars().count());
    let is_visible = composed.chars().any(|c| !is_invisible(c));
    if is_short && is_visible && !composed.chars().any(is_refused) { Ok(composed.into_owned()) } else { Err(InvalidNickname) }
}

fn is_refused(c: char) -> bool {
    let is_bidi = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_tag = matches!(c, '\u{e0000}'..='\u{e007f}' | '\u{fff9}'..='\u{fffb}' | '\u{feff}');
    let category = CodePointMapData::<GeneralCategory>::new().get(c);
    let is_nothing = matches!(
        category,
        GeneralCategory::Control
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
            | GeneralCategory::PrivateUse
            | GeneralCategory::Unassigned
    );
    is_bidi || is_tag || is_nothing
}

/// Characters that draw nothing: a name of these alone would be a blank.
fn is_invisible(c: char) -> bool {
    c == '\u{2800}' || c.is_whitespace() || is_ignored(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nickname_is_trimmed_and_kept_as_it_is() {
        for (typed, kept) in [(" 민지 ", "민지"), ("<script>", "<script>"), ("👩‍👧", "👩‍👧"), (&"가".repeat(30), &"가".repeat(30))]
        {
            assert_eq!(parse_nickname(typed).as_deref(), Ok(kept), "{typed:?}");
        }
    }

    #[test]
    fn a_name_in_pieces_is_the_name() {
        let pieces = "\u{1100}\u{1161}\u{11bc}\u{1106}\u{1175}\u{11ab}\u{110c}\u{116e}\u{11ab}";
        assert_eq!(parse_nickname(&pieces.repeat(4)).as_deref(), Ok("강민준".repeat(4).as_str()));
        assert_eq!(parse_nickname("e\u{301}"), parse_nickname("é"));
        assert_eq!(parse_nickname(&"각".repeat(30)).as_deref(), Ok("각".repeat(30).as_str()));
    }

    #[test]
    fn blanks_novels_and_control_characters_are_refused() {
        let novel = "a".repeat(10_000);
        for typed in [
            "",
            "   ",
            "\u{3000}",
            &"가".repeat(31),
            &novel,
            "a\u{0}b",
            "a\nb",
            "a\u{202e}b",
            "\u{200b}\u{200b}",
            "\u{3164}",
            "a\u{e000}",
            "a\u{ffff}",
            "a\u{378}",
        ] {
            assert_eq!(parse_nickname(typed), Err(InvalidNickname), "{typed:?}");
        }
    }
}
