//! The fields of one application, taken one by one. What is wrong with them is gathered, and shows no value: one may be a secret.

use std::fmt::{Display, Formatter};

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// An object as it was written: with the fields that are there twice.
pub(super) struct Written(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnObject;
        impl<'de> Visitor<'de> for AnObject {
            type Value = Written;

            fn expecting(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Written, M::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Written(fields))
            }
        }
        deserializer.deserialize_map(AnObject)
    }
}

/// What is still to be taken, and what was wrong until now.
pub(super) struct Fields {
    client: String,
    left: Vec<(String, Value)>,
    /// Whether one of them could not be read.
    pub(super) is_unreadable: bool,
    pub(super) faults: Vec<String>,
}

impl Fields {
    pub(super) fn of(written: Written) -> Self {
        Self { client: String::new(), left: written.0, is_unreadable: false, faults: Vec::new() }
    }

    /// Says what the application is called in a fault.
    pub(super) fn call(&mut self, client: String) {
        self.client = client;
    }

    pub(super) fn add(&mut self, field: impl Display, why: &str) {
        self.faults.push(format!("{}: {field}: {why}", self.client));
    }

    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        self.read(name, "must be a text in quotes", |value| value.as_str().map(str::to_owned))
    }

    pub(super) fn flag(&mut self, name: &str) -> Option<bool> {
        self.read(name, "must be true or false", Value::as_bool)
    }

    pub(super) fn texts(&mut self, name: &str) -> Vec<String> {
        let read = |value: &Value| value.as_array()?.iter().map(|text| text.as_str().map(str::to_owned)).collect();
        self.read(name, "must be a list of texts, [\"…\"]", read).unwrap_or_default()
    }

    /// A field that is null is not there.
    fn read<T>(&mut self, name: &str, must: &str, read: impl Fn(&Value) -> Option<T>) -> Option<T> {
        let (mut found, left): (Vec<_>, Vec<_>) = std::mem::take(&mut self.left).into_iter().partition(|field| field.0 == name);
        self.left = left;
        if found.len() > 1 {
            self.is_unreadable = true;
            self.add(name, "is there twice");
        }
        let (_, value) = found.pop().filter(|(_, value)| !value.is_null())?;
        let value = read(&value);
        if value.is_none() {
            self.is_unreadable = true;
            self.add(name, must);
        }
        value
    }

    /// Tells of every field that nobody took.
    pub(super) fn refuse_the_rest(&mut self, known: &[&str]) {
        for (name, _) in std::mem::take(&mut self.left) {
            let is_near = |ours: &&&str| ours.trim_end_matches('s') == name.trim_end_matches('s');
            match known.iter().find(is_near) {
                _ if name == "client_secret" => self.add(name, "is no field: client_secret_sha256 has the SHA-256 of the secret"),
                Some(ours) => self.add(format_args!("{name:?}"), &format!("is no field; is {ours} meant?")),
                None => self.add(format_args!("{name:?}"), "is no field"),
            }
        }
    }
}
