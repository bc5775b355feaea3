//! What is no token of ours.

use super::*;

fn base64(text: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(text)
}

/// A token with this head, signed by whatever signs.
fn forge(head: &Value, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let signed = format!("{}.{}", base64(head.to_string()), base64(claims().to_string()));
    format!("{signed}.{}", base64(sign(signed.as_bytes())))
}

#[tokio::test]
async fn the_algorithm_is_the_keys_own() {
    let (desk, keys) = (Desk::new().await, replica(SECRET));
    let tokens = [desk.sign(&keys, Rs256, day(0)).await, desk.sign(&keys, Es256, day(0)).await];
    let bunch = keys.read(&*desk.store, day(0)).await.expect("read");
    for token in &tokens {
        let key = bunch.find(&kid_of(token)).expect("the key");
        let by_key = |message: &[u8]| key.pair.sign(message).expect("signed");
        let head = |alg: &str| json!({"alg": alg, "kid": key.kid, "typ": "JWT"});
        assert!(desk.is_good(&keys, &forge(&head(key.algorithm.as_str()), by_key), day(0)).await);
        for alg in ["RS256", "ES256", "PS256", "RS512", "HS256", "none", "None", "rs256", ""] {
            let is_good = desk.is_good(&keys, &forge(&head(alg), by_key), day(0)).await;
            assert_eq!(is_good, alg == key.algorithm.as_str(), "{alg}");
        }
        let public = key.pair.public();
        for secret in [public.to_string(), public["n"].to_string(), public["x"].to_string(), key.kid.clone()] {
            let secret = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.as_bytes());
            let by_public = |message: &[u8]| ring::hmac::sign(&secret, message).as_ref().to_vec();
            assert!(!desk.is_good(&keys, &forge(&head("HS256"), by_public), day(0)).await);
            assert!(!desk.is_good(&keys, &forge(&head(key.algorithm.as_str()), by_public), day(0)).await);
        }
        assert!(!desk.is_good(&keys, &forge(&head("none"), |_| Vec::new()), day(0)).await);
        assert!(!desk.is_good(&keys, &forge(&head(key.algorithm.as_str()), |_| vec![0; 64]), day(0)).await);
    }
    // A key's name with the other's signature.
    let other =
        forge(&head_of(&tokens[0]), |message| bunch.find(&kid_of(&tokens[1])).expect("a key").pair.sign(message).expect("signed"));
    assert!(!desk.is_good(&keys, &other, day(0)).await);
}

#[tokio::test]
async fn a_head_that_says_more_than_ours_is_refused() {
    let (desk, keys) = (Desk::new().await, replica(SECRET));
    let token = desk.sign(&keys, Es256, day(0)).await;
    let bunch = keys.read(&*desk.store, day(0)).await.expect("read");
    let key = bunch.find(&kid_of(&token)).expect("the key");
    for (name, value) in [
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("typ", json!("logout+jwt")),
        ("typ", json!(7)),
        ("kid", json!(null)),
        ("kid", json!(["a"])),
        ("alg", json!({})),
    ] {
        let mut head = head_of(&token);
        head[name] = value;
        let forged = forge(&head, |message| key.pair.sign(message).expect("signed"));
        assert!(!desk.is_good(&keys, &forged, day(0)).await, "{head}");
    }
    let logout = keys.sign(&*desk.store, Es256, "logout+jwt", &claims(), day(0)).await.expect("signed");
    assert!(!desk.is_good(&keys, &logout, day(0)).await && is_signed_by(&logout, &desk.jwks(&keys, day(0)).await[1]));
    // What is signed and no object claims nothing.
    let list = keys.sign(&*desk.store, Es256, "JWT", &json!([1]), day(0)).await.expect("signed");
    assert!(!desk.is_good(&keys, &list, day(0)).await);
}

#[tokio::test]
async fn junk_is_no_token() {
    let (desk, keys) = (Desk::new().await, replica(SECRET));
    let token = desk.sign(&keys, Es256, day(0)).await;
    let parts: Vec<_> = token.split('.').collect();
    let [head, claims, signature] = parts[..] else { panic!("three parts: {token}") };
    let unknown = json!({"alg": "ES256", "kid": "another", "typ": "JWT"});
    let mut junk = [".", "..", "...", "a.b.c", "\0", "우리.우리.우리"].map(str::to_owned).to_vec();
    junk.extend([
        String::new(),
        format!("{head}.{claims}"),
        format!("{head}.{claims}."),
        format!("{head}..{signature}"),
        format!(".{claims}.{signature}"),
        format!("{token}."),
        format!("{token}.{signature}"),
        format!("{token}="),
        format!(" {token}"),
        format!("{token}\n"),
        format!("{head}.{claims}.{}", signature.replacen(&signature[..1], "%", 1)),
        format!("{head}.{}.{signature}", base64(r#"{"sub":"another"}"#)),
        format!("{}.{claims}.{signature}", base64(unknown.to_string())),
        format!("{}.{claims}.{signature}", base64("[".repeat(5000))),
        format!("{}.{claims}.{signature}", base64(b"\xff\xfe")),
        format!("{head}.{claims}.{}", "A".repeat(8 * 1024)),
        format!("{head}.{claims}.{}", base64(&decode(signature)[..63])),
    ]);
    for text in junk {
        assert!(!desk.is_good(&keys, &text, day(0)).await, "{text}");
    }
    for at in 0..token.len() {
        let mut bytes = token.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).expect("ASCII");
        assert!(!desk.is_good(&keys, &changed, day(0)).await, "{changed}");
    }
    assert!(desk.is_good(&keys, &token, day(0)).await);
}
