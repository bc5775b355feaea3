//! A key: how it is made, what is told of it, how it signs.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256,
    RsaKeyPair, UnparsedPublicKey,
};
use rsa::pkcs8::EncodePrivateKey;
use serde_json::{Value, json};

use crate::authorization::Algorithm;
use crate::server::entropy;
use crate::verification::secret_keys::digest;

/// What every client takes, and good enough for as long as a key lives (NIST SP 800-57, part 1, table 2).
const RSA_BITS: usize = 2048;

type Fault = Box<dyn std::error::Error + Send + Sync>;

/// A private key, and the public one that belongs to it.
pub(super) enum Pair {
    Rsa(Box<RsaKeyPair>),
    Ec(Box<EcdsaKeyPair>),
}

impl Pair {
    /// Makes a key, in PKCS#8. One of RSA takes its time.
    pub(super) async fn make(algorithm: Algorithm) -> Result<Vec<u8>, Fault> {
        match algorithm {
            Algorithm::Rs256 => tokio::task::spawn_blocking(make_rsa).await?,
            Algorithm::Es256 => {
                let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
                Ok(made.map_err(|_| "no P-256 key could be made")?.as_ref().to_vec())
            }
        }
    }

    /// Reads a key. None for what is none of that algorithm.
    pub(super) fn read(algorithm: Algorithm, pkcs8: &[u8]) -> Option<Self> {
        match algorithm {
            Algorithm::Rs256 => RsaKeyPair::from_pkcs8(pkcs8).ok().map(|pair| Self::Rsa(Box::new(pair))),
            Algorithm::Es256 => {
                let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8, &SystemRandom::new());
                pair.ok().map(|pair| Self::Ec(Box::new(pair)))
            }
        }
    }

    /// The public key's members that its thumbprint is made of (RFC 7638, 3.2), which are all that a JWK must have.
    pub(super) fn public(&self) -> Value {
        match self {
            Self::Rsa(pair) => {
                let public = PublicKeyComponents::<Vec<u8>>::from(pair.public());
                json!({"e": base64(&public.e), "kty": "RSA", "n": base64(&public.n)})
            }
            Self::Ec(pair) => {
                // SEC 1, 2.3.3: a byte that says that nothing is compressed, then both coordinates.
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                json!({"crv": "P-256", "kty": "EC", "x": base64(x), "y": base64(y)})
            }
        }
    }

    /// The thumbprint of the public key (RFC 7638).
    pub(super) fn kid(&self) -> String {
        // Ordered by hand: another crate may ask serde_json to keep an object's members in the order of their making.
        let public = self.public();
        let names = match self {
            Self::Rsa(_) => &["e", "kty", "n"][..],
            Self::Ec(_) => &["crv", "kty", "x", "y"],
        };
        let members: Vec<_> = names.iter().map(|name| format!("\"{name}\":{}", public[name])).collect();
        digest(format!("{{{}}}", members.join(",")).as_bytes())
    }

    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Fault> {
        let random = SystemRandom::new();
        let signed = match self {
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).map(|()| signature)
            }
            Self::Ec(pair) => pair.sign(&random, message).map(|signature| signature.as_ref().to_vec()),
        };
        signed.map_err(|_| "a key could not sign".into())
    }

    pub(super) fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Rsa(pair) => UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public_key()).verify(message, signature),
            Self::Ec(pair) => UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, pair.public_key()).verify(message, signature),
        }
        .is_ok()
    }
}

fn make_rsa() -> Result<Vec<u8>, Fault> {
    let key = rsa::PrivateKey::new(&mut entropy::source(), RSA_BITS)?;
    Ok(key.to_pkcs8_der()?.as_bytes().to_vec())
}

fn base64(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}
