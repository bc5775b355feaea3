//! ID tokens and logout tokens, verified with ring against what `/oauth/jwks` says.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::signature::{ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey};
use serde_json::Value;

use super::relying_party::ISSUER;
use crate::browser::Browser;

/// A token whose signature holds.
#[derive(Clone, Debug)]
pub struct IdToken {
    pub text: String,
    pub head: Value,
    pub claims: Value,
}

fn bytes(text: &str) -> Vec<u8> {
    BASE64_URL_SAFE_NO_PAD.decode(text).unwrap_or_else(|_| panic!("no base64url: {text}"))
}

fn object(text: &str) -> Value {
    let value: Value = serde_json::from_slice(&bytes(text)).unwrap_or_else(|_| panic!("no JSON: {text}"));
    assert!(value.is_object(), "{value}");
    value
}

fn holds(key: &Value, message: &[u8], signature: &[u8]) -> bool {
    let part = |name: &str| bytes(key[name].as_str().unwrap_or_else(|| panic!("no {name} in {key}")));
    match key["kty"].as_str() {
        Some("RSA") => {
            RsaPublicKeyComponents { n: part("n"), e: part("e") }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature).is_ok()
        }
        Some("EC") => {
            let point = [vec![4], part("x"), part("y")].concat();
            UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature).is_ok()
        }
        _ => panic!("what key is that: {key}"),
    }
}

/// The published keys.
pub async fn keys(line: &Browser) -> Vec<Value> {
    let answered = line.page("/oauth/jwks").await;
    assert_eq!(answered.status, 200, "{answered:?}");
    answered.json()["keys"].as_array().expect("keys").clone()
}

impl IdToken {
    /// Reads a token. Its one key must be published, and be for what the token says that it is signed with.
    pub async fn verified(line: &Browser, text: &str) -> Self {
        let parts: Vec<_> = text.split('.').collect();
        let [head, claims, signature] = parts[..] else { panic!("not three parts: {text}") };
        let (message, head, claims) = (format!("{head}.{claims}"), object(head), object(claims));
        let keys = keys(line).await;
        let named: Vec<_> = keys.iter().filter(|key| key["kid"].is_string() && key["kid"] == head["kid"]).collect();
        let [key] = named[..] else { panic!("{head} names no key of {keys:?}") };
        assert_eq!((&key["alg"], key["use"].as_str()), (&head["alg"], Some("sig")));
        assert!(holds(key, message.as_bytes(), &bytes(signature)), "the signature does not hold: {head} {claims}");
        Self { text: text.to_owned(), head, claims }
    }

    /// What every ID token claims (`OpenID` Connect Core, 2 and 3.1.3.7).
    pub fn assert_claims(&self, client_id: &str, access_token: &str, now_secs: i64) {
        let claims = &self.claims;
        assert_eq!((&claims["iss"], &claims["aud"]), (&ISSUER.into(), &client_id.into()));
        let number = |name: &str| claims[name].as_i64().unwrap_or_else(|| panic!("no {name}: {claims}"));
        assert_eq!((number("iat"), number("exp")), (now_secs, now_secs + 600));
        assert!(number("auth_time") <= now_secs, "{claims}");
        let sub = claims["sub"].as_str().expect("a sub");
        assert!((1..=255).contains(&sub.len()) && sub.is_ascii(), "{sub}");
        let half = BASE64_URL_SAFE_NO_PAD.encode(&digest(&SHA256, access_token.as_bytes()).as_ref()[..16]);
        assert_eq!(claims["at_hash"], half.as_str());
        assert_eq!((&claims["amr"], &claims["acr"]), (&serde_json::json!(["otp", "sms"]), &"urn:beonho:acr:number".into()));
        assert!(claims["sid"].as_str().is_some_and(|sid| sid.len() >= 16), "{claims}");
    }

    pub fn text_of(&self, name: &str) -> String {
        self.claims[name].as_str().unwrap_or_else(|| panic!("no {name}: {}", self.claims)).to_owned()
    }

    pub fn text_head(&self, name: &str) -> String {
        self.head[name].as_str().unwrap_or_else(|| panic!("no {name}: {}", self.head)).to_owned()
    }

    pub fn number_of(&self, name: &str) -> i64 {
        self.claims[name].as_i64().unwrap_or_else(|| panic!("no {name}: {}", self.claims))
    }

    /// The names of all that it claims, sorted.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = self.claims.as_object().expect("an object").keys().cloned().collect();
        names.sort();
        names
    }

    /// The same claims under a head that says they need no signature.
    pub fn unsigned(&self) -> String {
        let head = BASE64_URL_SAFE_NO_PAD.encode(br#"{"alg":"none","typ":"JWT"}"#);
        format!("{head}.{}.", self.text.split('.').nth(1).expect("claims"))
    }

    /// The same head and signature over other claims.
    pub fn forged(&self, name: &str, value: &str) -> String {
        let mut claims = self.claims.clone();
        claims[name] = value.into();
        let parts: Vec<_> = self.text.split('.').collect();
        format!("{}.{}.{}", parts[0], BASE64_URL_SAFE_NO_PAD.encode(claims.to_string()), parts[2])
    }
}
