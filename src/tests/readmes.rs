//! The two READMEs tell the same: whoever reads one of them misses no command and no setting of the other.

const ENGLISH: &str = include_str!("../../README.md");
const KOREAN: &str = include_str!("../../README.ko.md");

#[test]
fn both_readmes_tell_the_same_commands_and_settings() {
    let (english, korean) = (told(ENGLISH), told(KOREAN));
    let settings = english.iter().filter(|line| line.starts_with("set ")).count();
    assert!(settings > 20 && english.len() > 60, "the documents were read: {settings} settings, {} lines", english.len());
    let only =
        |of: &[String], other: &[String]| -> Vec<String> { of.iter().filter(|line| !other.contains(line)).cloned().collect() };
    let differences = [("README.md", only(&english, &korean)), ("README.ko.md", only(&korean, &english))];
    assert!(english == korean, "only one of them has, or they have it in another order: {differences:#?}");
}

#[test]
fn each_readme_leads_to_the_other() {
    assert!(ENGLISH.starts_with("# Beonho\n\n[한국어](README.ko.md)\n"));
    assert!(KOREAN.starts_with("# Beonho\n\n[English](README.md)\n"));
}

/// What is the same in every language: the commands without what explains them, each setting with its default, and all that stands in
/// backticks, by section.
fn told(readme: &str) -> Vec<String> {
    let (mut told, mut prose, mut is_code) = (Vec::new(), String::new(), false);
    for line in readme.lines().map(str::trim) {
        if line.starts_with("```") {
            is_code = !is_code;
            told.push(line.to_owned());
        } else if is_code {
            told.push(format!("run {}", command(line)));
        } else if line.starts_with("| `") {
            told.push(setting(line));
        } else if line.starts_with('#') {
            told.extend(marks(&std::mem::take(&mut prose)).0);
            told.push(line.split(' ').next().unwrap_or_default().to_owned());
        } else {
            prose += line;
            prose += "\n";
        }
    }
    told.extend(marks(&prose).0);
    told
}

/// A line of code. What stands behind two spaces explains it.
fn command(line: &str) -> &str {
    line.split("  ").next().unwrap_or_default()
}

/// A row of the table: the names in their order, the default, and the limits that the explanation has.
fn setting(row: &str) -> String {
    let cells: Vec<&str> = row.split('|').map(str::trim).collect();
    let [_, names, default, explanation, _] = cells[..] else { panic!("no row of three cells: {row}") };
    let has_default = if default.is_empty() { "none" } else { "some" };
    format!("set {names} default {has_default} {:?} says {:?}", marks(default), marks(explanation))
}

/// What stands in backticks, and the numbers outside of them, each sorted: another language has another order.
fn marks(text: &str) -> (Vec<String>, Vec<String>) {
    let (mut quoted, mut numbers) = (Vec::new(), Vec::new());
    for (index, part) in text.split('`').enumerate() {
        if index % 2 == 1 {
            quoted.push(part.to_owned());
        } else {
            let digits = part.split(|c: char| !c.is_ascii_digit());
            numbers.extend(digits.filter(|digits| !digits.is_empty()).map(str::to_owned));
        }
    }
    quoted.sort();
    numbers.sort();
    (quoted, numbers)
}

#[test]
fn what_is_left_out_of_one_readme_is_noticed() {
    for part in [
        "make test ",
        "   SENDER_PHONE_NUMBER=15880000\n",
        "SECRET_KEY=$(openssl rand -hex 32)",
        "├── islands/ ",
        "`make watch`",
        "`beonho unlock --all`",
        "`RUST_LOG`",
        "`PRIVACY_URL`",
        "`127.0.0.1:3000`",
        " 1800 ",
        "`JE,GG,IM`",
        "600)",
        "## ",
    ] {
        for (readme, other) in [(ENGLISH, KOREAN), (KOREAN, ENGLISH)] {
            assert!(readme.contains(part), "{part}");
            assert_ne!(told(&readme.replacen(part, "", 1)), told(other), "{part}");
        }
    }
    let rows = |readme: &str| readme.lines().filter(|line| line.starts_with("| `")).map(str::to_owned).collect::<Vec<_>>();
    for (readme, other) in [(ENGLISH, KOREAN), (KOREAN, ENGLISH)] {
        for row in rows(readme) {
            assert_ne!(told(&readme.replacen(&row, "", 1)), told(other), "{row}");
        }
    }
}

/// The English table is what the program prints of itself; the Korean one is held to it above.
#[test]
fn the_table_of_settings_is_the_programs_own() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("README.md");
    let table = beonho::server::config::settings::table();
    assert!(readme.contains(&table), "put this into README.md:\n{table}");
}
