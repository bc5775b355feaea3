//! Who judges the codes of a challenge.

/// Who judges the codes of a challenge, whoever carries them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judge {
    /// We do: the codes are ours, and any sender may bring them.
    Ours,
    /// The hosted vendor of that name made the code, and knows it alone.
    Hosted(String),
}

/// What is stored where the codes are ours. No vendor has that name.
const OURS: &str = "ours";

impl Judge {
    /// The word that is stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Ours => OURS,
            Self::Hosted(vendor) => vendor,
        }
    }

    /// What a stored word stands for.
    #[must_use]
    pub fn from_stored(text: String) -> Self {
        if text == OURS { Self::Ours } else { Self::Hosted(text) }
    }
}
