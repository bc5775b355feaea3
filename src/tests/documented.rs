//! Every answer of the JSON interface, held against the document that the interface publishes of itself.

use std::sync::LazyLock;

use beonho::api::openapi;
use reqwest::Method;
use serde_json::Value;

use crate::browser::Answered;

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::to_value(openapi::document()).expect("the document is JSON"));

/// The operation is documented with this status and outcome, and the body has the fields of its schema, no more and no less. An operation
/// that does not exist has no entry.
pub fn assert_documented(method: &Method, path: &str, answered: &Answered) {
    let Some(operation) = DOCUMENT["paths"][path].get(method.as_str().to_lowercase()) else { return };
    let response = &operation["responses"][answered.status.to_string()];
    let body = answered.json();
    let outcome = body["outcome"].as_str().unwrap_or_default();
    let described = response["description"].as_str().unwrap_or_default();
    assert!(described.contains(outcome), "{method} {path} is not documented to answer {} {outcome}", answered.status);
    assert_has_fields_of("Body", &body);
    assert_has_fields_of("StatusBody", &body["status"]);
}

fn assert_has_fields_of(schema: &str, value: &Value) {
    let fields = |object: &Value| {
        let mut names: Vec<_> = object.as_object().expect("an object").keys().cloned().collect();
        names.sort();
        names
    };
    assert_eq!(fields(value), fields(&DOCUMENT["components"]["schemas"][schema]["properties"]), "{schema}");
}
