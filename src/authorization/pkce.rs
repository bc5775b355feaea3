//! Proof Key for Code Exchange (RFC 7636): only whoever asked can redeem the code.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use super::{Client, OauthError, Parameters, Refused};

/// The challenge of a request. `plain` is refused, also where it is only meant: a method that is left out means it (4.3).
pub(super) fn challenge(parameters: &Parameters, client: &Client) -> Result<Option<String>, Refused> {
    let wrong = |description| Err(Refused::new(OauthError::InvalidRequest, description));
    let (challenge, method) = (parameters.get("code_challenge")?, parameters.get("code_challenge_method")?);
    match (challenge, method) {
        (None, None) if client.needs_pkce => wrong("code_challenge is missing"),
        (None, None) => Ok(None),
        (None, Some(_)) => wrong("code_challenge_method without code_challenge"),
        (Some(challenge), Some("S256")) if is_digest(challenge) => Ok(Some(challenge.to_owned())),
        (Some(_), Some("S256")) => wrong("code_challenge is no SHA-256 in base64url"),
        (Some(_), _) => wrong("code_challenge_method must be S256"),
    }
}

fn is_digest(text: &str) -> bool {
    BASE64_URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32)
}

/// Whether a verifier answers a challenge. One that answers nothing is refused: whoever stole a code could otherwise leave the challenge out.
#[must_use]
pub fn is_verified(challenge: Option<&str>, verifier: Option<&str>) -> bool {
    match (challenge, verifier) {
        (None, None) => true,
        // The challenge is no secret, and the digest tells nothing of the verifier: comparing needs no constant time.
        (Some(challenge), Some(verifier)) => {
            is_verifier(verifier) && BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == challenge
        }
        _ => false,
    }
}

/// 43 to 128 unreserved characters (RFC 7636, 4.1).
fn is_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_rfc_holds_and_nothing_near_it() {
        let (verifier, challenge) = ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assert!(is_verified(Some(challenge), Some(verifier)) && is_verified(None, None));
        assert!(!is_verified(Some(challenge), None) && !is_verified(None, Some(verifier)));
        for other in [challenge, "", "short", &verifier.to_lowercase(), &format!("{verifier} "), &"a".repeat(129)] {
            assert!(!is_verified(Some(challenge), Some(other)), "{other}");
        }
    }
}
