//! How a language puts one sentence behind another.

use super::*;

#[test]
fn an_example_follows_a_refusal_as_sentences_follow_each_other_in_the_language() {
    let detail = Some(Detail::Number(InvalidPhoneNumber::TooShort));
    for (locale, told) in [
        (Locale::Ko, "숫자가 모자라요. 번호를 다시 확인해 주세요. 예: 010-1234-5678"),
        (Locale::En, "Some digits are missing. Please look at the number again. For example 010-1234-5678"),
        (Locale::Ja, "数字が足りません。番号をもう一度ご確認ください。例：010-1234-5678"),
        (Locale::ZhHant, "數字不夠，請再確認一次號碼。例如：010-1234-5678"),
        (Locale::ZhHans, "数字不够，请再检查一下号码。例如：010-1234-5678"),
    ] {
        let refusal = locale.outcome(Outcome::InvalidPhoneNumber, detail, None);
        assert_eq!(locale.with_example(refusal, Some("010-1234-5678")), told);
    }
}

/// What is said in one piece shows how the language does it.
#[test]
fn an_example_follows_as_the_second_sentence_of_a_refusal_follows_the_first() {
    for locale in Locale::ALL {
        let has_blanks = all_said(locale).iter().any(|(_, said)| said.contains(". ") || said.contains("。 "));
        let told = locale.with_example("x".to_owned(), Some("1"));
        assert_eq!(told.starts_with("x "), has_blanks, "{locale:?}: {told}");
    }
}

#[test]
fn a_refusal_without_an_example_stays_as_it_is() {
    assert!(Locale::ALL.into_iter().all(|locale| locale.with_example("x".to_owned(), None) == "x"));
}
