//! Reads settings one by one and collects what is wrong with them, so that all of it is reported in one message.

use std::fmt::Display;
use std::ops::RangeInclusive;

use reqwest::Url;

use super::names::wrong_with;
use crate::server::provider::setting::is_header_text;

/// Whether a browser would get anywhere by it: a path of ours, an address with a host, somebody to write to or to call.
fn is_link(text: &str) -> bool {
    if text.starts_with('/') {
        return !text.starts_with("//") && !text.contains(char::is_whitespace);
    }
    let Ok(url) = Url::parse(text) else { return false };
    let host = url.host_str().unwrap_or_default();
    match url.scheme() {
        "https" | "http" => host.bytes().any(|byte| byte.is_ascii_alphanumeric()) && !text.contains(char::is_whitespace),
        "mailto" => url.path().contains('@'),
        "tel" => url.path().bytes().any(|byte| byte.is_ascii_digit()),
        _ => false,
    }
}

type Source<'a> = &'a dyn Fn(&str) -> Option<String>;

pub(super) struct Reader<'a> {
    source: Source<'a>,
    wrong: Vec<String>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(source: Source<'a>) -> Self {
        Self { source, wrong: Vec::new() }
    }

    /// The settings, or everything that is wrong with them.
    pub(super) fn finish<T>(self, config: T) -> Result<T, Vec<String>> {
        if self.wrong.is_empty() { Ok(config) } else { Err(self.wrong) }
    }

    /// Tells of every setting that is set but unreadable, whatever it is for.
    pub(super) fn look_through(&mut self, names: &[&str]) {
        for name in names {
            if let Some(wrong) = (self.source)(name).and_then(|text| wrong_with(name, &text)) {
                self.refuse(name, wrong);
            }
        }
    }

    pub(super) fn refuse(&mut self, name: &str, why: impl Display) {
        self.wrong.push(format!("{name}: {why}"));
    }

    /// A setting; one that is empty counts as not set.
    pub(super) fn optional(&self, name: &str) -> Option<String> {
        (self.source)(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// Whether there is anything, even nothing.
    pub(super) fn is_set(&self, name: &str) -> bool {
        (self.source)(name).is_some()
    }

    pub(super) fn or(&self, name: &str, default: &str) -> String {
        self.optional(name).unwrap_or_else(|| default.to_owned())
    }

    pub(super) fn check<T, E: Display>(&mut self, name: &str, result: Result<T, E>) -> Option<T> {
        result.map_err(|why| self.refuse(name, why)).ok()
    }

    /// A setting in a form of its own; the default must be of that form.
    pub(super) fn parse<T>(&mut self, name: &str, default: &str, parse: impl Fn(&str) -> Result<T, String>) -> T {
        let given = self.optional(name).and_then(|text| self.check(name, parse(&text)));
        given.unwrap_or_else(|| parse(default).expect("a default is valid"))
    }

    pub(super) fn number(&mut self, name: &str, default: u64, range: RangeInclusive<u64>) -> u64 {
        let Some(text) = self.optional(name) else { return default };
        match text.parse() {
            Ok(number) if range.contains(&number) && text.bytes().all(|byte| byte.is_ascii_digit()) => number,
            _ => {
                self.refuse(name, format_args!("must be a whole number from {} to {}", range.start(), range.end()));
                default
            }
        }
    }

    pub(super) fn count(&mut self, name: &str, default: u32, most: u64) -> u32 {
        u32::try_from(self.number(name, u64::from(default), 1..=most)).unwrap_or(u32::MAX)
    }

    pub(super) fn one_of(&mut self, name: &str, words: &[&'static str]) -> &'static str {
        let Some(text) = self.optional(name) else { return words[0] };
        words.iter().find(|word| **word == text).copied().unwrap_or_else(|| {
            self.refuse(name, format_args!("must be one of {}", words.join(", ")));
            words[0]
        })
    }

    pub(super) fn link(&mut self, name: &str) -> Option<String> {
        let link = self.optional(name)?;
        if !is_link(&link) {
            self.refuse(name, "must be a link (https://, mailto:, tel: or a path)");
        }
        Some(link)
    }

    /// The settings of a vendor's account, all or none; each that is missing is named when any is there or the vendor is chosen.
    pub(super) fn account<const N: usize>(&mut self, names: [&str; N], is_needed: bool) -> Option<[String; N]> {
        let found = names.map(|name| self.optional(name));
        if !is_needed && found.iter().all(Option::is_none) {
            return None;
        }
        for (name, setting) in names.iter().zip(&found) {
            if setting.as_ref().is_some_and(|text| !is_header_text(text)) {
                self.refuse(name, "has characters that cannot be sent: it must be ASCII");
            }
            // One that is there and empty has been told.
            if setting.is_none() && !self.is_set(name) {
                self.refuse(name, "is missing");
            }
        }
        Some(found.map(Option::unwrap_or_default))
    }
}
