//! Comments point at the questions of `docs/design.md` by their words: each of them is asked there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const DOCUMENT: &str = include_str!("../../docs/design.md");
const FOLDERS: [&str; 4] = ["src", "end2end", "migrations", "benches"];
/// What is written by people; the rest is data, or somebody else's.
const KINDS: [&str; 3] = ["rs", "ts", "sql"];
/// How a comment begins, the longer first, and how the lines within a block do.
const MARKS: [&str; 7] = ["///", "//!", "//", "--", "/**", "/*", "*"];

#[test]
fn every_heading_that_a_comment_names_is_in_the_design() {
    let (headings, named) = (headings(), named());
    assert!(named.len() > 4, "comments point at the design: {named:#?}");
    let lost: Vec<_> = named.iter().filter(|(_, heading)| !headings.contains(heading.as_str())).collect();
    assert!(lost.is_empty(), "docs/design.md has no such heading: {lost:#?}");
}

#[test]
fn no_comment_points_at_a_design_that_no_reader_has() {
    let sources = sources();
    let old = |text: &str| text.split(|c: char| !c.is_alphanumeric()).any(|word| word == "DESIGN");
    let lost: Vec<_> = sources.iter().filter(|(_, text)| comments(text).iter().any(|comment| old(comment))).collect();
    assert!(lost.is_empty(), "{:#?}", lost.iter().map(|(path, _)| path).collect::<Vec<_>>());
}

#[test]
fn no_heading_stands_twice() {
    let lines = DOCUMENT.lines().filter(|line| heading_of(line).is_some());
    assert_eq!(lines.count(), headings().len());
}

#[test]
fn comments_are_found_and_joined() {
    let text = "//! One (a, \"b\n//! c?\").\nlet url = \"http://x\"; // two\n-- three\n/** four\n * five */\ncode";
    assert_eq!(comments(text), ["One (a, \"b c?\").", "two", "three four five"]);
    assert_eq!(pointers("see docs/design.md, \"Why?\" and docs/design.md, \"How so?\""), ["Why?", "How so?"]);
}

/// The headings, without those that only look so in a picture.
fn headings() -> BTreeSet<&'static str> {
    let text = DOCUMENT.split("\n```").step_by(2).flat_map(str::lines);
    text.filter_map(heading_of).collect()
}

fn heading_of(line: &str) -> Option<&str> {
    let words = line.trim_start_matches('#');
    (words.len() < line.len()).then(|| words.strip_prefix(' ')).flatten()
}

/// Each file and the headings that its comments name.
fn named() -> Vec<(PathBuf, String)> {
    let of_file = |(path, text): (PathBuf, String)| {
        let comments = comments(&text);
        comments.iter().flat_map(|comment| pointers(comment)).map(|heading| (path.clone(), heading)).collect::<Vec<_>>()
    };
    sources().into_iter().flat_map(of_file).collect()
}

fn pointers(comment: &str) -> Vec<String> {
    let behind = comment.split("docs/design.md, \"").skip(1);
    behind.map(|rest| rest.split('"').next().unwrap_or_default().to_owned()).collect()
}

/// The comments of a text. Those on lines that follow each other are one: a heading may be longer than a line.
fn comments(text: &str) -> Vec<String> {
    let mut found: Vec<Vec<&str>> = vec![Vec::new()];
    for line in text.lines() {
        let line = line.trim();
        let whole = MARKS.iter().find_map(|mark| line.strip_prefix(mark));
        let behind = line.split_once(" // ").or_else(|| line.split_once(" -- ")).map(|(_, comment)| comment);
        match whole {
            Some(comment) => found.last_mut().expect("one is open").push(comment.trim_end_matches("*/").trim()),
            None => found.extend([behind.into_iter().collect(), Vec::new()]),
        }
    }
    found.into_iter().filter(|lines| !lines.is_empty()).map(|lines| lines.join(" ")).collect()
}

fn sources() -> Vec<(PathBuf, String)> {
    let paths = FOLDERS.iter().flat_map(|folder| files(Path::new(folder)));
    let written = paths.filter(|path| path.extension().is_some_and(|kind| KINDS.iter().any(|ours| kind == *ours)));
    written.map(|path| (path.clone(), fs::read_to_string(&path).expect("a file"))).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
