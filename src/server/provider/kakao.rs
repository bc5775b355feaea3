//! What Kakao asks of an `AlimTalk`, whoever carries it.

use super::setting::InvalidSetting;
use crate::verification::{OneTimeCode, one_time_code::CODE_DIGITS};

/// What a template has where the code goes.
pub(super) const CODE_VARIABLE: &str = "#{인증번호}";

/// The longest `AlimTalk`, in characters, Korean or not (Solapi, message status code 1031).
const MAX_CHARS: usize = 1000;

/// An approved text. What is sent must be it, sign for sign, but for the code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Template(String);

impl Template {
    /// Reads a template. `\n` stands for the end of a line, since many environments carry no line of their own.
    pub(crate) fn parse(text: &str) -> Result<Self, InvalidSetting> {
        let invalid = |problem| Err(InvalidSetting { setting: "the AlimTalk template", problem });
        let text = text.replace("\\n", "\n");
        if !text.contains(CODE_VARIABLE) {
            return invalid("has no #{인증번호} in it, where the code goes");
        }
        let filled = text.replace(CODE_VARIABLE, &"0".repeat(CODE_DIGITS));
        if filled.contains("#{") {
            return invalid("has another variable than #{인증번호}, which nobody fills in");
        }
        if filled.chars().count() > MAX_CHARS {
            return invalid("has more than 1,000 characters");
        }
        Ok(Self(text))
    }

    pub(super) fn render(&self, code: &OneTimeCode) -> String {
        self.0.replace(CODE_VARIABLE, code.as_str())
    }
}

/// The name of a Kakao channel, which may be in Hangul.
pub(crate) fn channel(text: &str) -> Result<String, InvalidSetting> {
    let is_name = text
        .strip_prefix('@')
        .is_some_and(|name| !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_control()));
    let problem = "is not the search name of a channel, like @channel";
    if is_name { Ok(text.to_owned()) } else { Err(InvalidSetting { setting: "the Kakao channel", problem }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_has_one_variable_and_fits() {
        let code = OneTimeCode::parse("654321").expect("code");
        let template = Template::parse("[번호]\\n인증번호는 #{인증번호}입니다.").expect("a template");
        assert_eq!(template.render(&code), "[번호]\n인증번호는 654321입니다.");
        for (text, problem) in [
            ("", "has no"),
            ("인증번호는 #{code}입니다.", "has no"),
            ("#{이름}님, #{인증번호}", "another variable"),
            (&format!("#{{인증번호}}{}", "가".repeat(995)), "1,000"),
        ] {
            let invalid = Template::parse(text).expect_err(text).to_string();
            assert!(invalid.contains(problem), "{text}: {invalid}");
        }
        assert!(Template::parse(&format!("#{{인증번호}}{}", "가".repeat(994))).is_ok());
    }
}
