//! What holds a prefix or a country, or did.

use jiff::Timestamp;
use serde::Serialize;

use super::time;
use crate::server::store::Hold;

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Held {
    pub(crate) key: String,
    pub(crate) rule: &'static str,
    pub(crate) mode: &'static str,
    pub(crate) is_over: bool,
    pub(crate) evidence: String,
    pub(crate) since: String,
    pub(crate) until: String,
    pub(crate) lifted_at: Option<String>,
}

impl Held {
    #[must_use]
    pub(crate) fn of(hold: &Hold, now: Timestamp) -> Self {
        Self {
            key: hold.key.to_string(),
            rule: hold.rule.as_str(),
            mode: hold.mode.as_str(),
            is_over: hold.until <= now,
            evidence: hold.evidence.clone(),
            since: time(hold.held_at),
            until: time(hold.until),
            lifted_at: hold.lifted_at.map(time),
        }
    }
}
