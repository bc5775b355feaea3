//! A signed token as an application reads it, that knows nothing but the published keys.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::rsa::PublicKeyComponents;
use ring::signature::{ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// A token that was taken apart.
pub struct Token<'a> {
    /// Its head.
    pub head: Value,
    /// What it claims.
    pub claims: Value,
    signed: &'a str,
    signature: Vec<u8>,
}

impl<'a> Token<'a> {
    /// Takes a text apart; none for what is no token.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (head, claims) = signed.split_once('.')?;
        let object = |part: &str| serde_json::from_slice(&decode(part)?).ok();
        Some(Self { head: object(head)?, claims: object(claims)?, signed, signature: decode(signature)? })
    }

    /// A text of the head.
    pub fn of_head(&self, name: &str) -> &str {
        self.head.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// A text that it claims.
    pub fn claim(&self, name: &str) -> Option<&str> {
        self.claims.get(name).and_then(Value::as_str)
    }

    /// Whether this key has signed it, with the algorithm that both name.
    pub fn is_signed_by(&self, jwk: &Value) -> bool {
        let member = |name: &str| jwk.get(name).and_then(Value::as_str).and_then(decode);
        let signed = self.signed.as_bytes();
        if jwk.get("alg").and_then(Value::as_str) != Some(self.of_head("alg")) {
            return false;
        }
        match (member("n"), member("e"), member("x"), member("y")) {
            (Some(n), Some(e), ..) => {
                PublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, signed, &self.signature).is_ok()
            }
            (.., Some(x), Some(y)) => {
                let point = [vec![4], x, y].concat();
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(signed, &self.signature).is_ok()
            }
            _ => false,
        }
    }
}

/// The left half of a hash, by which an ID token names the access token that it came with.
pub fn half_hash(token: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(&Sha256::digest(token)[..16])
}

fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(text).ok()
}
