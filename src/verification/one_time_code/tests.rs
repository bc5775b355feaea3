//! Codes as they are drawn, copied and kept.

use super::*;
use crate::verification::Regions;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

fn keys() -> SecretKeys {
    SecretKeys::parse(&"ab".repeat(32)).expect("key")
}

#[test]
fn codes_have_six_digits_and_are_spread_evenly() {
    let mut rng = ChaCha20Rng::seed_from_u64(7);
    let mut first_digits = [0_u32; 10];
    for _ in 0..100_000 {
        let code = OneTimeCode::generate(&mut rng);
        assert_eq!(code.as_str().len(), CODE_DIGITS);
        first_digits[usize::from(code.as_str().as_bytes()[0] - b'0')] += 1;
    }
    assert!(first_digits.iter().all(|count| (9_500..10_500).contains(count)), "{first_digits:?}");
}

#[test]
fn a_code_is_understood_however_it_was_copied() {
    let sms = "[Beonho] 인증번호 [123456]\n타인에게 알려주지 마세요.\n@example.com #123456";
    for typed in [
        "123456",
        " 123 456 ",
        "１２３４５６",
        "123-456",
        "123\u{a0}456",
        "\u{202a}123456\u{202c}",
        "123\u{200b}456",
        "123\u{202f}456",
        "123.456",
        "123–456",
        "١٢٣٤٥٦",
        "۱۲۳۴۵۶",
        "१२३४५६",
        "123456123456",
        "123456 123456",
        "[123456]",
        "인증번호 123456",
        sms,
        "code: 123456.",
        "123456\u{feff}\n",
        "code is 123 456",
        "인증번호 123-456",
        "123,456",
        "1,2,3,4,5,6",
        "123ㆍ456",
        "123_456",
        "123:456",
        "'123456'",
        "1\u{fe0f}\u{20e3}23456",
    ] {
        assert_eq!(OneTimeCode::parse(typed).map(|code| code.0), Ok("123456".to_owned()), "{typed:?}");
    }
}

#[test]
fn anything_else_is_malformed() {
    let (long, wide) = (" ".repeat(300), "１".repeat(64));
    for typed in [
        "",
        "12345",
        "1234567",
        "12345a",
        "12345六",
        "123123456",
        "123456123457",
        "123456 or 654321",
        "123\u{0}456",
        "1\u{301}2\u{301}3456",
        "code 123 456 7",
        "12 of 3456",
        "12345a6",
        "123456123456123456",
        &long,
        &wide,
    ] {
        assert_eq!(OneTimeCode::parse(typed), Err(MalformedCode), "{typed:?}");
    }
}

#[test]
fn a_digest_fits_one_challenge_one_number_and_one_code() {
    let regions = Regions::default();
    let (mine, other) = (regions.parse("01012345678").expect("mobile"), regions.parse("01087654321").expect("mobile"));
    let (a, b) = (ChallengeId::from_stored("a".into()), ChallengeId::from_stored("b".into()));
    let (right, wrong) = (OneTimeCode("123456".into()), OneTimeCode("123457".into()));
    let digest = CodeDigest::of(&keys(), &a, &mine, &right);
    assert!(digest.matches(&keys(), &a, &mine, &right));
    assert!(!digest.matches(&keys(), &b, &mine, &right));
    assert!(!digest.matches(&keys(), &a, &other, &right));
    assert!(!digest.matches(&keys(), &a, &mine, &wrong));
}

#[test]
fn a_code_does_not_show_itself() {
    assert_eq!(format!("{:?}", OneTimeCode("123456".into())), "OneTimeCode(…)");
}
