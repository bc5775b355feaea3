//! The names of challenges and of those who verify.

/// The name of a challenge: 128 random bits in URL-safe base64.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChallengeId(String);

/// Who is verifying: the digest of a browser's first cookie. It outlives the rotation of the session's cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectId(String);

macro_rules! stored_text {
    ($name:ident) => {
        impl $name {
            /// A value as it was stored or made.
            #[must_use]
            pub fn from_stored(text: String) -> Self {
                Self(text)
            }

            /// The text to store.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
}
stored_text!(ChallengeId);

/// 128 random bits in URL-safe base64 without padding.
const CHALLENGE_ID_CHARS: usize = 22;

impl ChallengeId {
    /// Reads what a caller says is the name of a challenge; none when no challenge can have it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (text.len() == CHALLENGE_ID_CHARS && text.bytes().all(is_name)).then(|| Self(text.to_owned()))
    }
}

stored_text!(SubjectId);
