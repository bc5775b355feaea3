//! A caller's own name for a request (draft-ietf-httpapi-idempotency-key-header).

use axum::http::HeaderMap;

const KEY_HEADER: &str = "idempotency-key";
const MAX_KEY_CHARS: usize = 255;
/// A key of this length is not hit by chance: a UUID has 36.
const MIN_SECRET_KEY_CHARS: usize = 16;

/// The key of a request: visible ASCII, in quotes or bare (RFC 9651, 3.3.3).
pub(super) fn read(headers: &HeaderMap) -> Result<Option<String>, ()> {
    let mut values = headers.get_all(KEY_HEADER).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let key = value.to_str().map_err(drop)?.trim();
    let key = key.strip_prefix('"').and_then(|key| key.strip_suffix('"')).unwrap_or(key);
    let is_key = (1..=MAX_KEY_CHARS).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
    if is_key && values.next().is_none() { Ok(Some(key.to_owned())) } else { Err(()) }
}

/// Whether whoever has the key must be the caller that made it.
pub(super) fn is_secret(key: &str) -> bool {
    key.len() >= MIN_SECRET_KEY_CHARS
}
