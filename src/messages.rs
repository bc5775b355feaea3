//! The words, Korean and English.

/// The language of a page, an answer or an SMS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locale {
    /// Korean.
    Ko,
    /// English.
    En,
}
