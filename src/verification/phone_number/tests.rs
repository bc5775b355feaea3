//! Spellings, those that are taken with their number and those that are refused with what is wrong.

mod everywhere;
mod groups;

use super::*;

fn korea() -> Regions {
    Regions::default()
}

/// All are +821022223333.
const ONE_NUMBER: &[&str] = &[
    "01022223333",
    "010-2222-3333",
    "010 2222 3333",
    "010.2222.3333",
    " (010) 2222-3333 ",
    "+82 10-2222-3333",
    "+821022223333",
    "+8201022223333",
    "821022223333",
    "82 010 2222 3333",
    "+82 (0)10-2222-3333",
    "+82 010 2222 3333",
    "1022223333",
    "０１０－２２２２－３３３３",
    "＋８２ １０ ２２２２ ３３３３",
    // What keyboards give for a dash, a dot, a tilde.
    "010ー2222ー3333",
    "010ㅡ2222ㅡ3333",
    "010ｰ2222ｰ3333",
    "010\u{2010}2222\u{2011}3333",
    "010–2222—3333",
    "010−2222−3333",
    "010﹣2222﹘3333",
    "010·2222·3333",
    "010・2222・3333",
    "010~2222~3333",
    "010～2222〜3333",
    "010/2222/3333",
    "[010]2222-3333",
    "010。2222｡3333",
    // Spaces that are none.
    "010\u{a0}2222\u{202f}3333",
    "010\u{2009}2222\u{2007}3333",
    "010\t2222\t3333",
    "010\u{3000}2222\u{205f}3333",
    "\n010-2222-3333\r\n",
    // Marks that nobody sees, wherever they stand.
    "\u{202d}010-2222-3333\u{202c}",
    "\u{2068}010-2222-3333\u{2069}",
    "+82 10\u{200e}2222 3333",
    "+\u{200e}821022223333",
    "010\u{fe0d}-2222-3333",
    "010\u{202c}-2222-3333",
    "010\u{feff}22223333",
    "\u{feff}01022223333",
    "010-2222-3333\u{fe0d}",
    "010\u{200b}2222\u{ad}3333",
    "010\u{2060}2222\u{200d}3333",
    "\u{61c}010\u{e0001}2222-3333",
    "010\u{180e}2222\u{2066}3333",
    "\u{3164}01022223333",
    // Digits of other scripts.
    "٠١٠٢٢٢٢٣٣٣٣",
    "۰۱۰۲۲۲۲۳۳۳۳",
    "०१०२२२२३३३३",
    "๐๑๐๒๒๒๒๓๓๓๓",
    // Links, and a plus that became a space.
    "tel:+82-10-2222-3333",
    "tel:%2B821022223333",
    "TEL:010-2222-3333",
    "tel:010-2222-3333;phone-context=+82",
    "sms:+821022223333",
    "sms:+821022223333?body=hi",
    " 821022223333",
    // What keyboards, dictation, spreadsheets and contact lists put around and between.
    "010ㆍ2222ㆍ3333",
    "010ᆞ2222ᆞ3333",
    "010ￚ2222ￚ3333",
    "010ᅳ2222ᅳ3333",
    "010ـ2222ـ3333",
    "010ˉ2222ˉ3333",
    "010_2222_3333",
    "010＿2222＿3333",
    "010:2222:3333",
    "010：2222：3333",
    "010|2222|3333",
    "010\\2222\\3333",
    "010₩2222₩3333",
    "010‥2222‥3333",
    "010、2222、3333",
    "010,2222,3333",
    "010，2222，3333",
    "010\u{387}2222\u{387}3333",
    "010-2222-3333,",
    "010-2222-3333;",
    "010-2222-3333、",
    "010-2222-3333#",
    "'01022223333",
    "\"01022223333\"",
    "“010-2222-3333”",
    "‘010-2222-3333’",
    "«010-2222-3333»",
    "<010-2222-3333>",
    "\u{fffc}010-2222-3333",
    "\u{2800}010-2222-3333",
    "0\u{fe0f}\u{20e3}1\u{fe0f}\u{20e3}022223333",
    "☎ 010-2222-3333",
    "📞010-2222-3333",
    "++821022223333",
    "⁺821022223333",
    "821022223333+",
    "tel:010%2D2222%2D3333",
    "tel:%28010%29%202222%2D3333",
    "+82%2010%202222%203333",
    "smsto:010-2222-3333",
    "mms:010-2222-3333",
    "callto:+821022223333",
    "https://wa.me/821022223333",
];

#[test]
fn every_spelling_of_a_number_is_one_number() {
    for typed in ONE_NUMBER {
        assert_eq!(korea().parse(typed).as_ref().map(PhoneNumber::as_e164), Ok("+821022223333"), "{typed:?}");
    }
}

use InvalidPhoneNumber::{Extension, Letters, NeedsPlus, NotMobile, NotServed, TooLong, TooShort, Unreadable};

const REFUSED: &[(&str, InvalidPhoneNumber)] = &[
    ("", Unreadable),
    (" ", Unreadable),
    ("📱", Unreadable),
    ("+", Unreadable),
    ("tel:", Unreadable),
    ("--", Unreadable),
    ("hello", Letters),
    ("0101234ABCD", Letters),
    ("tel:010-1234-ABCD", Letters),
    ("010-2222-3333번", Letters),
    ("010-2222-3333(집)", Letters),
    ("010-1234-5678 ext 9", Letters),
    ("공일공", Letters),
    ("010-1234-5678;ext=9", Extension),
    ("tel:010-1234-5678;ext=9", Extension),
    ("010-1234-5678#9", Extension),
    ("010-1234-5678,9", Extension),
    ("010-1234-5678; 12", Extension),
    ("010-1111-2222, 010-3333-4444", Extension),
    ("010-1234-5678 #12", Extension),
    ("8210+22223333", Unreadable),
    ("010!1234!5678", Unreadable),
    ("010%1234%5678", Unreadable),
    ("①①①-1234-5678", Unreadable),
    ("010-1234-56", TooShort),
    ("112", NotMobile),
    ("+82", Unreadable),
    ("010-123-4567", TooShort),
    ("010-1234-56789", TooLong),
    ("01012345678\u{0}\u{0}01012345678", Unreadable),
    ("02-123-4567", NotMobile),
    ("031-123-4567", NotMobile),
    ("070-1234-5678", NotMobile),
    ("0507-1234-5678", NotMobile),
    ("0502-2222-3333", NotMobile),
    ("011-123-4567", NotMobile),
    ("016-222-3333", NotMobile),
    ("012-1234-5678", NotMobile),
    ("0082-10-1234-5678", NeedsPlus),
    ("00821022223333", NeedsPlus),
    ("001 82 10 2222 3333", NeedsPlus),
    ("00782-10-2222-3333", NeedsPlus),
    ("+81 90-1234-5678", NotServed),
    (" 819012345678", NotServed),
    ("+1 650-253-0000", NotServed),
    ("819012345678", NeedsPlus),
];

#[test]
fn a_refusal_says_what_is_wrong() {
    let long = "0".repeat(65);
    assert_eq!(korea().parse(&long), Err(TooLong));
    let mut wrong = Vec::new();
    for (typed, why) in REFUSED.iter().copied() {
        let told = korea().parse(typed);
        if told != Err(why) {
            wrong.push(format!("{typed:?}: {told:?}, and not {why:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // One digit is missing: the three-digit exchanges of old are no mobile numbers any more.
    assert!(
        korea().parse("010-123-4567").is_err() && korea().parse("1588-0000").is_err() && korea().parse("015-1234-5678").is_err()
    );
    assert!(korea().parse("+1022223333").is_err() && korea().parse(" 1022223333").is_err(), "a lost plus leads to nobody else");
}

/// Any 010 and eight digits, though carriers have not handed all of them out: to refuse costs a person, to take costs a text.
#[test]
fn all_of_010_is_taken() {
    for typed in ["010-0000-0000", "010-0222-3333", "010-1222-3333", "010-9999-9999"] {
        assert!(korea().parse(typed).is_ok(), "{typed}");
    }
}

#[test]
fn an_allowed_region_opens_its_mobile_numbers_only() {
    let regions = Regions::new("KR", "KR, jp").expect("regions");
    assert!(regions.parse("+81 90-1234-5678").is_ok() && regions.parse("010-1234-5678").is_ok());
    assert_eq!(regions.parse(" 819012345678"), regions.parse("+819012345678"), "a plus that became a space");
    assert!(regions.parse("+81 3-1234-5678").is_err() && regions.parse("+44 7400 123456").is_err());
    assert!(!regions.is_only_korea());
}

/// A region is that of the number plan: those who share a country code with a neighbour are named beside it.
#[test]
fn jersey_guernsey_and_man_are_regions_of_their_own() {
    let numbers = ["07797 222333", "07911 122333", "07624 222222"];
    let (britain, isles) = (Regions::new("GB", "GB").expect("regions"), Regions::new("GB", "GB,JE,GG,IM").expect("regions"));
    for typed in numbers {
        assert!(britain.parse(typed).is_err() && isles.parse(typed).is_ok(), "{typed}");
    }
    assert!(britain.parse("0044 7400 123456").is_ok(), "the way that is dialled there");
    assert!(isles.parse("07700 900123").is_err(), "kept for fiction");
}

#[test]
fn an_example_is_one_of_the_region() {
    assert_eq!(korea().example(), "010-1234-5678");
    for region in ["JP", "GB", "US", "DE", "VN", "TW", "ES", "FR", "IT"] {
        let regions = Regions::new(region, "").expect("a region");
        assert!(regions.parse(&regions.example()).is_ok(), "{region}: {}", regions.example());
    }
}

/// The shorter way of a calling code that one country has says what the number plan's expressions say.
#[test]
fn every_number_is_in_the_country_that_the_number_plan_has_it_in() {
    let every = Regions::new("KR", "*").expect("regions");
    for home in every.allowed() {
        let number = Regions::new(&home, "*").and_then(|regions| Ok(regions.parse(&Regions::new(&home, "")?.example())));
        let number = number.expect("a region").expect("its example");
        let read = PHONE_NUMBER_UTIL.parse(number.as_e164(), None).expect("a number");
        assert_eq!(number.region(), read.get_region_code().map(|region| region.to_string()), "{number:?}");
        assert_eq!(number.split().map(|(code, _)| code.to_owned()), Some(read.country_code.to_string()), "{number:?}");
    }
    let from_stored = |e164: &str| PhoneNumber::from_stored(e164.to_owned());
    for nowhere in ["", "+", "82", "+999123", "+80012345678", "+870123456789"] {
        assert_eq!(from_stored(nowhere).region(), None, "{nowhere}");
    }
}

#[test]
fn the_operator_reads_whatever_is_stored() {
    assert_eq!(korea().parse_any("+81 90-1234-5678").as_ref().map(PhoneNumber::as_e164), Ok("+819012345678"));
    assert_eq!(korea().parse_any("010-1234-5678"), korea().parse("010-1234-5678"));
    assert!(korea().parse_any("+8190").is_err() && korea().parse_any("nobody").is_err());
}

#[test]
fn a_region_that_does_not_exist_is_named() {
    assert_eq!(Regions::new("KR", "KR,QQ").expect_err("QQ").to_string(), "`QQ` is not a region (ISO 3166-1 alpha-2, like KR)");
}

#[test]
fn a_number_shows_only_its_edges() {
    let number = korea().parse("01012345678").expect("mobile");
    assert_eq!(number.masked(), "+82 10-****-5678");
    assert_eq!(format!("{number:?}"), "+82 10-****-5678");
    assert_eq!(PhoneNumber::from_stored("+819012345678".into()).masked(), "+81 ****-5678");
    assert_eq!(number.korean_national().as_deref(), Some("01012345678"));
}

#[test]
fn what_is_wrong_is_told_by_the_measure_of_the_region() {
    let america = Regions::new("US", "").expect("a region");
    for (typed, why) in [("650-253-00000", TooLong), ("650-253", TooShort), ("44 7400 123456", NeedsPlus)] {
        assert_eq!(america.parse(typed), Err(why), "{typed}");
    }
}

#[test]
fn regions_that_cannot_be_meant_are_refused() {
    assert!(Regions::new("JP", "KR, jp").is_ok() && Regions::new("jp", " ").is_ok());
    assert!(matches!(Regions::new("JP", "KR"), Err(InvalidRegions::WithoutDefault(_))));
    assert!(matches!(Regions::new("KR", ","), Err(InvalidRegions::Empty)));
    assert!(matches!(Regions::new("KR", "KR;JP"), Err(InvalidRegions::Unknown(_))));
}
