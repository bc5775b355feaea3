//! `docs/oidc.md` lists what is tested, and nothing else.

use std::collections::BTreeSet;

const DOCUMENT: &str = include_str!("../../../docs/oidc.md");
const SOURCES: [&str; 6] = [
    include_str!("basic.rs"),
    include_str!("basic_requests.rs"),
    include_str!("basic_tokens.rs"),
    include_str!("config.rs"),
    include_str!("rp_initiated_logout.rs"),
    include_str!("backchannel_logout.rs"),
];

#[test]
fn each_module_of_the_suite_that_is_listed_has_its_test_and_each_such_test_is_listed() {
    let tested = SOURCES.iter().flat_map(|source| source.split("async fn ").skip(1)).filter_map(|rest| rest.split('(').next());
    let tested: BTreeSet<_> = tested.filter(|name| name.starts_with("oidcc_")).collect();
    let listed: BTreeSet<_> = DOCUMENT.split('`').filter(|word| word.starts_with("oidcc_")).collect();
    assert_eq!(listed, tested);
    for row in DOCUMENT.lines().filter(|line| line.starts_with("| oidcc-")) {
        let module = row.trim_start_matches("| ").split(' ').next().unwrap_or_default().replace('-', "_");
        assert!(row.contains(&format!("`{module}`")), "a test has the name of its module: {row}");
    }
    assert!(tested.len() > 50, "{}", tested.len());
}
