//! What a person wants to be called.

/// The most characters a nickname has, after trimming.
pub const MAX_NICKNAME_CHARS: usize = 30;

/// The typed text is not 1 to 30 visible characters.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a nickname has 1 to 30 characters, and no control characters")]
pub struct InvalidNickname;

/// Reads what a person typed. Markup is plain text; control characters and those that turn the direction of text are refused,
/// because they would change how the text around the name reads (Unicode UAX #9, UTS #39).
pub fn parse_nickname(typed: &str) -> Result<String, InvalidNickname> {
    let nickname = typed.trim();
    let is_short = (1..=MAX_NICKNAME_CHARS).contains(&nickname.chars().take(MAX_NICKNAME_CHARS + 1).count());
    let is_visible = nickname.chars().any(|c| !is_invisible(c));
    if is_short && is_visible && !nickname.chars().any(is_control) { Ok(nickname.to_owned()) } else { Err(InvalidNickname) }
}

fn is_control(c: char) -> bool {
    let is_bidi = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_tag_or_separator =
        matches!(c, '\u{2028}' | '\u{2029}' | '\u{e0000}'..='\u{e007f}' | '\u{fff9}'..='\u{fffb}' | '\u{feff}');
    c.is_control() || is_bidi || is_tag_or_separator
}

/// Characters that draw nothing: a name of these alone would be a blank.
fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{ad}' | '\u{115f}' | '\u{1160}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}')
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
    fn blanks_novels_and_control_characters_are_refused() {
        let novel = "a".repeat(10_000);
        for typed in
            ["", "   ", "\u{3000}", &"가".repeat(31), &novel, "a\u{0}b", "a\nb", "a\u{202e}b", "\u{200b}\u{200b}", "\u{3164}"]
        {
            assert_eq!(parse_nickname(typed), Err(InvalidNickname), "{typed:?}");
        }
    }
}
