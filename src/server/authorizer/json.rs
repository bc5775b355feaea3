//! Claims as JSON.

use serde_json::{Map, Value, json};

use crate::authorization::claims::{Claim, Claims};

pub(super) fn object(claims: Claims) -> Map<String, Value> {
    claims.into_iter().map(|(name, claim)| (name.to_owned(), value(claim))).collect()
}

fn value(claim: Claim) -> Value {
    match claim {
        Claim::Text(text) => text.into(),
        Claim::Number(number) => number.into(),
        Claim::Flag(flag) => flag.into(),
        Claim::List(list) => list.into(),
        Claim::Event(name) => json!({ name: {} }),
    }
}
