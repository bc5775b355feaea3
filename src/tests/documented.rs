//! Every answer of the JSON interface, held against the document that the interface publishes of itself.

use std::sync::LazyLock;

use beonho::api::json::openapi;
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

/// A change of the interface is a difference that a reader sees. `UPDATE_DOCS=1` writes the file anew.
#[test]
fn the_document_in_the_tree_is_the_one_that_is_served() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/openapi.json");
    let served = format!("{:#}\n", *DOCUMENT);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &served).expect("docs/openapi.json is written");
    }
    let kept = std::fs::read_to_string(path).expect("docs/openapi.json");
    assert!(kept == served, "docs/openapi.json is another: run this test with UPDATE_DOCS=1 and read the difference");
}

fn assert_has_fields_of(schema: &str, value: &Value) {
    let fields = |object: &Value| {
        let mut names: Vec<_> = object.as_object().expect("an object").keys().cloned().collect();
        names.sort();
        names
    };
    assert_eq!(fields(value), fields(&DOCUMENT["components"]["schemas"][schema]["properties"]), "{schema}");
}
