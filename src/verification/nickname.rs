//! What a person wants to be called.

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::props::GeneralCategory;

use super::typed::{category, is_ignored};

/// The most characters a nickname has, after trimming.
pub const MAX_NICKNAME_CHARS: usize = 30;

/// The longest text that is looked at, in characters: a syllable may be written as three letters.
const MAX_TYPED_CHARS: usize = 4 * MAX_NICKNAME_CHARS;

/// The typed text is not 1 to 30 visible characters.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a nickname has 1 to 30 characters, and no control characters")]
pub struct InvalidNickname;

/// The most marks that one letter has: Vietnamese and Thai stack two or three.
const MAX_MARKS: usize = 4;

/// Reads what a person typed, in the composed form in which all of us see it (Unicode NFC), so that a name copied from a file list is no other
/// name. A character is what is seen as one: marks, selectors and joined pictures count with the one that they belong to. Markup is plain text;
/// what nobody sees is dropped from both ends, where contacts and messengers put it. Within a name, control characters, those that turn the
/// direction of text, and those that mean nothing anywhere are refused, because they would change how the text around the name reads
/// (Unicode UAX #9, UTS #39).
pub fn parse_nickname(typed: &str) -> Result<String, InvalidNickname> {
    if typed.chars().count() > MAX_TYPED_CHARS {
        return Err(InvalidNickname);
    }
    let composed = ComposingNormalizerBorrowed::new_nfc().normalize(typed.trim_matches(is_dropped));
    let is_short = (1..=MAX_NICKNAME_CHARS).contains(&count_seen(&composed));
    let is_visible = composed.chars().any(|c| !is_invisible(c) && !is_mark(c));
    let is_stacked = composed.chars().collect::<Vec<_>>().windows(MAX_MARKS + 1).any(|run| run.iter().all(|c| is_mark(*c)));
    let is_name = is_short && is_visible && !is_stacked && !has_refused(&composed);
    if is_name { Ok(composed.into_owned()) } else { Err(InvalidNickname) }
}

/// How many characters are seen.
fn count_seen(name: &str) -> usize {
    let mut is_joined = false;
    let is_own = |c: char| {
        let counts_with_another = is_joined || is_mark(c) || is_ignored(c) || matches!(c, '\u{1f3fb}'..='\u{1f3ff}');
        is_joined = c == JOINER;
        !counts_with_another
    };
    name.chars().map(is_own).filter(|is_own| *is_own).count()
}

/// Joins pictures to one.
const JOINER: char = '\u{200d}';
/// The flag that a region's tags follow (UTS #51, emoji tag sequences).
const BLACK_FLAG: char = '\u{1f3f4}';

/// Whether a text has what would change how the text around it reads.
pub(crate) fn has_refused(name: &str) -> bool {
    let mut is_flag = false;
    name.chars().any(|c| {
        let is_tag = matches!(c, '\u{e0020}'..='\u{e007f}');
        is_flag = c == BLACK_FLAG || (is_flag && is_tag);
        is_refused(c) && !(is_flag && is_tag)
    })
}

fn is_bidi(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_refused(c: char) -> bool {
    let is_tag = matches!(c, '\u{e0000}'..='\u{e007f}' | '\u{fff9}'..='\u{fffd}' | '\u{feff}');
    let is_nothing = matches!(
        category(c),
        GeneralCategory::Control
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
            | GeneralCategory::PrivateUse
            | GeneralCategory::Unassigned
    );
    is_bidi(c) || is_tag || is_nothing
}

/// What means nothing at the ends of a name. Selectors and joiners belong to the picture before them; a control character is no slip.
fn is_dropped(c: char) -> bool {
    let is_filler = matches!(
        c,
        '\u{ad}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}' | '\u{2060}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
    );
    c.is_whitespace() || is_bidi(c) || is_filler
}

/// Characters that draw nothing: a name of these alone would be a blank.
fn is_invisible(c: char) -> bool {
    c.is_whitespace() || is_ignored(c)
}

fn is_mark(c: char) -> bool {
    matches!(category(c), GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nickname_is_trimmed_and_kept_as_it_is() {
        for (typed, kept) in [
            (" 민지 ", "민지"),
            ("<script>", "<script>"),
            ("👩‍👧", "👩‍👧"),
            (&"가".repeat(30), &"가".repeat(30)),
            ("\u{2068}민지\u{2069}", "민지"),
            ("דוד\u{200f}", "דוד"),
            ("\u{feff}민지", "민지"),
            ("민지\u{3164}", "민지"),
            ("\u{200b}민지", "민지"),
            ("❤\u{fe0f}", "❤\u{fe0f}"),
            (
                "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
                "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            ),
            (&"👨‍👩‍👧‍👦".repeat(5), &"👨‍👩‍👧‍👦".repeat(5)),
            ("ก็้", "ก็้"),
            ("...", "..."),
        ] {
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
            "\u{fffc}",
            "a\u{fffd}b",
            "\u{301}",
            "a\u{e0067}",
            &format!("x{}", "\u{489}".repeat(5)),
        ] {
            assert_eq!(parse_nickname(typed), Err(InvalidNickname), "{typed:?}");
        }
    }
}
