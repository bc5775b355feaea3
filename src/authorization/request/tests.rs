//! Each fault of a request has one answer, and only what is trusted is led to.

use super::*;
use crate::authorization::ClientDraft;

const CALLBACK: &str = "https://shop.example.com/callback";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn client(change: impl Fn(&mut ClientDraft)) -> Client {
    let mut draft = ClientDraft {
        client_id: "shop".into(),
        client_secret_sha256: vec!["ab".repeat(32)],
        redirect_uris: vec![CALLBACK.into()],
        ..ClientDraft::default()
    };
    change(&mut draft);
    Client::new(draft).expect("a client")
}

/// A good request, with some parameters changed; an empty one is left out.
fn read_for(client: &Client, changes: &[(&str, &str)]) -> Result<AuthorizationRequest, Unanswered> {
    let mut pairs = vec![
        ("client_id", "shop"),
        ("response_type", "code"),
        ("redirect_uri", CALLBACK),
        ("scope", "openid phone"),
        ("state", "s t"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    pairs.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    pairs.extend_from_slice(changes);
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    AuthorizationRequest::read(&Parameters::parse(query.as_bytes()), client)
}

fn read(changes: &[(&str, &str)]) -> Result<AuthorizationRequest, Unanswered> {
    read_for(&client(|_| {}), changes)
}

fn told_there(changes: &[(&str, &str)]) -> OauthError {
    match read(changes) {
        Err(Unanswered::There { redirect_uri, refused, .. }) if redirect_uri == CALLBACK => refused.error,
        other => panic!("{changes:?}: {other:?}"),
    }
}

#[test]
fn a_good_request_is_read() {
    let request = read(&[("nonce", "n"), ("max_age", "0"), ("login_hint", "010-1234-5678")]).expect("a request");
    assert_eq!((request.state.as_deref(), request.nonce.as_deref()), (Some("s t"), Some("n")));
    assert_eq!(request.scopes, Scopes::parse("openid phone"));
    let now = Timestamp::UNIX_EPOCH;
    assert_eq!(request.fresh_after(now), Some(now));
    let answer = request.answer("https://id.example.com", &[("code", "c")]);
    assert_eq!(answer, format!("{CALLBACK}?code=c&state=s+t&iss=https%3A%2F%2Fid.example.com"));
}

#[test]
fn an_address_that_is_not_registered_is_never_led_to() {
    for uri in [
        "",
        "https://shop.example.com/callback/",
        "https://shop.example.com/Callback",
        "https://SHOP.example.com/callback",
        "https://shop.example.com:443/callback",
        "https://shop.example.com/c%61llback",
        "https://shop.example.com/callback?x=1",
        "http://shop.example.com/callback",
        "https://shop.example.com.evil.example/callback",
        "javascript:alert(1)",
        "data:text/html,x",
    ] {
        for other in [("prompt", "none"), ("request", "x"), ("response_type", "token")] {
            assert!(matches!(read(&[("redirect_uri", uri), other]), Err(Unanswered::Here(_))), "{uri}");
        }
    }
    assert!(matches!(read(&[("redirect_uri", CALLBACK), ("redirect_uri", CALLBACK)]), Err(Unanswered::Here(_))));
}

#[test]
fn every_fault_of_a_request_has_one_answer() {
    let long = "x".repeat(5000);
    for (changes, error) in [
        (vec![("response_type", "")], OauthError::InvalidRequest),
        (vec![("response_type", "token")], OauthError::UnsupportedResponseType),
        (vec![("response_type", "code id_token")], OauthError::UnsupportedResponseType),
        (vec![("response_mode", "fragment")], OauthError::InvalidRequest),
        (vec![("response_mode", "form_post")], OauthError::InvalidRequest),
        (vec![("scope", "")], OauthError::InvalidRequest),
        (vec![("scope", "profile")], OauthError::InvalidScope),
        (vec![("scope", "OPENID")], OauthError::InvalidScope),
        (vec![("code_challenge", ""), ("code_challenge_method", "")], OauthError::InvalidRequest),
        (vec![("code_challenge", "")], OauthError::InvalidRequest),
        (vec![("code_challenge_method", "")], OauthError::InvalidRequest),
        (vec![("code_challenge_method", "plain")], OauthError::InvalidRequest),
        (vec![("code_challenge", "short")], OauthError::InvalidRequest),
        (vec![("prompt", "none login")], OauthError::InvalidRequest),
        (vec![("prompt", "whatever")], OauthError::InvalidRequest),
        (vec![("max_age", "-1")], OauthError::InvalidRequest),
        (vec![("max_age", "+1")], OauthError::InvalidRequest),
        (vec![("max_age", "99999999999999999999")], OauthError::InvalidRequest),
        (vec![("request", "eyJ")], OauthError::RequestNotSupported),
        (vec![("request_uri", "https://a.example/r")], OauthError::RequestUriNotSupported),
        (vec![("registration", "{}")], OauthError::RegistrationNotSupported),
        (vec![("nonce", &long)], OauthError::InvalidRequest),
        (vec![("nonce", "a\0b")], OauthError::InvalidRequest),
        (vec![("nonce", "a"), ("nonce", "a")], OauthError::InvalidRequest),
        (vec![("state", "a"), ("state", "b")], OauthError::InvalidRequest),
        (vec![("state", &long)], OauthError::InvalidRequest),
    ] {
        assert_eq!(told_there(&changes), error, "{changes:?}");
    }
}

#[test]
fn what_is_not_known_is_ignored() {
    let changes = [("display", "popup"), ("acr_values", "x y"), ("claims_locales", "se"), ("claims", "{}"), ("extra", "foobar")];
    assert!(read(&changes).is_ok());
    assert_eq!(read(&[("scope", "openid address groups offline_access")]).expect("read").scopes, Scopes::parse("openid"));
}

#[test]
fn a_client_that_cannot_may_leave_the_challenge_out() {
    let old = client(|draft| draft.pkce = Some(false));
    let without = [("code_challenge", ""), ("code_challenge_method", "")];
    assert_eq!(read_for(&old, &without).expect("read").challenge, None);
    assert_eq!(read_for(&old, &[]).expect("read").challenge.as_deref(), Some(CHALLENGE));
}

#[test]
fn a_prompt_says_whether_somebody_is_asked() {
    for (text, prompt) in [
        ("", Prompt::IfNeeded),
        ("consent", Prompt::IfNeeded),
        ("none", Prompt::Never),
        ("login", Prompt::Again),
        ("select_account consent", Prompt::Again),
        ("login create", Prompt::Create),
    ] {
        assert_eq!(read(&[("prompt", text)]).expect("read").prompt, prompt, "{text}");
    }
}

#[test]
fn a_session_is_fresh_from_the_instant_on() {
    let at = |secs| Timestamp::from_second(secs).expect("an instant");
    assert!(is_fresh(None, None) && is_fresh(Some(at(1)), None) && is_fresh(Some(at(1)), Some(at(1))));
    assert!(!is_fresh(None, Some(at(1))) && !is_fresh(Some(at(0)), Some(at(1))));
}
