//! A challenge, and the proof that it was solved. The crate has the protocol; time and keys are ours.

use std::collections::BTreeMap;

use altcha::{
    Challenge, ChallengeParameters, CreateChallengeOptions, HmacAlgorithm, Payload, VerifySolutionOptions, create_challenge,
    sign_challenge, verify_solution,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::Timestamp;

use super::{WorkFor, encoded};
use crate::server::entropy;
use crate::server::store::SpentProof;
use crate::verification::SecretKeys;
use crate::verification::secret_keys::Use;
use crate::verification::work::{GUESSES, PROOF_LIFETIME};

/// What a browser can derive by itself.
const ALGORITHM: &str = "PBKDF2/SHA-256";
/// The field of the signed data that binds a challenge to its send. The number itself is never in it.
const BOUND: &str = "for";
/// A proof has some 900 characters.
const MAX_PROOF_CHARS: usize = 4096;

/// Makes a challenge, in JSON. That costs one guess of ours.
pub(super) fn make(keys: &SecretKeys, sent: &WorkFor, iterations: u32, now: Timestamp) -> altcha::Result<String> {
    let bound = encoded(&keys.mac(Use::Work, &bound_parts(sent)));
    let secret = |part: &[u8]| keys.mac(Use::Work, &[part]);
    let challenge = create_challenge(CreateChallengeOptions {
        algorithm: ALGORITHM.to_owned(),
        counter: Some(guess()),
        cost: iterations,
        data: Some(BTreeMap::from([(BOUND.to_owned(), bound.into())])),
        expires_at: Some((now + PROOF_LIFETIME).as_second()),
        hmac_signature_secret: Some(encoded(&secret(SIGNATURE))),
        hmac_key_signature_secret: Some(encoded(&secret(KEY_SIGNATURE))),
        ..CreateChallengeOptions::default()
    })?;
    Ok(serde_json::to_string(&challenge)?)
}

const SIGNATURE: &[u8] = b"signature";
const KEY_SIGNATURE: &[u8] = b"key signature";

fn bound_parts(sent: &WorkFor) -> [&[u8]; 3] {
    [b"bound", sent.number.as_e164().as_bytes(), sent.purpose.as_str().as_bytes()]
}

fn guess() -> u32 {
    let span = GUESSES.end() - GUESSES.start() + 1;
    GUESSES.start() + u32::from_be_bytes(entropy::bytes()) % span
}

/// What a good proof spends, or what is wrong with it.
pub(super) fn judge(keys: &SecretKeys, sent: &WorkFor, proof: &str, now: Timestamp) -> Result<SpentProof, &'static str> {
    if proof.len() > MAX_PROOF_CHARS {
        return Err("huge");
    }
    let json = BASE64_STANDARD.decode(proof).map_err(|_| "no base64")?;
    let Payload { challenge, solution } = serde_json::from_slice(&json).map_err(|_| "no payload")?;
    let (secret, key_secret) = signer(keys, &challenge).ok_or("not of ours")?;
    let expires_at = challenge.parameters.expires_at.and_then(|at| Timestamp::from_second(at).ok()).ok_or("without an end")?;
    if expires_at <= now {
        return Err("expired");
    }
    let bound = challenge.parameters.data.as_ref().and_then(|data| data.get(BOUND)?.as_str());
    if !keys.macs(Use::Work, &bound_parts(sent)).iter().any(|mac| bound == Some(encoded(mac).as_str())) {
        return Err("for another send");
    }
    // The crate asks the wall for the time; here it was told already.
    let timeless = ChallengeParameters { expires_at: None, ..challenge.parameters };
    let timeless = sign(&timeless, &secret).ok_or("unsigned")?;
    let mut options = VerifySolutionOptions::new(&timeless, &solution, secret);
    options.hmac_key_signature_secret = Some(key_secret);
    match verify_solution(options) {
        Ok(result) if result.verified => Ok(SpentProof { id: format!("work:{}", timeless.parameters.nonce), expires_at }),
        _ => Err("not solved"),
    }
}

/// The secrets of the key that signed a challenge; none when it was none of ours.
fn signer(keys: &SecretKeys, challenge: &Challenge) -> Option<(String, String)> {
    let signature = challenge.signature.as_ref()?;
    let both = keys.macs(Use::Work, &[SIGNATURE]).into_iter().zip(keys.macs(Use::Work, &[KEY_SIGNATURE]));
    let mut secrets = both.map(|(secret, key_secret)| (encoded(&secret), encoded(&key_secret)));
    secrets.find(|(secret, _)| {
        let ours = sign(&challenge.parameters, secret).and_then(|signed| signed.signature);
        // Compared as MACs, so that no time tells where they part.
        ours.is_some_and(|ours| keys.is_mac(Use::Work, &[ours.as_bytes()], &keys.mac(Use::Work, &[signature.as_bytes()])))
    })
}

fn sign(parameters: &ChallengeParameters, secret: &str) -> Option<Challenge> {
    sign_challenge(&HmacAlgorithm::Sha256, &mut parameters.clone(), None, secret, None).ok()
}
