//! What the next page shows once, after a post without JavaScript: the outcome, and the text that was typed. A short-lived cookie carries it:
//! a post that only leaves a message leaves nothing in the database.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::SignedDuration;

use crate::messages::Locale;
use crate::server::verifier::Reply;
use crate::verification::secret_keys::Use;
use crate::verification::{Detail, InvalidPhoneNumber, Outcome, Regions, SecretKeys, whole_secs};

/// The most that is kept of what was typed, in characters.
const MAX_TYPED_CHARS: usize = 64;

/// An outcome on its way to the next page. Nothing of it is ever in a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Flash {
    pub outcome: Outcome,
    detail: Option<Detail>,
    retry_after: Option<SignedDuration>,
    /// What was typed, for the field it came from.
    pub typed: String,
    /// What says since when its person waits, for the form that goes out next.
    pub wait: String,
    /// The country that was chosen.
    pub region: String,
}

impl Flash {
    /// What a reply leaves for the next page; none when there is nothing to say.
    #[must_use]
    pub(crate) fn of(reply: &Reply, typed: &str, region: &str) -> Option<Self> {
        let is_worth_saying = !matches!(reply.outcome, Outcome::Status | Outcome::SignedUp | Outcome::Verified);
        let typed = if reply.outcome.is_success() { "" } else { typed };
        is_worth_saying.then(|| Self {
            outcome: reply.outcome,
            // What follows a redirect is no island's answer: nothing works there by itself.
            detail: reply.work.as_ref().map(|_| Detail::Wait).or(reply.detail),
            retry_after: reply.retry_after,
            typed: typed.chars().filter(|c| !c.is_control()).take(MAX_TYPED_CHARS).collect(),
            wait: reply.work.as_ref().map(|work| work.wait.clone()).unwrap_or_default(),
            region: region.chars().filter(char::is_ascii_alphabetic).take(2).collect(),
        })
    }

    /// Says that the session which the visitor had is over.
    #[must_use]
    pub(crate) fn session_over() -> Self {
        let (typed, wait, region) = <(String, String, String)>::default();
        Self { outcome: Outcome::InvalidRequest, detail: Some(Detail::SessionOver), retry_after: None, typed, wait, region }
    }

    /// The value of the cookie that carries it, good for the browser whose session it is.
    #[must_use]
    pub(crate) fn seal(&self, keys: &SecretKeys, session: &str) -> String {
        let text = self.encode();
        let tag = keys.mac(Use::Flash, &[session.as_bytes(), text.as_bytes()]);
        BASE64_URL_SAFE_NO_PAD.encode([&tag[..], text.as_bytes()].concat())
    }

    /// Reads the value of the cookie; none when we did not make it, or not for this session.
    #[must_use]
    pub(crate) fn open(keys: &SecretKeys, session: &str, value: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(value).ok()?;
        let (tag, text) = bytes.split_first_chunk::<32>()?;
        let is_ours = keys.is_mac(Use::Flash, &[session.as_bytes(), text], tag);
        Self::decode(str::from_utf8(text).ok().filter(|_| is_ours)?)
    }

    #[must_use]
    fn encode(&self) -> String {
        let detail = self.detail.map(Detail::as_str).unwrap_or_default();
        // Rounded up, so that nothing is promised too early.
        let wait = self.retry_after.and_then(whole_secs).map(|secs| secs.to_string()).unwrap_or_default();
        format!("{}\n{detail}\n{wait}\n{}\n{}\n{}", self.outcome.code(), self.typed, self.wait, self.region)
    }

    #[must_use]
    fn decode(text: &str) -> Option<Self> {
        let mut lines = text.splitn(6, '\n');
        let outcome = Outcome::from_code(lines.next()?)?;
        let detail = Detail::parse(lines.next()?);
        let retry_after = lines.next()?.parse().ok().map(SignedDuration::from_secs);
        let typed = lines.next()?.to_owned();
        // A replica of before writes less.
        let mut line = || lines.next().unwrap_or_default().to_owned();
        Some(Self { outcome, detail, retry_after, typed, wait: line(), region: line() })
    }

    #[must_use]
    pub(crate) fn message(&self, locale: Locale, regions: &Regions) -> String {
        let message = locale.outcome(self.outcome, self.detail, self.retry_after);
        let is_served = self.detail != Some(Detail::Number(InvalidPhoneNumber::NotServed));
        let is_of_number = self.outcome == Outcome::InvalidPhoneNumber && is_served;
        let example = is_of_number.then(|| regions.example_for(Some(&self.region), &self.typed));
        locale.with_example(message, example.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_of_a_second_is_a_second() {
        let flash = Flash { retry_after: Some(SignedDuration::from_millis(400)), ..Flash::session_over() };
        assert_eq!(Flash::decode(&flash.encode()).and_then(|read| read.retry_after), Some(SignedDuration::from_secs(1)));
    }

    #[test]
    fn a_flash_is_read_back_by_the_session_that_it_was_made_for() {
        let flash = Flash {
            outcome: Outcome::SendsExhausted,
            detail: None,
            retry_after: Some(SignedDuration::from_secs(90)),
            typed: "010-1234 <5678>".into(),
            wait: "wait.x".into(),
            region: "KR".into(),
        };
        let keys = SecretKeys::parse(&"ab".repeat(32)).expect("key");
        let value = flash.seal(&keys, "session");
        assert_eq!(Flash::open(&keys, "session", &value), Some(flash));
        for (session, value) in [("another", value.as_str()), ("session", &value[1..]), ("session", "junk"), ("session", "")] {
            assert_eq!(Flash::open(&keys, session, value), None, "{value}");
        }
    }
}
