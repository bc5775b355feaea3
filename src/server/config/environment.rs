//! The process's environment, and what in it cannot be a setting of ours though it was meant to be one.

use std::collections::HashMap;

use super::names::meant_by;

/// The variables that are text.
pub(super) struct Environment(HashMap<String, String>);

impl Environment {
    /// Reads the process's environment, and says what is wrong with it: settings of these names that are no text, and names that
    /// are nearly theirs.
    pub(super) fn of_process(names: &'static [&'static str]) -> (Self, Vec<String>) {
        let (mut texts, mut wrong) = (HashMap::new(), Vec::new());
        for (name, value) in std::env::vars_os() {
            let Ok(name) = name.into_string() else { continue };
            match value.into_string() {
                Ok(value) => {
                    if let Some(ours) = meant_by(&name, names) {
                        wrong.push(format!("{name}: is no setting; is {ours} meant?"));
                    }
                    texts.insert(name, value);
                }
                Err(_) if names.contains(&name.as_str()) => wrong.push(format!("{name}: is not UTF-8")),
                Err(_) => {}
            }
        }
        wrong.sort();
        (Self(texts), wrong)
    }

    pub(super) fn get(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }
}
