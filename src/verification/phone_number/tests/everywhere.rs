//! Numbers as people of many countries write them, and what countries share. `make spellings` lets Google's own library judge the same table.

use super::{InvalidPhoneNumber, PhoneNumber, Regions, countries};

/// The country whose way of dialling is chosen, what is typed, and the number that it is; empty where it is none that gets texts. As a file,
/// for Google's library to read too.
const TABLE: &str = include_str!("everywhere.tsv");

fn everywhere() -> Regions {
    Regions::new("KR", "*").expect("regions")
}

fn rows() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    TABLE.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let mut cells = line.split('\t');
        let mut cell = || cells.next().unwrap_or_default();
        (cell(), cell(), cell())
    })
}

#[test]
fn spellings_of_many_countries_are_their_numbers() {
    let regions = everywhere();
    let mut wrong = Vec::new();
    for (region, typed, e164) in rows() {
        let number = regions.parse_in(Some(region), typed);
        let read = number.as_ref().map(PhoneNumber::as_e164).unwrap_or_default();
        if read != e164 {
            wrong.push(format!("{region} {typed:?}: {number:?} {read}, and not {e164:?}"));
        }
    }
    assert!(wrong.is_empty() && rows().count() > 100, "{wrong:#?}");
}

#[test]
fn every_country_has_an_example_that_it_reads() {
    let regions = everywhere();
    let mut wrong = Vec::new();
    for country in countries() {
        let at = regions.read_from(&country.code).expect("one of all");
        let read =
            at.parse(&country.example).is_ok_and(|number| number.as_e164().starts_with(&format!("+{}", country.calling_code)));
        let alone = Regions::new(&country.code, "").expect("a region");
        if !read || alone.parse(&alone.example()).is_err() {
            wrong.push((&country.code, &country.example));
        }
    }
    assert!(wrong.is_empty() && regions.allowed().len() == countries().count() && countries().count() > 240, "{wrong:?}");
}

/// Who shares a code shares the way of dialling, and whose number it is depends on its digits. Where even those are shared, it is that of the
/// country named first here: with `*` all of these are served, with the others alone the others.
#[test]
fn numbers_that_countries_share_are_those_of_each() {
    for (first, others, typed) in [
        ("GP", "BL,MF", "0690 00 12 34"),
        ("NO", "SJ", "41 23 45 67"),
        ("AU", "CC,CX", "0412 345 678"),
        ("MA", "EH", "0650 12 34 56"),
        ("FI", "AX", "041 2345678"),
        ("IT", "VA", "312 345 6789"),
        ("GB", "IM", "07924 123456"),
    ] {
        for other in others.split(',') {
            let alone = Regions::new(other, "").expect("a region").parse(typed).expect(other);
            assert_eq!(alone.region().as_deref(), Some(first), "{other}");
            assert_eq!(everywhere().parse_in(Some(other), typed), Ok(alone), "{other}");
        }
    }
}

#[test]
fn a_country_that_shares_a_code_is_served_when_it_is_allowed() {
    for (regions, served, refused) in [
        ("US", "+1 201 555 0123", "+1 787 234 5678"),
        ("US,PR", "+1 787 234 5678", "+1 506 234 5678"),
        ("CA", "+1 506 234 5678", "+1 201 555 0123"),
        ("GB", "+44 7400 123456", "+44 7797 712345"),
        ("JE", "+44 7797 712345", "+44 7400 123456"),
        ("GG", "+44 7781 123456", "+44 7797 712345"),
        ("RU", "+7 912 345 67 89", "+7 771 000 9998"),
        ("KZ", "+7 771 000 9998", "+7 912 345 67 89"),
        ("RE", "+262 692 12 34 56", "+262 639 01 23 45"),
        ("YT", "+262 639 01 23 45", "+262 692 12 34 56"),
        ("GP", "+590 690 00 12 34", "+596 696 20 12 34"),
    ] {
        let only = Regions::new(&regions[..2], regions).expect("regions");
        assert!(only.parse(served).is_ok(), "{regions}: {served}");
        assert_eq!(only.parse(refused), Err(InvalidPhoneNumber::NotServed), "{regions}: {refused}");
    }
}

/// A form that was written by hand turns a plus into a space, but says no country. Where no number begins with a zero, a space is one.
#[test]
fn a_space_before_a_number_is_a_lost_plus_only_where_nothing_else_is_said() {
    let read = |regions: &Regions, typed: &str| regions.parse(typed).map(|number| number.as_e164().to_owned());
    let of = |home: &str| Regions::new(home, "*").expect("regions");
    assert_eq!(read(&of("DE"), " 15194794310").as_deref(), Ok("+15194794310"));
    assert_eq!(read(&of("KR").read_from("DE").expect("one of all"), " 15194794310").as_deref(), Ok("+4915194794310"));
    for (home, typed, e164) in [
        ("IT", " 340 812 2446", "+393408122446"),
        ("US", " 650 253 2717", "+16502532717"),
        ("RU", " 8 912 768-13-49", "+79127681349"),
        ("MX", " 55 1234 5678", "+525512345678"),
    ] {
        assert_eq!(read(&of(home), typed).as_deref(), Ok(e164), "{home} {typed:?}");
    }
    assert!(of("RU").parse(" 84956879663").is_err(), "a landline of Moscow, and nobody in Vietnam");
}

#[test]
fn a_plus_wins_over_the_choice() {
    let regions = Regions::new("KR", "KR,JP,US,CA,GB").expect("regions");
    for (picked, typed, chosen, read) in [
        ("JP", "090-1234-5678", Some("JP"), Ok("+819012345678")),
        ("KR", "+81 90-1234-5678", Some("JP"), Ok("+819012345678")),
        ("KR", "tel:+81-90-1234-5678", Some("JP"), Ok("+819012345678")),
        ("GB", "0081 90 1234 5678", Some("GB"), Ok("+819012345678")),
        ("CA", "+1 201 555 0123", Some("CA"), Ok("+12015550123")),
        ("KR", "+1 506", Some("US"), Err(InvalidPhoneNumber::TooShort)),
        ("QQ", "010-1234-5678", None, Err(InvalidPhoneNumber::NotServed)),
        ("DE", "01512 3456789", None, Err(InvalidPhoneNumber::NotServed)),
        ("DE", "+82 10-1234-5678", Some("KR"), Ok("+821012345678")),
        ("JP", "+49 1512 3456789", Some("JP"), Err(InvalidPhoneNumber::NotServed)),
    ] {
        let number = regions.parse_in(Some(picked), typed);
        assert_eq!(number.as_ref().map(PhoneNumber::as_e164).map_err(|wrong| *wrong), read, "{picked} {typed}");
        assert_eq!(regions.chosen(picked, typed).as_deref(), chosen, "{picked} {typed}");
    }
    assert_eq!(regions.parse_in(None, "010-1234-5678"), regions.parse("010-1234-5678"));
}

#[test]
fn a_refusal_shows_a_number_of_the_country_that_was_meant() {
    let regions = Regions::new("KR", "KR,JP,GB").expect("regions");
    for (picked, typed, example) in [
        (None, "010-1234", "010-1234-5678"),
        (Some("JP"), "090-1234", "090-1234-5678"),
        (Some("KR"), "+81 90-1234", "+81 90-1234-5678"),
        (Some("DE"), "0151", "010-1234-5678"),
        (Some("GB"), "+", "07400 123456"),
    ] {
        assert_eq!(regions.example_for(picked, typed), example, "{picked:?} {typed}");
    }
}

#[test]
fn a_number_is_masked_as_its_reader_writes_it() {
    for (home, e164, masked) in [
        ("KR", "+821012345678", "010-****-5678"),
        ("KR", "+819012345678", "+81 ****-5678"),
        ("JP", "+819012345678", "090-****-5678"),
        ("JP", "+821012345678", "+82 10-****-5678"),
        ("US", "+12015550123", "(201) ***-0123"),
        ("US", "+17872345678", "(787) ***-5678"),
        ("GB", "+447400123456", "0740* **3456"),
        ("FR", "+33612345678", "06 ** ** 56 78"),
        ("DE", "+4915123456789", "01512 ***6789"),
        ("RU", "+79123456789", "8 (***) ***-67-89"),
        ("IT", "+393123456789", "312 *** 6789"),
        // Nothing of a short number is told but its end.
        ("NO", "+4740612345", "** ** 23 45"),
        ("DK", "+4534412345", "** ** 23 45"),
        ("FK", "+50051234", "*1234"),
    ] {
        let regions = Regions::new(home, "").expect("a region");
        assert_eq!(regions.masked(&PhoneNumber::from_stored(e164.to_owned())), masked, "{home} {e164}");
    }
}

#[test]
fn all_regions_are_those_with_mobile_numbers() {
    let regions = everywhere();
    assert!(regions.is_choice() && regions.allows("JP") && !regions.allows("QQ") && !regions.allows("jpn"));
    assert!(!regions.is_only_korea() && !Regions::default().is_choice());
    assert!(Regions::new("TA", "*").is_err(), "Tristan da Cunha has no mobile numbers");
    assert_eq!(Regions::new("KR", "KR,JP,KR").expect("regions").allowed(), ["KR", "JP"]);
}
