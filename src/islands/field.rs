//! Help while typing, which never fights the cursor.

use web_sys::HtmlInputElement;

const CODE_DIGITS: usize = 6;

/// Where the digits of scripts begin that keyboards have: ASCII, Arabic, Persian, Devanagari, Bengali, Thai, Burmese, Khmer, full width. A
/// code in another script is sent by the button.
const ZEROS: [u32; 9] = [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0x1040, 0x17e0, 0xff10];

pub(super) fn digits(text: &str) -> String {
    let digit = |c: char| ZEROS.iter().find_map(|zero| char::from_digit(u32::from(c).checked_sub(*zero)?, 10));
    text.chars().filter_map(digit).collect()
}

/// What stands between the digits of a code beside spaces and marks of ASCII: what keyboards and messengers have for them.
const BETWEEN: &str =
    "\u{a0}\u{2007}\u{2009}\u{200b}\u{200e}\u{200f}\u{202a}\u{202c}\u{202f}\u{2060}\u{3000}\u{feff}‐‑‒–—−－·ㆍ・．ーㅡ";

/// Whether the server reads a code in it: digits that nothing but marks part, or six that stand by themselves.
fn is_code_like(text: &str) -> bool {
    let is_digit = |c: char| !digits(c.encode_utf8(&mut [0; 4])).is_empty();
    let is_between = |c: char| c == ' ' || c.is_ascii_punctuation() || BETWEEN.contains(c);
    let within = text.trim_matches(|c| !is_digit(c));
    within.chars().all(|c| is_digit(c) || is_between(c))
        || text.split(|c| !is_digit(c)).any(|run| run.chars().count() == CODE_DIGITS)
}

/// What was entered as a code, so that one entry is sent by itself once.
#[derive(Default)]
pub(super) struct CodeEntry {
    /// The digits that stood there after the last change.
    before: String,
    /// What was sent.
    sent: String,
}

impl CodeEntry {
    /// Whether a change of the field has just completed a code that was not sent before: typed to its end, pasted or filled in. Whoever mends a
    /// digit in the middle presses the button.
    pub(super) fn is_complete(&mut self, field: &HtmlInputElement) -> bool {
        let typed = field.value();
        let code = digits(&typed);
        // A keyboard may fill the same code in twice.
        let code = match code.split_at_checked(CODE_DIGITS) {
            Some((first, rest)) if first == rest => {
                field.set_value(first);
                first.to_owned()
            }
            _ => code,
        };
        if !is_code_like(&typed) {
            self.before.clear();
            return false;
        }
        let length = u32::try_from(field.value().encode_utf16().count()).unwrap_or_default();
        let is_at_end = field.selection_start().ok().flatten().is_none_or(|caret| caret == length);
        self.is_next(&code, is_at_end)
    }

    fn is_next(&mut self, code: &str, is_at_end: bool) -> bool {
        let before = std::mem::replace(&mut self.before, code.to_owned());
        let kept = before.bytes().zip(code.bytes()).filter(|(old, new)| old == new).count();
        // One digit more, or nearly all of them others.
        let is_entered = before.len() < CODE_DIGITS || kept + 1 < CODE_DIGITS;
        let is_next = code.len() == CODE_DIGITS && is_entered && is_at_end && self.sent != code;
        if is_next {
            code.clone_into(&mut self.sent);
        }
        is_next
    }
}

/// Groups a mobile number as it is typed, only while the caret is at its end and nothing is being composed. `groups` are those of its country
/// (`verification/phone_number/groups.txt`).
pub(super) fn group_number(field: &HtmlInputElement, groups: &str) {
    let typed = field.value();
    let length = u32::try_from(typed.len()).unwrap_or_default();
    if field.selection_start().ok().flatten() != Some(length) {
        return;
    }
    if let Some(grouped) = grouped(&typed, groups) {
        field.set_value(&grouped);
    }
}

/// With `010=3-4-4` `0101234` becomes `010-1234`; none where nothing is to be done. A mark that was taken away or typed stays so.
fn grouped(typed: &str, groups: &str) -> Option<String> {
    if !typed.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let digits = digits(typed);
    let is_of = |leads: &str| leads.split(',').any(|lead| digits.starts_with(lead));
    let shape = groups.split(';').filter_map(|group| group.split_once('=')).find(|(leads, _)| is_of(leads))?.1;
    if !typed.chars().all(|c| c.is_ascii_digit() || shape.contains(c)) {
        return None;
    }
    let (mut grouped, mut rest) = (String::new(), digits.as_str());
    for mark in shape.chars() {
        if rest.is_empty() {
            break;
        }
        let Some(size) = mark.to_digit(10) else {
            grouped.push(mark);
            continue;
        };
        let (group, behind) = rest.split_at_checked(size as usize).unwrap_or((rest, ""));
        grouped.push_str(group);
        rest = behind;
    }
    (rest.is_empty() && grouped != typed).then_some(grouped)
}

#[cfg(test)]
mod tests {
    use super::{CodeEntry, digits, grouped, is_code_like};

    #[test]
    fn one_entry_is_sent_by_itself_once() {
        let mut entry = CodeEntry::default();
        let mut typed = |code: &str, is_at_end| entry.is_next(code, is_at_end);
        assert!(!typed("12345", true) && typed("123456", true), "typed to its end");
        assert!(!typed("123456", true), "the same is not sent again by itself");
        assert!(!typed("923456", false) && !typed("983456", false), "mended digit by digit");
        assert!(!typed("98345", false) && !typed("987345", false), "one taken out and another put in");
        assert!(!typed("987346", true), "the last one mended");
        assert!(!typed("", true) && typed("654321", true), "typed anew");
        assert!(typed("111111", true), "pasted over");
        assert!(!typed("1111117", true) && !typed("111111", true), "a key too many, taken back");
        assert!(!typed("123123456", true), "filled in behind what was typed");
    }

    #[test]
    fn what_the_server_would_not_read_is_not_sent_by_itself() {
        for text in ["123456", " 123-456", "123,456", "code is 123 456", "인증번호 123ㆍ456", "abc 123456 def 7"] {
            assert!(is_code_like(text), "{text}");
        }
        for text in ["12345a6", "12 of 3456", "123六456"] {
            assert!(!is_code_like(text), "{text}");
        }
    }

    #[test]
    fn digits_of_other_keyboards_are_digits() {
        assert_eq!(digits("٠١٩ ۰۹ ०९ １２a-"), "019090912");
    }

    #[test]
    fn a_number_is_grouped_by_the_rules_of_its_country_while_it_is_typed() {
        for (groups, typed, shown) in [
            ("=(3) 3-4", "6", Some("(6")),
            ("=(3) 3-4", "(650", None),
            ("=(3) 3-4", "(6502", Some("(650) 2")),
            ("=(3) 3-4", "(650) ", None),
            ("=(3) 3-4", "(650) 253000", Some("(650) 253-000")),
            ("=(3) 3-4", "65025300001", None),
            ("07=5 6", "07400123456", Some("07400 123456")),
            ("07=5 6", "07400-1", None),
            ("0160,017=4 8;0151=5 7", "01701234567", Some("0170 1234567")),
            ("0160,017=4 8;0151=5 7", "015123", Some("01512 3")),
            ("89=1 (3) 3-2-2", "89123456789", Some("8 (912) 345-67-89")),
            ("026=3 3 4;=3 3 5", "0211234567", Some("021 123 4567")),
            ("", "0101234", None),
        ] {
            assert_eq!(grouped(typed, groups).as_deref(), shown, "{typed}");
        }
    }

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
            assert_eq!(grouped(typed, "010=3-4-4").as_deref(), shown, "{typed}");
        }
    }
}
