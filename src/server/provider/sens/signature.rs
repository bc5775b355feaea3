//! The signature of a request (API Gateway signature v2).

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// `x-ncp-apigw-signature-v2`: HMAC-SHA256 in base64 over method, path with query, timestamp and access key. Neither host nor
/// body is signed, and the secret is used as text. `target` is the path and query exactly as on the request line.
pub(super) fn signature(method: &str, target: &str, timestamp_ms: &str, access_key: &str, secret_key: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret_key.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(format!("{method} {target}\n{timestamp_ms}\n{access_key}").as_bytes());
    BASE64_STANDARD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Vector {
        method: String,
        uri: String,
        timestamp: String,
        access_key: String,
        secret_key: String,
        signature: String,
    }

    /// Made with Python and openssl; three independent clients of SENS give the same.
    #[test]
    fn every_signature_is_the_one_other_clients_make() {
        let vectors: Vec<Vector> = serde_json::from_str(include_str!("vectors.json")).expect("vectors");
        assert_eq!(vectors.len(), 4);
        for v in vectors {
            assert_eq!(signature(&v.method, &v.uri, &v.timestamp, &v.access_key, &v.secret_key), v.signature, "{}", v.uri);
        }
    }
}
