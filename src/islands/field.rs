//! Help while typing, which never fights the cursor.

use web_sys::HtmlInputElement;

const CODE_DIGITS: usize = 6;

/// The digits of a text, full-width ones too.
fn digits(text: &str) -> String {
    let ascii = |c: char| match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32),
        _ => None,
    };
    text.chars().filter_map(ascii).collect()
}

/// Whether a field holds a whole code.
pub(super) fn is_whole_code(field: &HtmlInputElement) -> bool {
    digits(&field.value()).len() == CODE_DIGITS
}

/// Groups a Korean mobile number as it is typed, only while the caret is at its end and nothing is being composed.
pub(super) fn group_number(field: &HtmlInputElement) {
    let typed = field.value();
    let is_plain = typed.chars().all(|c| c.is_ascii_digit() || c == '-');
    let length = u32::try_from(typed.len()).unwrap_or_default();
    if !is_plain || field.selection_start().ok().flatten() != Some(length) {
        return;
    }
    if let Some(grouped) = grouped(&typed) {
        field.set_value(&grouped);
    }
}

/// `0101234` becomes `010-1234`; none where nothing is to be done.
fn grouped(typed: &str) -> Option<String> {
    let digits = digits(typed);
    if !digits.starts_with("010") || digits.len() > 11 || typed.ends_with('-') {
        return None;
    }
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at == 3 || at == 7 {
            grouped.push('-');
        }
        grouped.push(digit);
    }
    (grouped != typed).then_some(grouped)
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn a_korean_mobile_number_is_grouped_while_it_is_typed() {
        for (typed, shown) in [
            ("010", None),
            ("0101", Some("010-1")),
            ("010-1", None),
            ("010-12345", Some("010-1234-5")),
            ("01012345678", Some("010-1234-5678")),
            ("010-1234-", None),
            ("0212345678", None),
            ("010123456789", None),
            // What remains after a deletion in the middle is grouped anew when its end is next touched.
            ("010-123-5678", Some("010-1235-678")),
            // Pasted numbers of ten digits do not exist any more: the grouping shows that one is missing.
            ("010-123-4567", Some("010-1234-567")),
            ("01", None),
            ("", None),
        ] {
            assert_eq!(grouped(typed).as_deref(), shown, "{typed}");
        }
    }
}
