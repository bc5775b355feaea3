//! Secrets of applications: made here, shown once, and stored as digests.

use std::fmt::Write;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use crate::server::entropy;

/// A fresh secret of 256 bits, which no header, form or shell changes.
#[must_use]
pub fn new_secret() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(entropy::bytes::<32>())
}

/// What `client_secret_sha256` has of it.
#[must_use]
pub fn digest_of(secret: &str) -> String {
    let mut hex = String::new();
    for byte in Sha256::digest(secret) {
        // Writing to a text does not fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
