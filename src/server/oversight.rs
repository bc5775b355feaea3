//! What an operator is told, judged and masked: the commands print it, and the console shows it.

pub(crate) mod abuse;
pub(crate) mod holds;
pub(crate) mod places;
pub(crate) mod why;

use jiff::Timestamp;

/// Letters of a subject that tell one from another in a list.
const MASKED_LETTERS: usize = 8;

/// An instant as operators read it: UTC, to the second.
pub(crate) fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn cut(subject: &str) -> String {
    subject.chars().take(MASKED_LETTERS).collect()
}
