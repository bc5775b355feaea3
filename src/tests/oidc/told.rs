//! What applications and people are told when something is wrong.

use crate::browser::Answered;

/// An error of the token endpoint and its like: status and name, in JSON that nobody keeps.
pub fn error(answered: &Answered) -> (u16, String) {
    assert_eq!(
        (answered.header("content-type"), answered.header("cache-control")),
        ("application/json", "no-store"),
        "{answered:?}"
    );
    let json = answered.json();
    assert!(json["error_description"].as_str().is_some_and(|words| !words.is_empty()), "{json}");
    (answered.status, json["error"].as_str().expect("an error").to_owned())
}

/// An error that leads nowhere: a page, and what it is called.
pub fn page(answered: &Answered) -> (u16, String) {
    assert_eq!(answered.header("location"), "", "{answered:?}");
    (answered.status, answered.page_outcome_of_notice())
}
