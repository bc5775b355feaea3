//! Spellings of numbers, made at random, and what we read in each: one a line, the country that is chosen, the text in JSON, the number or why it is
//! none. `.ci/spellings.mjs` lets Google's own library judge them.
//!
//! usage: spellings SEED COUNT

#[path = "../shared/chance.rs"]
mod chance;

use std::io::{BufWriter, Write, stdout};

use beonho::verification::Regions;
use chance::Chance;

/// How numbers of a country are made: what stands before them at home, the ways abroad, how blocks begin, and with how many digits behind.
struct Plan {
    region: &'static str,
    code: &'static str,
    trunk: &'static str,
    abroad: &'static [&'static str],
    blocks: &'static [(&'static str, u64)],
    /// What people write before a number, or once wrote, that is no part of it.
    old: &'static [&'static str],
}

const fn plan(
    region: &'static str,
    code: &'static str,
    trunk: &'static str,
    abroad: &'static [&'static str],
    blocks: &'static [(&'static str, u64)],
    old: &'static [&'static str],
) -> Plan {
    Plan { region, code, trunk, abroad, blocks, old }
}

const PLANS: [Plan; 13] = [
    plan(
        "KR",
        "82",
        "0",
        &["001", "002", "00700", "00"],
        &[("10", 8), ("10", 7), ("11", 7), ("2", 8), ("31", 7), ("70", 8), ("12", 8)],
        &[],
    ),
    plan("JP", "81", "0", &["010", "00"], &[("90", 8), ("80", 8), ("70", 8), ("60", 8), ("50", 8), ("3", 8), ("120", 6)], &[]),
    plan(
        "US",
        "1",
        "1",
        &["011", "00"],
        &[("201555", 4), ("787", 7), ("506", 7), ("650253", 4), ("800", 7), ("212", 7), ("", 10)],
        &[],
    ),
    plan(
        "GB",
        "44",
        "0",
        &["00"],
        &[("74", 8), ("77", 8), ("7797", 6), ("7781", 6), ("7624", 6), ("7911", 6), ("20", 8), ("70", 8)],
        &[],
    ),
    plan("IT", "39", "", &["00"], &[("31", 8), ("34", 8), ("38", 7), ("06", 8), ("02", 7), ("3", 9)], &["0"]),
    plan("AR", "54", "0", &["00"], &[("911", 8), ("11", 8), ("9221", 7), ("221", 7), ("9351", 7)], &["9", "15"]),
    plan("MX", "52", "", &["00"], &[("55", 8), ("33", 8), ("222", 7), ("998", 7), ("800", 7)], &["1", "01", "044", "045"]),
    plan("CI", "225", "", &["00"], &[("01", 8), ("05", 8), ("07", 8), ("25", 8), ("27", 8), ("0", 7)], &[]),
    plan("BJ", "229", "", &["00"], &[("01", 8), ("0195", 6), ("95", 6), ("0120", 6)], &[]),
    plan("RU", "7", "8", &["810", "00"], &[("9", 9), ("912", 7), ("495", 7), ("800", 7), ("771", 7)], &[]),
    plan("KZ", "7", "8", &["810", "00"], &[("70", 8), ("77", 8), ("727", 7), ("9", 9)], &[]),
    plan("DE", "49", "0", &["00"], &[("151", 8), ("15", 9), ("17", 8), ("16", 8), ("30", 7), ("32", 8)], &[]),
    plan("VN", "84", "0", &["00"], &[("9", 8), ("3", 8), ("7", 8), ("8", 8), ("16", 8), ("24", 8)], &[]),
];

const MARKS: [&str; 8] = [" ", "-", ".", "", "", "/", "\u{a0}", " - "];

fn main() {
    let mut arguments = std::env::args().skip(1).filter_map(|text| text.parse().ok());
    let (seed, count) = (arguments.next().unwrap_or(1), arguments.next().unwrap_or(20_000_u64));
    let (mut chance, regions) = (Chance::of(seed), Regions::new("KR", "*").expect("regions"));
    let mut out = BufWriter::new(stdout().lock());
    for _ in 0..count {
        let plan = chance.one_of(&PLANS);
        let typed = spelled(plan, &mut chance);
        let read = regions.parse_in(Some(plan.region), &typed);
        let read = read.map_or_else(|wrong| format!("{wrong:?}"), |number| number.as_e164().to_owned());
        writeln!(out, "{}\t{}\t{read}", plan.region, serde_json::json!(typed)).expect("an open pipe");
    }
}

/// A number of the plan, mostly a right one, as somebody may write it.
fn spelled(plan: &Plan, chance: &mut Chance) -> String {
    let (block, behind) = *chance.one_of(plan.blocks);
    let behind = match chance.below(12) {
        0 => behind.saturating_sub(1),
        1 => behind + 1,
        _ => behind,
    };
    let mut digits = block.to_owned();
    digits.extend((0..behind).map(|_| char::from_digit(u32::try_from(chance.below(10)).unwrap_or_default(), 10).unwrap_or('0')));
    if !plan.old.is_empty() && chance.below(4) == 0 {
        let old = *chance.one_of(plan.old);
        digits.insert_str(0, old);
    }
    let grouped = grouped(&digits, chance);
    let text = match chance.below(9) {
        0 => format!("+{} {grouped}", plan.code),
        1 => format!("+{}{digits}", plan.code),
        2 => format!("+{} ({}){grouped}", plan.code, plan.trunk),
        3 => format!("{}{} {grouped}", *chance.one_of(plan.abroad), plan.code),
        4 => format!("{}{digits}", plan.code),
        5 => grouped,
        6 => format!("tel:+{}-{digits}", plan.code),
        _ => [plan.trunk, &grouped].concat(),
    };
    let text = text.replace("()", "");
    match chance.below(12) {
        0 => text.chars().map(|c| c.to_digit(10).and_then(|digit| char::from_u32(0xff10 + digit)).unwrap_or(c)).collect(),
        1 => format!("\u{202a}{text}\u{202c}"),
        2 => format!(" {text} "),
        _ => text,
    }
}

fn grouped(digits: &str, chance: &mut Chance) -> String {
    let mark = *chance.one_of(&MARKS);
    let mut text = String::new();
    let mut rest = digits;
    while !rest.is_empty() {
        let size = usize::try_from(chance.between(2, 6)).unwrap_or(2);
        let (group, behind) = rest.split_at_checked(size).unwrap_or((rest, ""));
        text += group;
        if !behind.is_empty() {
            text += mark;
        }
        rest = behind;
    }
    text
}
