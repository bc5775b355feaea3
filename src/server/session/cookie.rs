//! The cookie of a session: a secret, when it was made, and a MAC under `SECRET_KEY`.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;

use super::{LIFETIME, Once};
use crate::server::entropy::{self, SECRET_BYTES};
use crate::verification::SubjectId;
use crate::verification::secret_keys::{SecretKeys, Use, digest};

/// The secret of a session and when it was made. `Debug` shows neither.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Cookie {
    secret: [u8; SECRET_BYTES],
    pub(super) issued_at_secs: i64,
}

impl std::fmt::Debug for Cookie {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cookie(…)")
    }
}

impl Cookie {
    #[must_use]
    pub(crate) fn new(now: Timestamp) -> Self {
        Self { secret: entropy::bytes(), issued_at_secs: now.as_second() }
    }

    /// The same cookie, given out now.
    pub(super) fn given_out_again(&self, now: Timestamp) -> Self {
        Self { issued_at_secs: now.as_second(), ..self.clone() }
    }

    /// The cookie that follows this one when its session is rotated by that post.
    #[must_use]
    pub(crate) fn successor(&self, keys: &SecretKeys, once: &Once, at: Timestamp) -> Self {
        Self::derived(&keys.mac(Use::Rotation, &[&self.secret, once.as_bytes()]), at)
    }

    /// The cookies that may follow this one, one for each key, because another replica may have rotated its session.
    pub(super) fn successors(&self, keys: &SecretKeys, once: &Once, at: Timestamp) -> Vec<Self> {
        let macs = keys.macs(Use::Rotation, &[&self.secret, once.as_bytes()]);
        macs.iter().map(|mac| Self::derived(mac, at)).collect()
    }

    /// The cookies that follow from a caller's own secret, one for each key: whoever asks again with the same gets the same.
    #[must_use]
    pub(crate) fn of_caller(keys: &SecretKeys, parts: &[&[u8]], now: Timestamp) -> Vec<Self> {
        keys.macs(Use::Caller, parts).iter().map(|mac| Self::derived(mac, now)).collect()
    }

    fn derived(mac: &[u8; 32], at: Timestamp) -> Self {
        let mut secret = [0; SECRET_BYTES];
        secret.copy_from_slice(&mac[..SECRET_BYTES]);
        Self { secret, issued_at_secs: at.as_second() }
    }

    /// Whether a value looks like one of ours, whoever signed it.
    pub(super) fn has_form(value: &str) -> bool {
        BASE64_URL_SAFE_NO_PAD.decode(value.trim_end_matches('=')).is_ok_and(|bytes| bytes.len() == SECRET_BYTES + 8 + 32)
    }

    /// Reads a cookie's value; none when it is not one that this service made.
    #[must_use]
    pub(crate) fn parse(keys: &SecretKeys, value: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(value.trim_end_matches('=')).ok()?;
        let (secret, rest) = bytes.split_first_chunk::<SECRET_BYTES>()?;
        let (issued_at, tag) = rest.split_first_chunk::<8>()?;
        let is_ours = keys.is_mac(Use::Session, &[secret, issued_at], tag);
        is_ours.then(|| Self { secret: *secret, issued_at_secs: i64::from_be_bytes(*issued_at) })
    }

    #[must_use]
    pub(crate) fn value(&self, keys: &SecretKeys) -> String {
        let issued_at = self.issued_at_secs.to_be_bytes();
        let tag = keys.mac(Use::Session, &[&self.secret, &issued_at]);
        BASE64_URL_SAFE_NO_PAD.encode([&self.secret[..], &issued_at, &tag].concat())
    }

    /// What is stored of it.
    #[must_use]
    pub(crate) fn digest(&self) -> String {
        digest(&self.secret)
    }

    /// Who it belongs to as long as it has no session.
    #[must_use]
    pub(crate) fn own_subject(&self) -> SubjectId {
        SubjectId::from_stored(self.digest())
    }

    pub(super) fn expires_at(&self) -> Timestamp {
        Timestamp::from_second(self.issued_at_secs).map_or(Timestamp::UNIX_EPOCH, |at| at + LIFETIME)
    }
}
