//! The groups that a browser gives a number while it is typed are those that the library writes it in. For another version of the library
//! `cargo run --no-default-features --example groups` makes the file anew.

use std::collections::BTreeMap;

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat};

use super::{Regions, countries};

/// A number as the island groups it: the shape of the first group that has a lead of it.
fn grouped(digits: &str, groups: &str) -> Option<String> {
    let is_of = |leads: &str| leads.split(',').any(|lead| digits.starts_with(lead));
    let shape = groups.split(';').filter_map(|group| group.split_once('=')).find(|(leads, _)| is_of(leads))?.1;
    let mut rest = digits;
    let mut text = String::new();
    for mark in shape.chars() {
        match mark.to_digit(10) {
            _ if rest.is_empty() => break,
            None => text.push(mark),
            Some(size) => {
                let (group, behind) = rest.split_at_checked(size as usize).unwrap_or((rest, ""));
                text.push_str(group);
                rest = behind;
            }
        }
    }
    rest.is_empty().then_some(text)
}

/// Whoever types the example sees it grow into what stands under the field.
#[test]
fn an_example_is_grouped_as_it_is_shown() {
    let mut wrong = BTreeMap::new();
    for country in countries() {
        let digits: String = country.example.chars().filter(char::is_ascii_digit).collect();
        let shown = grouped(&digits, country.groups);
        let is_one_group = digits == country.example;
        if shown.as_ref() != Some(&country.example) && !(is_one_group && shown.is_none()) {
            wrong.insert(&country.code, (&country.example, shown, country.groups));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Mobile numbers of other blocks than the example's.
#[test]
fn other_blocks_have_groups_of_their_own() {
    let everywhere = Regions::new("KR", "*").expect("regions");
    for (region, typed) in [
        ("KR", "01099998888"),
        ("JP", "08012345678"),
        ("JP", "07012345678"),
        ("US", "6502530000"),
        ("GB", "07911123456"),
        ("DE", "015123456789"),
        ("DE", "01711234567"),
        ("DE", "015601234567"),
        ("FR", "0781234567"),
        ("RU", "89261234567"),
        ("CN", "19912345678"),
        ("VN", "0367123456"),
        ("MX", "5512345678"),
        ("MX", "2221234567"),
        ("BR", "21987654321"),
        ("TW", "0987654321"),
        ("ES", "712345678"),
        ("AR", "0111523456789"),
    ] {
        let country = countries().find(|country| country.code == region).expect(region);
        let number = everywhere.parse_in(Some(region), typed).expect(typed);
        let number = PHONE_NUMBER_UTIL.parse(number.as_e164(), None).expect(typed);
        assert_eq!(grouped(typed, country.groups).as_deref(), Some(&*number.format_as(PhoneNumberFormat::National)), "{region}");
    }
}

#[test]
fn the_groups_are_few_and_can_be_read() {
    let mut chars = 0;
    for country in countries().filter(|country| !country.groups.is_empty()) {
        chars += country.groups.len();
        for group in country.groups.split(';') {
            let (leads, shape) = group.split_once('=').expect("leads and a shape");
            assert!(leads.chars().all(|c| c.is_ascii_digit() || c == ','), "{}: {group}", country.code);
            assert!(shape.chars().all(|c| c.is_ascii_digit() || " -().".contains(c)), "{}: {group}", country.code);
        }
    }
    assert!(chars < 4_000, "{chars}");
}
