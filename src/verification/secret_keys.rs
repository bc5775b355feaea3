//! `SECRET_KEY`: the server's keys. The first signs, all check, so that a key can be rotated without losing anybody.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// The shortest key accepted, in bytes: the output length of SHA-256 (RFC 2104, section 3).
pub const MIN_KEY_BYTES: usize = 32;

/// What a MAC is made for. Each use has its own label, so that a MAC made for one is worthless for another.
#[derive(Clone, Copy)]
pub enum Use {
    /// The digest of a one-time code.
    Code,
    /// The authenticity of a session cookie.
    Session,
    /// The cookie that follows another when a session is rotated.
    Rotation,
    /// The one-time value of a form.
    Once,
    /// The first cookie of a caller that brings a secret of its own.
    Caller,
    /// What the next page shows once.
    Flash,
    /// A challenge that costs work.
    Work,
    /// The wait in its place.
    Wait,
    /// The key that seals the keys of ID tokens.
    Seal,
    /// The refresh token that follows another.
    Refresh,
    /// The access token that comes with it.
    Access,
    /// What a proxy's visitor is on the way to.
    Door,
}

impl Use {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Code => b"beonho code v1",
            Self::Session => b"beonho session v1",
            Self::Rotation => b"beonho rotation v1",
            Self::Once => b"beonho once v1",
            Self::Caller => b"beonho caller v1",
            Self::Flash => b"beonho flash v1",
            Self::Work => b"beonho work v1",
            Self::Wait => b"beonho wait v1",
            Self::Seal => b"beonho seal v1",
            Self::Refresh => b"beonho refresh v1",
            Self::Access => b"beonho access v1",
            Self::Door => b"beonho door v1",
        }
    }
}

/// The keys, newest first. `Debug` shows none of them.
#[derive(Clone)]
pub struct SecretKeys(Vec<Vec<u8>>);

/// Why a `SECRET_KEY` was not accepted.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("each key must be at least 32 bytes, written in hex or base64")]
pub struct ParseSecretKeysError;

impl SecretKeys {
    /// Reads a comma-separated list of keys in hex or base64.
    pub fn parse(text: &str) -> Result<Self, ParseSecretKeysError> {
        let keys: Option<Vec<_>> = text.split(',').map(|key| decode_key(key.trim())).collect();
        keys.filter(|keys| !keys.is_empty()).map(Self).ok_or(ParseSecretKeysError)
    }

    /// The MAC of `parts` under the newest key. Each part is preceded by its length, so that no two lists collide.
    #[must_use]
    pub fn mac(&self, used_for: Use, parts: &[&[u8]]) -> [u8; 32] {
        mac_with(&self.0[0], used_for, parts).finalize().into_bytes().into()
    }

    /// The MACs of `parts` under each of the keys, newest first: what another replica makes may be under another key.
    #[must_use]
    pub fn macs(&self, used_for: Use, parts: &[&[u8]]) -> Vec<[u8; 32]> {
        self.0.iter().map(|key| mac_with(key, used_for, parts).finalize().into_bytes().into()).collect()
    }

    /// Whether `tag` is the MAC of `parts` under any of the keys, in constant time.
    #[must_use]
    pub fn is_mac(&self, used_for: Use, parts: &[&[u8]], tag: &[u8]) -> bool {
        self.0.iter().any(|key| mac_with(key, used_for, parts).verify_slice(tag).is_ok())
    }
}

impl std::fmt::Debug for SecretKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SecretKeys({} keys)", self.0.len())
    }
}

fn mac_with(key: &[u8], used_for: Use, parts: &[&[u8]]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(used_for.label());
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac
}

fn decode_key(text: &str) -> Option<Vec<u8>> {
    // Hex that lost a digit would be another key in base64, and words of one case are no random bytes.
    let is_hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_base64 = text.bytes().any(|byte| byte.is_ascii_uppercase()) && text.bytes().any(|byte| byte.is_ascii_lowercase());
    let key = match (is_hex, is_base64) {
        (true, _) if text.len().is_multiple_of(2) => decode_hex(text),
        (false, true) => decode_base64(text),
        (true, _) | (false, false) => None,
    }?;
    (key.len() >= MIN_KEY_BYTES).then_some(key)
}

fn decode_hex(text: &str) -> Option<Vec<u8>> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let url_safe = text.trim_end_matches('=').replace('+', "-").replace('/', "_");
    BASE64_URL_SAFE_NO_PAD.decode(url_safe).ok()
}

/// SHA-256 of a secret, in URL-safe base64: what may be stored of a random value.
#[must_use]
pub fn digest(secret: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    #[test]
    fn a_key_is_read_in_hex_and_in_base64() {
        let hex = SecretKeys::parse(HEX).expect("hex");
        let base64 = SecretKeys::parse("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").expect("base64");
        assert_eq!(hex.mac(Use::Code, &[b"a"]), base64.mac(Use::Code, &[b"a"]));
    }

    #[test]
    fn a_short_key_an_empty_list_and_junk_are_refused() {
        for text in [
            "",
            "abcd",
            "not a key!",
            &HEX[..62],
            &HEX[..63],
            "your-secret-key-here-please-change-it-now-ok",
            &format!("{HEX},short"),
        ] {
            assert!(SecretKeys::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_old_key_still_checks_what_it_signed() {
        let old = SecretKeys::parse(HEX).expect("key");
        let tag = old.mac(Use::Session, &[b"a", b"b"]);
        let rotated = SecretKeys::parse(&format!("{},{HEX}", HEX.replace("00", "ff"))).expect("keys");
        assert!(rotated.is_mac(Use::Session, &[b"a", b"b"], &tag));
        assert_ne!(rotated.mac(Use::Session, &[b"a", b"b"]), tag);
        assert!(!rotated.is_mac(Use::Session, &[b"ab"], &tag));
        assert!(!rotated.is_mac(Use::Code, &[b"a", b"b"], &tag));
    }
}
