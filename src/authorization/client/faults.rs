//! Gathers what is wrong with an application, so that all of it is told at once.

use std::fmt::Display;

use crate::authorization::redirect_uri::{Kind, fault_of, shown};

const MAX_URIS: usize = 50;

/// What is wrong with one application, each with the field that it is in.
pub(super) struct Faults {
    client: String,
    told: Vec<String>,
}

impl Faults {
    pub(super) fn of(client: String) -> Self {
        Self { client, told: Vec::new() }
    }

    /// The application, or everything that is wrong with it.
    pub(super) fn finish<T>(self, client: T) -> Result<T, Vec<String>> {
        if self.told.is_empty() { Ok(client) } else { Err(self.told) }
    }

    pub(super) fn add(&mut self, field: &str, why: impl Display) {
        self.told.push(format!("{}: {field}: {why}", self.client));
    }

    pub(super) fn check<T>(&mut self, field: &str, read: Result<T, impl Display>) -> Option<T> {
        read.map_err(|why| self.add(field, why)).ok()
    }

    /// One of the words that a field may have; the first where it has none.
    pub(super) fn one_of(&mut self, field: &str, written: Option<&String>, words: &[&'static str]) -> &'static str {
        let Some(written) = written else { return words[0] };
        words.iter().find(|word| *word == written).copied().unwrap_or_else(|| {
            self.add(field, format_args!("must be one of {}", words.join(", ")));
            words[0]
        })
    }

    pub(super) fn uris(&mut self, field: &str, uris: &[String], kind: Kind) {
        if uris.len() > MAX_URIS {
            self.add(field, format_args!("must be at most {MAX_URIS}"));
        }
        for uri in uris {
            if let Some(why) = fault_of(uri, kind) {
                self.add(field, format_args!("{} {why}", shown(uri)));
            }
        }
    }
}
