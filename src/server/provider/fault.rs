//! Why a vendor did not do what it was asked.

/// The text is for the log: it holds no number, no code and no credential.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum ProviderFault {
    #[error("the number is not one the vendor delivers to: {0}")]
    InvalidNumber(String),
    /// The vendor blocks this number or region as fraud.
    #[error("the vendor blocks this number or region: {0}")]
    Blocked(String),
    #[error("the quota at the vendor is spent: {0}")]
    QuotaExhausted(String),
    /// The vendor refused the request: credentials, settings, or a request it does not understand.
    #[error("the vendor refused: {0}")]
    Refused(String),
    /// The vendor is down, and certainly did nothing.
    #[error("the vendor is unavailable: {0}")]
    Unavailable(String),
    /// Whether the vendor did anything is not known: time-out, cut connection, 504, unreadable success.
    #[error("the vendor's answer is unknown: {0}")]
    Unknown(String),
}

impl ProviderFault {
    /// The name of its kind, for the metrics: names never change.
    #[must_use]
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::InvalidNumber(_) => "invalid_number",
            Self::Blocked(_) => "blocked",
            Self::QuotaExhausted(_) => "quota_exhausted",
            Self::Refused(_) => "refused",
            Self::Unavailable(_) => "unavailable",
            Self::Unknown(_) => "unknown",
        }
    }

    /// Whether it is certain that the vendor did nothing, so that what was charged can be given back.
    #[must_use]
    pub(crate) fn is_certain(&self) -> bool {
        !matches!(self, Self::Unknown(_))
    }
}
