//! A signed token as it travels (RFC 7515, compact): head, claims and signature between dots.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

use super::bunch::Key;
use crate::server::store::StoreFault;

/// What is longer is no token of ours.
const MAX_TOKEN_BYTES: usize = 8 * 1024;

/// Signs claims.
pub(super) fn sign(key: &Key, typ: &str, claims: &Value) -> Result<String, StoreFault> {
    let head = json!({"alg": key.algorithm.as_str(), "kid": key.kid, "typ": typ});
    let mut token = format!("{}.{}", base64(head.to_string().as_bytes()), base64(claims.to_string().as_bytes()));
    let signature = key.pair.sign(token.as_bytes()).map_err(StoreFault)?;
    token.push('.');
    token.push_str(&base64(&signature));
    Ok(token)
}

/// A text that may be a token of ours. Nothing in it is true before [`claims_by`](Self::claims_by).
pub(super) struct Presented<'a> {
    pub(super) kid: String,
    algorithm: String,
    /// What the signature is of.
    signed: &'a str,
    claims: &'a str,
    signature: Vec<u8>,
}

impl<'a> Presented<'a> {
    /// Takes a text apart. None for what we never make.
    pub(super) fn parse(token: &'a str) -> Option<Self> {
        if token.len() > MAX_TOKEN_BYTES {
            return None;
        }
        let (signed, signature) = token.rsplit_once('.')?;
        let (head, claims) = signed.split_once('.')?;
        let head = object(head)?;
        // What must be understood (RFC 7515, 4.1.11) is nothing that we ask for.
        if head.contains_key("crit") || is_of_another_kind(&head) {
            return None;
        }
        let text = |name| head.get(name).and_then(Value::as_str).map(str::to_owned);
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?;
        Some(Self { kid: text("kid")?, algorithm: text("alg")?, signed, claims, signature })
    }

    /// What it claims, if that key has signed it. The key knows its algorithm; the head must not name another (RFC 8725, 3.1).
    pub(super) fn claims_by(&self, key: &Key) -> Option<Map<String, Value>> {
        let is_signed = self.algorithm == key.algorithm.as_str() && key.pair.has_signed(self.signed.as_bytes(), &self.signature);
        is_signed.then(|| object(self.claims)).flatten()
    }
}

/// An ID token is a plain JWT. What says that it is something else, as a logout token does, must not pass for one (RFC 8725, 3.11).
fn is_of_another_kind(head: &Map<String, Value>) -> bool {
    head.get("typ").is_some_and(|typ| !typ.as_str().is_some_and(|typ| typ.eq_ignore_ascii_case("JWT")))
}

fn object(text: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

fn base64(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}
