//! How a key lies in the database: sealed under `SECRET_KEY`, and worth nothing under another name.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use crate::server::entropy;
use crate::server::store::StoredKey;
use crate::verification::SecretKeys;
use crate::verification::secret_keys::Use;

/// Seals what `key` is under the newest `SECRET_KEY`: base64url of nonce and ciphertext.
pub(super) fn seal(secret_keys: &SecretKeys, kid: &str, algorithm: &str, pkcs8: &[u8]) -> String {
    let nonce: [u8; NONCE_LEN] = entropy::bytes();
    let mut text = pkcs8.to_vec();
    let lock = lock(&secret_keys.mac(Use::Seal, &[]));
    let sealed = lock.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), bound(kid, algorithm), &mut text);
    sealed.expect("AES-GCM seals what is so short");
    BASE64_URL_SAFE_NO_PAD.encode([&nonce[..], &text].concat())
}

/// The key in PKCS#8, and whether it was sealed under an older `SECRET_KEY`. None where no `SECRET_KEY` opens it.
pub(super) fn open(secret_keys: &SecretKeys, key: &StoredKey) -> Option<(Vec<u8>, bool)> {
    let sealed = BASE64_URL_SAFE_NO_PAD.decode(&key.sealed).ok()?;
    let (nonce, text) = sealed.split_first_chunk::<NONCE_LEN>()?;
    let open_with = |(place, mac): (usize, [u8; 32])| {
        let mut text = text.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let opened = lock(&mac).open_in_place(nonce, bound(&key.kid, &key.algorithm), &mut text).ok()?;
        Some((opened.to_vec(), place > 0))
    };
    secret_keys.macs(Use::Seal, &[]).into_iter().enumerate().find_map(open_with)
}

fn lock(key: &[u8; 32]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).expect("AES-256 has a key of 32 bytes"))
}

/// What must not be changed beside it. No kid has a dot.
fn bound(kid: &str, algorithm: &str) -> Aad<String> {
    Aad::from(format!("{kid}.{algorithm}"))
}
