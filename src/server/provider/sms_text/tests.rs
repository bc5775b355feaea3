//! What fits, what is left out for it, and what is refused.

use super::alphabet::{BASIC, EXTENSION, MAX_KOREAN_BYTES, MAX_SEPTETS, MAX_UCS2_UNITS, euc_kr_bytes, septets};
use super::*;

fn code() -> OneTimeCode {
    OneTimeCode::parse("123456").expect("code")
}

fn number(e164: &str) -> PhoneNumber {
    PhoneNumber::from_stored(e164.to_owned())
}

fn korean() -> PhoneNumber {
    number("+821012345678")
}

fn japanese() -> PhoneNumber {
    number("+819012345678")
}

fn regions(names: &str) -> Regions {
    Regions::new(names.split(',').next().unwrap_or_default(), names).expect("regions")
}

fn for_korea(brand: &str, host: &str) -> Result<SmsText, SmsTextError> {
    SmsText::new(brand, host, &Regions::default())
}

#[test]
fn a_brand_looks_like_nothing_that_phones_read() {
    for brand in ["#1 가게", "A @b.co #999999", "가게＃1", "@home"] {
        for regions in [regions("KR"), regions("JP")] {
            assert!(matches!(SmsText::new(brand, "example.com", &regions), Err(SmsTextError::LooksBound(_))), "{brand}");
        }
    }
    assert_eq!(for_korea("A 123456", "a.co").expect_err("six digits"), SmsTextError::LooksLikeCode);
    assert!(for_korea("365", "24-7.example.com").is_ok());
}

#[test]
fn only_what_old_handsets_show_is_written_to_korea() {
    for (brand, lost) in [("헤어샾", '샾'), ("믜", '믜'), ("뷁", '뷁'), ("Café", 'é')] {
        assert_eq!(for_korea(brand, "a.co").expect_err(brand), TooMuch::Unencodable(lost).into());
        assert_eq!(SmsText::new(brand, "a.co", &regions("JP,KR")).expect_err(brand), TooMuch::Unencodable(lost).into());
        assert!(SmsText::new(brand, "a.co", &regions("JP,TW")).is_ok(), "{brand}");
    }
    for brand in ["ⓒ가게", "㈜우리", "헤어숍"] {
        assert!(for_korea(brand, "a.co").is_ok(), "{brand}");
    }
}

#[test]
fn the_last_line_binds_the_code_to_its_origin() {
    let text = SmsText::new("번호", "example.com", &regions("KR,JP")).expect("fits");
    for (locale, shown) in [
        (Locale::Ko, "[번호] 인증번호 [123456]\n타인에게 알려주지 마세요.\n@example.com #123456"),
        (Locale::En, "[번호] Verification code [123456]\nDo not share it.\n@example.com #123456"),
        (Locale::Ja, "[번호] 認証コード [123456]\n他人に教えないでください。\n@example.com #123456"),
        (Locale::ZhHant, "[번호] 驗證碼 [123456]\n請勿告訴他人。\n@example.com #123456"),
        (Locale::ZhHans, "[번호] 验证码 [123456]\n请勿告诉他人。\n@example.com #123456"),
        (Locale::Vi, "[번호] Mã xác minh [123456]\nĐừng chia sẻ mã này.\n@example.com #123456"),
        (Locale::Es, "[번호] Código [123456]\nNo lo compartas.\n@example.com #123456"),
    ] {
        assert_eq!(text.render(locale, &japanese(), &code()), shown);
    }
}

#[test]
fn a_korean_number_gets_korean_or_english() {
    let text = for_korea("번호", "example.com").expect("fits");
    let english = text.render(Locale::En, &korean(), &code());
    for locale in Locale::ALL {
        let shown = text.render(locale, &korean(), &code());
        assert_eq!(shown == english, locale != Locale::Ko, "{shown}");
    }
}

#[test]
fn each_language_is_its_own_with_a_common_brand_and_host() {
    let text = SmsText::new("Beonho", "sign-up.example.com", &regions("KR,JP,TW,VN,MX")).expect("fits");
    for locale in Locale::ALL {
        let shown = text.render(locale, &japanese(), &code());
        assert!(shown.starts_with(&format!("[Beonho] {} [123456]\n", locale.words().sms_code)), "{shown}");
        let is_short = septets(&shown).is_some_and(|septets| septets <= MAX_SEPTETS);
        assert!(is_short || shown.encode_utf16().count() <= MAX_UCS2_UNITS, "{shown}");
    }
}

#[test]
fn every_text_that_is_accepted_fits_into_one_sms() {
    for brand in ["b", "번", "é", "😀"] {
        for (brand_chars, host_bytes) in (1..80).flat_map(|brand| (1..80).step_by(7).map(move |host| (brand, host))) {
            let (brand, host) = (brand.repeat(brand_chars), "h".repeat(host_bytes));
            for (regions, to) in [("KR", korean()), ("KR,JP", korean()), ("KR,JP", japanese()), ("JP", japanese())] {
                let Ok(text) = SmsText::new(&brand, &host, &self::regions(regions)) else { continue };
                for locale in Locale::ALL {
                    let shown = text.render(locale, &to, &code());
                    assert!(shown.ends_with(&format!("\n@{host} #123456")), "{shown}");
                    let fits = match (to == korean(), septets(&shown)) {
                        (true, _) => euc_kr_bytes(&shown).expect("encodable") <= MAX_KOREAN_BYTES,
                        (false, Some(septets)) => septets <= MAX_SEPTETS,
                        (false, None) => shown.encode_utf16().count() <= MAX_UCS2_UNITS,
                    };
                    assert!(fits, "{shown}");
                }
            }
        }
    }
}

#[test]
fn the_advice_goes_before_anything_else_does() {
    let host = "verify.my-company.co.kr";
    let text = SmsText::new("테스트샵", host, &regions("KR,JP")).expect("fits");
    assert_eq!(text.render(Locale::Ko, &korean(), &code()), format!("[테스트샵] 인증번호 [123456]\n@{host} #123456"));
    assert_eq!(text.render(Locale::Vi, &japanese(), &code()), format!("[테스트샵] Mã xác minh [123456]\n@{host} #123456"));
    assert!(text.render(Locale::ZhHans, &japanese(), &code()).contains("请勿"));
}

#[test]
fn a_language_that_needs_a_second_sms_gives_way_to_english() {
    let host = "h".repeat(40);
    let text = SmsText::new("Shop", &host, &regions("VN")).expect("fits");
    let english = format!("[Shop] Verification code [123456]\nDo not share it.\n@{host} #123456");
    assert_eq!(text.render(Locale::Vi, &number("+84912345678"), &code()), english);
    assert!(text.render(Locale::ZhHant, &number("+84912345678"), &code()).contains("驗證碼"));
}

#[test]
fn a_refusal_says_what_to_change() {
    let refusal = |brand, host| for_korea(brand, host).expect_err("refused").to_string();
    assert!(refusal("번호😀", "example.com").starts_with("`😀` in the brand"));
    assert!(refusal("번호—", "example.com").starts_with("`—` in the brand"));
    let long = "h".repeat(41);
    assert!(refusal("가", &long).contains("of 80 bytes, by 2"), "{}", refusal("가", &long));
    let abroad = |brand, host: &str| SmsText::new(brand, host, &regions("JP")).expect_err("refused").to_string();
    assert!(abroad("가", &"h".repeat(31)).contains("of 70 signs, by 1"), "{}", abroad("가", &"h".repeat(31)));
    assert!(abroad("[x]", &"h".repeat(113)).contains("of 160 signs, by 1"), "{}", abroad("[x]", &"h".repeat(113)));
    for brand in ["", "  ", "a\nb"] {
        assert_eq!(for_korea(brand, "a").expect_err("brand"), SmsTextError::InvalidBrand, "{brand:?}");
    }
    for host in ["", "https://a", "a:3000", "a b", "번호.한국"] {
        assert_eq!(for_korea("b", host).expect_err("host"), SmsTextError::InvalidHost(host.into()), "{host:?}");
    }
}

/// By code point, as Unicode's own table of GSM 03.38 lists them: what stands at 0x00 to 0x1F, and where the rest is not ASCII's.
#[test]
fn the_seven_bit_alphabet_is_the_standards() {
    let first: [u32; 32] = [
        0x40, 0xa3, 0x24, 0xa5, 0xe8, 0xe9, 0xf9, 0xec, 0xf2, 0xc7, 0x0a, 0xd8, 0xf8, 0x0d, 0xc5, 0xe5, 0x394, 0x5f, 0x3a6, 0x393,
        0x39b, 0x3a9, 0x3a0, 0x3a8, 0x3a3, 0x398, 0x39e, 0x1b, 0xc6, 0xe6, 0xdf, 0xc9,
    ];
    let others: [(u32, u32); 13] = [
        (0x24, 0xa4),
        (0x40, 0xa1),
        (0x5b, 0xc4),
        (0x5c, 0xd6),
        (0x5d, 0xd1),
        (0x5e, 0xdc),
        (0x5f, 0xa7),
        (0x60, 0xbf),
        (0x7b, 0xe4),
        (0x7c, 0xf6),
        (0x7d, 0xf1),
        (0x7e, 0xfc),
        (0x7f, 0xe0),
    ];
    let rest = (0x20..0x80).map(|code| others.iter().find(|(at, _)| *at == code).map_or(code, |(_, point)| *point));
    let standard: String = first.into_iter().chain(rest).filter_map(char::from_u32).collect();
    assert_eq!(BASIC, standard);
    let extension: Vec<_> = EXTENSION.chars().map(u32::from).collect();
    assert_eq!(extension, [0x0c, 0x5e, 0x7b, 0x7d, 0x5c, 0x5b, 0x7e, 0x5d, 0x7c, 0x20ac]);
    let counted = ["", "abc", "[a]", "€", "ñ¿", "\n@", "ó", "a\u{1b}b", "가", "`"].map(septets);
    assert_eq!(counted, [Some(0), Some(3), Some(5), Some(2), Some(2), Some(2), None, None, None, None]);
}
