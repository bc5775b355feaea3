//! Makes `src/verification/phone_number/groups.txt` anew, for another version of the library: how each country groups its mobile numbers, by how they
//! begin. From the library's example and from every three digits it feels its way through all beginnings whose numbers are valid, and lets the
//! library format them. It takes minutes.
//!
//! A line is a country and behind it `LEADS=SHAPE;…`: the first whose leads (`060,070`; none is any) a number begins with says with its shape how
//! many digits stand between which marks (`3-4-4`).

#[expect(dead_code, reason = "only digits are drawn")]
#[path = "../shared/chance.rs"]
mod chance;

use std::collections::{BTreeMap, BTreeSet};

use beonho::verification::Regions;
use chance::Chance;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, PhoneNumberType, Region};

/// How many digits of a lead are told apart, and of the last resort, which has no landlines beside it.
const DEPTH: usize = 6;
const SHALLOW: usize = 4;
/// Every beginning of three digits is looked at.
const STARTS: usize = 1000;
/// More leads than these are told as all others.
const MAX_LEADS: usize = 16;

/// Written numbers: their digits, and their shape without the last group.
type Written = BTreeMap<String, String>;
/// A lead, its shape, and the most digits that its numbers have.
type Lead = (String, String, usize);

fn main() {
    let mut regions: Vec<Region> = PHONE_NUMBER_UTIL.get_supported_regions().collect();
    regions.sort_by_key(ToString::to_string);
    for region in regions {
        let groups = groups_of(region);
        if !groups.is_empty() {
            println!("{region} {}", groups.join(";"));
        }
    }
}

fn groups_of(region: Region) -> Vec<String> {
    let Ok(example) = PHONE_NUMBER_UTIL.get_example_number_for_type_and_region(region, PhoneNumberType::Mobile) else {
        return Vec::new();
    };
    let digits = written(&example.format_as(PhoneNumberFormat::National)).0.len();
    let [mobile, landlines] = [PhoneNumberType::Mobile, PhoneNumberType::FixedLine].map(|kind| numbers_of(region, kind));
    let mut leads = Vec::new();
    cover("", &mobile, &landlines, (digits, DEPTH), &mut leads);
    if leads.len() > MAX_LEADS {
        leads.clear();
        cover("", &mobile, &Written::new(), (digits, SHALLOW), &mut leads);
    }
    let mut by_shape: BTreeMap<(String, usize), Vec<String>> = BTreeMap::new();
    let count = leads.len();
    for (lead, shape, most) in leads {
        by_shape.entry((shape, most)).or_default().push(lead);
    }
    let mut groups: Vec<_> = by_shape.into_iter().map(|((shape, most), leads)| (leads, whole(&shape, most))).collect();
    if count > MAX_LEADS {
        groups.sort_by_key(|(leads, _)| leads.len());
        groups.last_mut().expect("a group").0 = vec![String::new()];
    }
    let is_grouped = |shape: &str| shape.contains(|c: char| !c.is_ascii_digit());
    groups.into_iter().filter(|(_, shape)| is_grouped(shape)).map(|(leads, shape)| format!("{}={shape}", leads.join(","))).collect()
}

/// The shape with its last group, of nine digits at most: one digit tells a size.
fn whole(shape: &str, most: usize) -> String {
    let used: usize = shape.chars().filter_map(|c| c.to_digit(10)).map(|size| size as usize).sum();
    format!("{shape}{}", (most - used).min(9))
}

/// The digits of a written number, and its shape without the last group.
fn written(text: &str) -> (String, String) {
    let last = text.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    let (mut shape, mut size) = (String::new(), 0);
    for c in text[..last].chars() {
        if c.is_ascii_digit() {
            size += 1;
            continue;
        }
        if size > 0 {
            shape += &size.to_string();
        }
        size = 0;
        shape.push(c);
    }
    (text.chars().filter(char::is_ascii_digit).collect(), shape)
}

/// Valid numbers of a kind with as many beginnings of three digits as there are.
fn numbers_of(region: Region, kind: PhoneNumberType) -> Written {
    let Ok(example) = PHONE_NUMBER_UTIL.get_example_number_for_type_and_region(region, kind) else { return Written::new() };
    let (mut chance, mut found, mut seen) = (Chance::of(1), Written::new(), BTreeSet::new());
    let whole = example.get_national_significant_number();
    let mut tries: Vec<String> = (0..STARTS * 3).map(|at| started(at % STARTS, &whole, at / STARTS)).collect();
    tries.push(whole);
    while !tries.is_empty() {
        let mut next = Vec::new();
        for number in tries {
            for other in [number.clone(), with_other_end(&number, &mut chance), with_other_end(&number, &mut chance)] {
                let Some(text) = valid(region, example.country_code, &other, kind) else { continue };
                let (digits, shape) = written(&text);
                found.insert(digits, shape);
                if seen.insert((other.get(..3).map(str::to_owned), other.len())) {
                    next.extend(near(&other));
                }
            }
        }
        tries = next;
    }
    found
}

/// The example with another beginning, and one digit less, as many or one more.
fn started(start: usize, example: &str, longer: usize) -> String {
    let start = format!("{start:03}");
    let whole = [&start, example.get(3..).unwrap_or_default(), "5"].concat();
    whole[..(example.len() + longer - 1).min(whole.len())].to_owned()
}

/// Numbers that differ in one of the first four digits, or in length.
fn near(number: &str) -> Vec<String> {
    let swapped = (0..number.len().min(4))
        .flat_map(|at| ('0'..='9').map(move |digit| [&number[..at], digit.encode_utf8(&mut [0; 4]), &number[at + 1..]].concat()));
    swapped.chain([format!("{number}5"), number[..number.len() - 1].to_owned()]).collect()
}

fn with_other_end(number: &str, chance: &mut Chance) -> String {
    let (start, end) = number.split_at(number.len().min(4));
    start.chars().chain(end.chars().map(|_| *chance.one_of(&['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']))).collect()
}

/// The number as it is written at home, if it is one of that kind there.
fn valid(region: Region, code: i32, national: &str, kind: PhoneNumberType) -> Option<String> {
    let number = PHONE_NUMBER_UTIL.parse(format!("+{code}{national}"), None).ok()?;
    let is_mobile = matches!(number.get_type(), PhoneNumberType::Mobile | PhoneNumberType::FixedLineOrMobile);
    let is_whole = number.get_national_significant_number() == national && number.is_valid_for_region(region);
    if !is_whole || is_mobile != (kind == PhoneNumberType::Mobile) {
        return None;
    }
    let ours = Regions::new(&region.to_string(), "").ok()?;
    let is_ours = !is_mobile || ours.parse(&format!("+{code}{national}")).is_ok();
    is_ours.then(|| number.format_as(PhoneNumberFormat::National).into_owned())
}

/// The fewest leads that tell the shapes of mobile numbers, where landlines are few or none.
fn cover(lead: &str, mobile: &Written, landlines: &Written, (digits, depth): (usize, usize), leads: &mut Vec<Lead>) {
    let under = |numbers: &Written| -> Vec<(String, String)> {
        let from = numbers.range(lead.to_owned()..).take_while(|(number, _)| number.starts_with(lead));
        from.map(|(number, shape)| (number.clone(), shape.clone())).collect()
    };
    let (numbers, others) = (under(mobile), under(landlines).len());
    let Some(most) = numbers.iter().map(|(number, _)| number.len()).max() else { return };
    let like_example = |(number, _): &&(String, String)| number.len() == digits;
    let whole = if numbers.iter().any(|number| like_example(&number)) { digits } else { most };
    let mut shapes: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, shape) in numbers.iter().filter(|(number, _)| number.len() == whole) {
        *shapes.entry(shape).or_default() += 1;
    }
    let Some(shape) = shapes.iter().max_by_key(|(_, count)| **count).map(|(shape, _)| (*shape).to_owned()) else { return };
    if lead.len() >= depth || (shapes.len() == 1 && others * 5 <= numbers.len()) {
        leads.push((lead.to_owned(), shape, most));
        return;
    }
    for digit in '0'..='9' {
        cover(&format!("{lead}{digit}"), mobile, landlines, (digits, depth), leads);
    }
}
