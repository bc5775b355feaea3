//! The signature of a request (Solapi, "API Key 인증 방식").

use std::fmt::Write;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The header `Authorization`: HMAC-SHA256 in hex over date and salt, with the secret as text for a key. `date` is ISO 8601, `salt` 12
/// to 64 bytes that were never used before.
pub(super) fn authorization(api_key: &str, api_secret: &str, date: &str, salt: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(api_secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(format!("{date}{salt}").as_bytes());
    let mut header = format!("HMAC-SHA256 apiKey={api_key}, date={date}, salt={salt}, signature=");
    for byte in mac.finalize().into_bytes() {
        // Writing to a text does not fail.
        let _ = write!(header, "{byte:02x}");
    }
    header
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made with Node.js and Python.
    #[test]
    fn the_signature_is_the_one_other_clients_make() {
        let (date, salt) = ("2023-11-15T07:13:20+09:00", "0123456789abcdefghijklmnopqrstuv");
        let expected = "HMAC-SHA256 apiKey=KEY, date=2023-11-15T07:13:20+09:00, salt=0123456789abcdefghijklmnopqrstuv, \
                        signature=f26f9e9b23b02dc4214726e7061e5422a31d98092bf6bf4e8f4c7fbed8fae615";
        assert_eq!(authorization("KEY", "TESTSOLAPISECRET0000000000000000", date, salt), expected);
    }
}
