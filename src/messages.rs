//! The words of every language. Whatever a person reads is here and nowhere else.

mod accepted;
mod console;
mod console_en;
mod console_ko;
mod countries;
mod en;
mod es;
mod ja;
mod ko;
mod template;
mod vi;
mod words;
mod zh_hans;
mod zh_hant;

use jiff::SignedDuration;

pub(crate) use console::ConsoleWords;
pub(crate) use countries::likely_regions;
pub(crate) use template::{Piece, pieces};
pub(crate) use words::Words;

use crate::verification::{Detail, InvalidPhoneNumber, Outcome, whole_secs};

/// The language of a page, an answer or an SMS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Locale {
    Ko,
    En,
    Ja,
    ZhHant,
    ZhHans,
    Vi,
    Es,
}

impl Locale {
    pub(crate) const ALL: [Self; 7] = [Self::Ko, Self::En, Self::Ja, Self::ZhHant, Self::ZhHans, Self::Vi, Self::Es];
    /// Those that the operator's console speaks.
    pub(crate) const OF_CONSOLE: [Self; 2] = [Self::Ko, Self::En];

    /// The language tag (RFC 5646).
    #[must_use]
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::Ko => "ko",
            Self::En => "en",
            Self::Ja => "ja",
            Self::ZhHant => "zh-Hant",
            Self::ZhHans => "zh-Hans",
            Self::Vi => "vi",
            Self::Es => "es",
        }
    }

    #[must_use]
    pub(crate) fn words(self) -> &'static Words {
        match self {
            Self::Ko => &ko::KO,
            Self::En => &en::EN,
            Self::Ja => &ja::JA,
            Self::ZhHant => &zh_hant::ZH_HANT,
            Self::ZhHans => &zh_hans::ZH_HANS,
            Self::Vi => &vi::VI,
            Self::Es => &es::ES,
        }
    }

    /// The language in which the console answers whoever reads this one.
    #[must_use]
    pub(crate) fn at_console(self) -> Self {
        if self == Self::Ko { Self::Ko } else { Self::En }
    }

    /// The words of the operator's console.
    #[must_use]
    pub(crate) fn console(self) -> &'static ConsoleWords {
        if self.at_console() == Self::Ko { &console_ko::KO } else { &console_en::EN }
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
            Some(Detail::Number(_)) | None => self.bare(outcome),
        };
        text.replace("{when}", &self.wait(retry_after))
    }

    fn bare(self, outcome: Outcome) -> &'static str {
        match self {
            Self::Ko => ko::outcome(outcome),
            Self::En => en::outcome(outcome),
            Self::Ja => ja::outcome(outcome),
            Self::ZhHant => zh_hant::outcome(outcome),
            Self::ZhHans => zh_hans::outcome(outcome),
            Self::Vi => vi::outcome(outcome),
            Self::Es => es::outcome(outcome),
        }
    }

    /// What is wrong with a number, and behind it how one is written.
    #[must_use]
    pub(crate) fn with_example(self, message: String, example: Option<&str>) -> String {
        let Some(example) = example else { return message };
        [&message, self.between_sentences(), &self.words().number_hint.replace("{example}", example)].concat()
    }

    /// What stands between two sentences; the full stop of some languages has its room in it.
    fn between_sentences(self) -> &'static str {
        match self {
            Self::Ko | Self::En | Self::Vi | Self::Es => " ",
            Self::Ja | Self::ZhHant | Self::ZhHans => "",
        }
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
            Self::Ja => ja::wait(&parts),
            Self::ZhHant => zh_hant::wait(&parts),
            Self::ZhHans => zh_hans::wait(&parts),
            Self::Vi => vi::wait(&parts),
            Self::Es => es::wait(&parts),
        }
    }
}

#[cfg(test)]
mod tests;
