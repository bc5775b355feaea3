//! The words, Korean and English. Whatever a person reads is here and nowhere else.

mod console;
mod console_en;
mod console_ko;
mod en;
mod ko;
mod words;

use jiff::SignedDuration;

pub(crate) use console::ConsoleWords;
pub(crate) use en::EN;
pub(crate) use ko::KO;
pub(crate) use words::Words;

use crate::verification::{Detail, InvalidPhoneNumber, Outcome, whole_secs};

/// The language of a page, an answer or an SMS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Locale {
    Ko,
    En,
}

impl Locale {
    pub(crate) const ALL: [Self; 2] = [Self::Ko, Self::En];

    /// The language tag (RFC 5646).
    #[must_use]
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::Ko => "ko",
            Self::En => "en",
        }
    }

    /// By the primary subtag alone: `ko-KR` is Korean.
    #[must_use]
    pub(crate) fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        Self::ALL.into_iter().find(|locale| locale.tag() == primary)
    }

    /// The best language of an `Accept-Language` header (RFC 9110, 12.5.4). Whoever asks for none of ours reads English; whoever asks for
    /// nothing, Korean.
    #[must_use]
    pub(crate) fn negotiate(header: &str) -> Self {
        let entries: Vec<_> = header.split(',').map(str::trim).filter(|entry| !entry.is_empty()).take(32).map(weighed).collect();
        let is_refused = |locale| entries.iter().any(|(tag, weight)| Self::from_tag(tag) == Some(locale) && *weight == Some(0.0));
        let is_foreign = entries.first().is_some_and(|(tag, _)| Self::from_tag(tag).is_none() && *tag != "*");
        let default = if is_foreign || is_refused(Self::Ko) { Self::En } else { Self::Ko };
        let mut best = (default, 0.0);
        for (tag, weight) in &entries {
            let weight = weight.unwrap_or(0.0);
            if let Some(locale) = Self::from_tag(tag).filter(|_| weight > best.1) {
                best = (locale, weight);
            }
        }
        best.0
    }

    #[must_use]
    pub(crate) fn words(self) -> &'static Words {
        match self {
            Self::Ko => &KO,
            Self::En => &EN,
        }
    }

    /// The words of the operator's console.
    #[must_use]
    pub(crate) fn console(self) -> &'static ConsoleWords {
        match self {
            Self::Ko => &console_ko::KO,
            Self::En => &console_en::EN,
        }
    }

    /// What an outcome says: what happened, and what to do.
    #[must_use]
    pub(crate) fn outcome(self, outcome: Outcome, detail: Option<Detail>, retry_after: Option<SignedDuration>) -> String {
        let words = self.words();
        let text = match detail {
            Some(Detail::Consent) => words.consent_needed,
            Some(Detail::Cookies) => words.cookies_needed,
            Some(Detail::LastAttempt) => words.last_attempt,
            Some(Detail::SameCode) => words.same_code_sent,
            Some(Detail::SessionOver) => words.session_over,
            Some(Detail::JustContinued) => words.just_continued,
            Some(Detail::KeyReused) => words.key_reused,
            Some(Detail::KeyUnderWay) => words.key_under_way,
            Some(Detail::AddressSpent) => words.address_spent,
            Some(Detail::NumberSpent) => words.number_spent,
            Some(Detail::Charged) => words.charged,
            Some(Detail::Wait) => words.wait_first,
            Some(Detail::Number(wrong)) if wrong != InvalidPhoneNumber::Unreadable => words.of_number(wrong),
            Some(Detail::Number(_)) | None => match self {
                Self::Ko => ko::outcome(outcome),
                Self::En => en::outcome(outcome),
            },
        };
        text.replace("{when}", &self.wait(retry_after))
    }

    /// A wait in words: «3분 뒤», «in 3 minutes».
    fn wait(self, wait: Option<SignedDuration>) -> String {
        let secs: u32 = wait.and_then(whole_secs).unwrap_or(0);
        let mins = secs.div_ceil(60);
        let parts = match (secs, mins) {
            (0..60, _) => vec![(secs, 0)],
            (_, ..60) => vec![(mins, 1)],
            _ => vec![(mins / 60, 2), (mins % 60, 1)],
        };
        let parts: Vec<_> = parts.into_iter().filter(|(count, unit)| *count > 0 || *unit == 0).collect();
        match self {
            Self::Ko => ko::wait(&parts),
            Self::En => en::wait(&parts),
        }
    }
}

/// A language of `Accept-Language`, and how much it is wanted; none when that is no weight (RFC 9110, 12.4.2).
fn weighed(entry: &str) -> (&str, Option<f32>) {
    let mut parts = entry.split(';').map(str::trim);
    let tag = parts.next().unwrap_or_default();
    let given = parts.find_map(|part| part.strip_prefix(['q', 'Q'])?.trim_start().strip_prefix('='));
    let weight = given.map_or(Some(1.0), |text| text.trim().parse().ok().filter(|weight| (0.0..=1.0).contains(weight)));
    (tag, weight)
}

#[cfg(test)]
mod tests;
