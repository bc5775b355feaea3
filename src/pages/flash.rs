//! What the next page shows once, after a post without JavaScript: the outcome, and the text that was typed.

use jiff::SignedDuration;

use crate::api::outcome::Outcome;
use crate::messages::Locale;
use crate::server::verifier::{Detail, Reply};

/// The most that is kept of what was typed, in characters.
const MAX_TYPED_CHARS: usize = 64;

/// An outcome on its way to the next page. It is stored with the session; nothing of it is ever in a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flash {
    /// The outcome.
    pub outcome: Outcome,
    detail: Option<Detail>,
    retry_after: Option<SignedDuration>,
    /// What was typed, for the field it came from.
    pub typed: String,
}

impl Flash {
    /// What a reply leaves for the next page; none when there is nothing to say.
    #[must_use]
    pub fn of(reply: &Reply, typed: &str) -> Option<Self> {
        let is_worth_saying = !matches!(reply.outcome, Outcome::Status | Outcome::SignedUp | Outcome::Verified);
        let typed = if reply.outcome.is_success() { "" } else { typed };
        is_worth_saying.then(|| Self {
            outcome: reply.outcome,
            detail: reply.detail,
            retry_after: reply.retry_after,
            typed: typed.chars().take(MAX_TYPED_CHARS).collect(),
        })
    }

    /// The text to store.
    #[must_use]
    pub fn encode(&self) -> String {
        let detail = match self.detail {
            Some(Detail::Consent) => "consent",
            Some(Detail::LastAttempt) => "last_attempt",
            Some(Detail::SameCode) => "same_code",
            Some(Detail::Cookies) | None => "",
        };
        let wait = self.retry_after.map(|wait| wait.as_secs().to_string()).unwrap_or_default();
        format!("{}\n{detail}\n{wait}\n{}", self.outcome.code(), self.typed)
    }

    /// Reads the stored text.
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        let mut lines = text.splitn(4, '\n');
        let outcome = Outcome::from_code(lines.next()?)?;
        let detail = match lines.next()? {
            "consent" => Some(Detail::Consent),
            "last_attempt" => Some(Detail::LastAttempt),
            "same_code" => Some(Detail::SameCode),
            _ => None,
        };
        let retry_after = lines.next()?.parse().ok().map(SignedDuration::from_secs);
        Some(Self { outcome, detail, retry_after, typed: lines.next()?.to_owned() })
    }

    /// What it says.
    #[must_use]
    pub fn message(&self, locale: Locale) -> String {
        locale.outcome(self.outcome, self.detail, self.retry_after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flash_is_read_back_as_it_was_stored() {
        let flash = Flash {
            outcome: Outcome::SendsExhausted,
            detail: None,
            retry_after: Some(SignedDuration::from_secs(90)),
            typed: "010-1234\n5678".into(),
        };
        assert_eq!(Flash::decode(&flash.encode()), Some(flash));
        assert_eq!(Flash::decode("junk"), None);
    }
}
