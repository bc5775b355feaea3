//! What an application proves itself by. Only digests are known: a secret has 256 random bits, so that nothing slower is needed.

use std::fmt::{Debug, Formatter};

use hmac::digest::{CtOutput, array::Array};
use sha2::{Digest, Sha256};

/// One is good while the other takes its place.
pub(super) const MAX_SECRETS: usize = 2;

/// Digests of secrets.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Secrets(Vec<[u8; 32]>);

impl Secrets {
    /// Reads digests in hex. Fails in words that hold none of what was written: it may be a secret.
    pub(super) fn parse(digests: &[String]) -> Result<Self, String> {
        if digests.len() > MAX_SECRETS {
            return Err(format!("must be at most {MAX_SECRETS}"));
        }
        let nothing: [u8; 32] = Sha256::digest("").into();
        let read = digests.iter().map(|digest| parse_digest(digest)).collect::<Option<Vec<_>>>();
        let read = read.ok_or("must be SHA-256 in 64 lower-case hex digits, and not the secret itself")?;
        match &read[..] {
            digests if digests.contains(&nothing) => Err("must not be the digest of nothing".to_owned()),
            [one, other] if one == other => Err("must not be the same twice".to_owned()),
            _ => Ok(Self(read)),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn has(&self, typed: &str) -> bool {
        let typed = CtOutput::<Sha256>::new(Sha256::digest(typed));
        self.0.iter().fold(false, |has, digest| has | (CtOutput::new(Array(*digest)) == typed))
    }
}

fn parse_digest(text: &str) -> Option<[u8; 32]> {
    let is_hex = text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let mut digest = [0; 32];
    for (at, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    is_hex.then_some(digest)
}

impl Debug for Secrets {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} digests", self.0.len())
    }
}
