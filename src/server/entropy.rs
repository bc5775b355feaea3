//! The one place that draws random values. All come from the operating system.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use rand::{TryCryptoRng, TryRng, rngs::SysRng};

use crate::verification::OneTimeCode;

/// How many random bytes a name or a secret has: 128 bits cannot be guessed (OWASP ASVS 5.0, 7.2.3).
pub(crate) const SECRET_BYTES: usize = 16;

/// Fresh random bytes.
///
/// # Panics
///
/// When the operating system has no entropy to give: nothing here can be done safely then.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    SysRng.try_fill_bytes(&mut bytes).expect("the operating system gives entropy");
    bytes
}

/// A name for a record: 128 random bits in URL-safe base64.
#[must_use]
pub fn new_id() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes::<SECRET_BYTES>())
}

/// A secret that another program keeps: 256 random bits in URL-safe base64, as much as an HMAC of it hides.
#[must_use]
pub fn new_token() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes::<32>())
}

/// What a request is called: short, easy to read out, and neither a word nor a number.
#[must_use]
pub(crate) fn request_id() -> String {
    const LETTERS: &[u8; 16] = b"bcdfghjkmnpqrstw";
    bytes::<12>().iter().map(|byte| char::from(LETTERS[usize::from(byte % 16)])).collect()
}

/// Draws a code, each as likely as any other.
#[must_use]
pub fn one_time_code() -> OneTimeCode {
    OneTimeCode::generate(&mut rand::rand_core::UnwrapErr(SysRng))
}

/// What a library draws from that makes keys.
#[must_use]
pub(crate) fn source() -> impl TryCryptoRng {
    SysRng
}
