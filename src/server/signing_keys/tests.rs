//! The keys on a real database, at any time.

mod forged;
mod secrets;

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use ring::rsa::PublicKeyComponents;
use ring::signature::{ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::SigningKeys;
use crate::authorization::Algorithm::{self, Es256, Rs256};
use crate::server::store::{self, Audited, Deed, Store, StoredKey};
use crate::verification::SecretKeys;
use crate::verification::policy::DAY;
use crate::verification::secret_keys::digest;

const SECRET: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

/// A database in a folder that goes when the test does.
struct Desk {
    store: Arc<dyn Store>,
    _folder: TempDir,
}

impl Desk {
    async fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("beonho.db").display());
        Self { store: store::connect(&url).await.expect("the store opens"), _folder: folder }
    }

    async fn rows(&self) -> Vec<StoredKey> {
        self.store.find_signing_keys().await.expect("found")
    }

    async fn sign(&self, keys: &SigningKeys, algorithm: Algorithm, now: Timestamp) -> String {
        keys.sign(&*self.store, algorithm, "JWT", &claims(), now).await.expect("signed")
    }

    async fn is_good(&self, keys: &SigningKeys, token: &str, now: Timestamp) -> bool {
        let found = keys.verify(&*self.store, token, now).await.expect("asked");
        found.inspect(|found| assert_eq!(Value::Object(found.clone()), claims())).is_some()
    }

    /// The names of the keys that are published.
    async fn published(&self, keys: &SigningKeys, now: Timestamp) -> Vec<String> {
        self.jwks(keys, now).await.iter().map(|jwk| jwk["kid"].as_str().expect("a kid").to_owned()).collect()
    }

    async fn jwks(&self, keys: &SigningKeys, now: Timestamp) -> Vec<Value> {
        keys.jwks(&*self.store, now).await.expect("told")["keys"].as_array().expect("a list").clone()
    }

    async fn keep(&self, keys: &SigningKeys, now: Timestamp) {
        keys.keep(&*self.store, now).await.expect("kept");
    }
}

/// A replica that knows this `SECRET_KEY`.
fn replica(secret: &str) -> SigningKeys {
    SigningKeys::new(SecretKeys::parse(secret).expect("a key"))
}

fn claims() -> Value {
    json!({"iss": "https://id.example.com", "sub": "우리", "exp": 1})
}

fn day(day: i32) -> Timestamp {
    Timestamp::from_second(1_800_000_000).expect("in range") + DAY * day
}

fn deed(at: Timestamp) -> Deed {
    Deed { actor: "mina".into(), reason: "a leak".into(), at }
}

fn decode(text: &str) -> Vec<u8> {
    BASE64_URL_SAFE_NO_PAD.decode(text).expect("base64url")
}

fn head_of(token: &str) -> Value {
    serde_json::from_slice(&decode(token.split('.').next().expect("a head"))).expect("JSON")
}

fn kid_of(token: &str) -> String {
    head_of(token)["kid"].as_str().expect("a kid").to_owned()
}

/// As a client does that knows nothing but the JWK.
fn is_signed_by(token: &str, jwk: &Value) -> bool {
    let (signed, signature) = token.rsplit_once('.').expect("a signature");
    let member = |name: &str| decode(jwk[name].as_str().expect("a member"));
    let (signed, signature) = (signed.as_bytes(), decode(signature));
    if jwk["kty"] == "RSA" {
        let key = PublicKeyComponents { n: member("n"), e: member("e") };
        return key.verify(&RSA_PKCS1_2048_8192_SHA256, signed, &signature).is_ok();
    }
    let point = [vec![4], member("x"), member("y")].concat();
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(signed, &signature).is_ok()
}

#[tokio::test]
async fn what_one_replica_signs_another_and_any_client_verify() {
    let (desk, one, other) = (Desk::new().await, replica(SECRET), replica(SECRET));
    for algorithm in Algorithm::ALL {
        let token = desk.sign(&one, algorithm, day(0)).await;
        assert_eq!(head_of(&token), json!({"alg": algorithm.as_str(), "kid": kid_of(&token), "typ": "JWT"}));
        assert!(desk.is_good(&one, &token, day(0)).await && desk.is_good(&other, &token, day(0)).await);
        let jwks = desk.jwks(&other, day(0)).await;
        let jwk = jwks.iter().find(|jwk| jwk["kid"] == kid_of(&token).as_str()).expect("it is published");
        assert!(is_signed_by(&token, jwk), "{jwk}");
        assert_eq!((&jwk["alg"], &jwk["use"]), (&json!(algorithm.as_str()), &json!("sig")));
    }
    let jwks = desk.jwks(&one, day(0)).await;
    let (rsa, ec) = (&jwks[0], &jwks[1]);
    assert_eq!((jwks.len(), &rsa["e"], decode(rsa["n"].as_str().expect("n")).len()), (2, &json!("AQAB"), 256));
    let thumbprints = [
        format!(r#"{{"e":{},"kty":"RSA","n":{}}}"#, rsa["e"], rsa["n"]),
        format!(r#"{{"crv":"P-256","kty":"EC","x":{},"y":{}}}"#, ec["x"], ec["y"]),
    ];
    assert_eq!([&rsa["kid"], &ec["kid"]], thumbprints.map(|text| json!(digest(text.as_bytes()))).each_ref());
}

#[tokio::test]
async fn the_first_key_is_one_however_many_need_it_at_once() {
    let (desk, one, other) = (Desk::new().await, replica(SECRET), replica(SECRET));
    desk.keep(&one, day(0)).await;
    assert!(desk.rows().await.is_empty(), "nobody asked for a key");
    // The other's clock is behind.
    let behind = day(0) - SignedDuration::from_secs(4);
    let signed = futures::future::join_all((0..8).map(|place| match place % 2 {
        0 => desk.sign(&one, Es256, day(0)),
        _ => desk.sign(&other, Es256, behind),
    }));
    let (jwks, others, tokens) = tokio::join!(desk.published(&one, day(0)), desk.published(&other, behind), signed);
    assert_eq!(jwks, others);
    assert_eq!(desk.rows().await.len(), 2);
    assert!(tokens.iter().all(|token| kid_of(token) == jwks[1]));
}

#[tokio::test]
async fn a_key_follows_another_and_is_forgotten_in_time() {
    let (desk, keys, idle) = (Desk::new().await, replica(SECRET), replica(SECRET));
    let first = desk.sign(&keys, Es256, day(0)).await;
    desk.keep(&keys, day(88)).await;
    assert_eq!(desk.rows().await.len(), 1);
    tokio::join!(desk.keep(&keys, day(89)), desk.keep(&idle, day(89)));
    let rows = desk.rows().await;
    assert_eq!((rows.len(), rows[1].signs_from), (2, day(90)));
    assert_eq!(kid_of(&desk.sign(&keys, Es256, day(90) - SignedDuration::from_mins(1)).await), rows[0].kid);
    let second = desk.sign(&keys, Es256, day(90)).await;
    assert_eq!(kid_of(&second), rows[1].kid);
    let of_ec = |kids: Vec<String>| kids[1..].to_vec();
    assert_eq!(of_ec(desk.published(&keys, day(90)).await), [rows[0].kid.clone(), rows[1].kid.clone()]);
    assert_eq!(of_ec(desk.published(&keys, day(91)).await), [rows[1].kid.clone()]);
    assert!(desk.is_good(&keys, &first, day(190)).await && desk.is_good(&idle, &first, day(190)).await);
    desk.keep(&keys, day(191)).await;
    let soon = day(191) + SignedDuration::from_secs(5);
    assert!(!desk.is_good(&keys, &first, soon).await && !desk.is_good(&idle, &first, soon).await);
    assert!(desk.is_good(&idle, &second, soon).await);
}

#[tokio::test]
async fn a_rotation_by_hand_is_published_a_day_ahead() {
    let (desk, keys) = (Desk::new().await, replica(SECRET));
    assert!(keys.rotate(&*desk.store, false, &deed(day(0))).await.expect("asked").is_empty(), "no key signs yet");
    let first = desk.sign(&keys, Es256, day(0)).await;
    let made = keys.rotate(&*desk.store, false, &deed(day(7))).await.expect("rotated");
    assert_eq!((made.len(), made[0].signs_from), (1, day(8)));
    assert!(desk.published(&keys, day(7)).await.contains(&made[0].kid));
    assert_eq!(kid_of(&desk.sign(&keys, Es256, day(7)).await), kid_of(&first));
    assert_eq!(kid_of(&desk.sign(&keys, Es256, day(8)).await), made[0].kid);
    assert!(desk.is_good(&keys, &first, day(8)).await);
}

#[tokio::test]
async fn a_leaked_key_is_worth_nothing_within_seconds() {
    let (desk, server, shell) = (Desk::new().await, replica(SECRET), replica(SECRET));
    let leaked = desk.sign(&server, Es256, day(0)).await;
    desk.keep(&server, day(89)).await;
    let made = shell.rotate(&*desk.store, true, &deed(day(89))).await.expect("rotated");
    let soon = day(89) + SignedDuration::from_secs(5);
    assert!(!desk.is_good(&server, &leaked, soon).await);
    assert_eq!(kid_of(&desk.sign(&server, Es256, soon).await), made[0].kid);
    assert_eq!(desk.published(&server, soon).await[1..], [made[0].kid.clone()]);
    let audit = desk.store.find_audit(None, 9).await.expect("found");
    let line = Audited { deed: deed(day(89)), action: "keys rotate --now".to_owned() };
    assert_eq!(audit.into_iter().map(|line| (line.audited, line.target)).collect::<Vec<_>>(), [(line, made[0].kid.clone())]);
}

#[test]
fn debug_shows_no_key() {
    assert_eq!(format!("{:?}", replica(SECRET)), "SigningKeys");
}
