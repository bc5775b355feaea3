//! `docs/security.md` promises nothing that no test proves.

use std::path::Path;

const DOCUMENT: &str = include_str!("../../docs/security.md");

#[test]
fn every_promise_names_a_test_that_exists() {
    let sources = sources(Path::new("src"));
    let table = DOCUMENT.split_once("|---|---|---|---|\n").expect("the document has a table").1;
    let rows: Vec<Vec<&str>> = table.lines().take_while(|line| line.starts_with('|')).map(|row| row.split('|').collect()).collect();
    assert!(rows.len() > 20, "{rows:#?}");
    for row in rows {
        let proofs: Vec<_> = row[3].split('`').skip(1).step_by(2).collect();
        assert!(!proofs.is_empty(), "nothing proves: {}", row[1]);
        for proof in proofs {
            let is_there = sources.contains(&format!("fn {proof}(")) || proof.contains('/') && Path::new(proof).exists();
            assert!(is_there, "{proof} does not exist");
        }
    }
}

/// All Rust sources of a folder in one.
fn sources(folder: &Path) -> String {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries
        .map(|path| match path.extension() {
            _ if path.is_dir() => sources(&path),
            Some(kind) if kind == "rs" => std::fs::read_to_string(&path).expect("a file"),
            _ => String::new(),
        })
        .collect()
}
