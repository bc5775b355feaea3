//! The Config OP plan, and what the plans of logout look for in the same document.

use serde_json::Value;

use super::relying_party::{ISSUER, RelyingParty};
use super::stage::Stage;
use crate::browser::Answered;
use crate::databases::{Kind, on_both_databases};
use crate::world::World;

on_both_databases!(
    oidcc_discovery_endpoint_verification,
    oidcc_discovery_endpoint_verification_over_https,
    oidcc_rp_initiated_logout_discovery_endpoint_verification,
    oidcc_backchannel_logout_discovery_endpoint_verification,
);

const WELL_KNOWN: &str = "/.well-known/openid-configuration";

fn document(answered: &Answered) -> Value {
    assert_eq!((answered.status, answered.header("content-type")), (200, "application/json"));
    assert!(answered.header("cache-control").contains("max-age="), "{answered:?}");
    answered.json()
}

fn has(document: &Value, name: &str, value: &str) -> bool {
    document[name].as_array().is_some_and(|values| values.iter().any(|listed| listed == value))
}

/// Every address that it names, by the name.
fn addresses(document: &Value) -> Vec<(String, String)> {
    let fields = document.as_object().expect("an object").iter();
    let named = fields.filter(|(name, _)| name.ends_with("_endpoint") || *name == "jwks_uri");
    named.map(|(name, value)| (name.clone(), value.as_str().expect("an address").to_owned())).collect()
}

async fn oidcc_discovery_endpoint_verification(kind: Kind) {
    let stage = Stage::new(kind).await;
    let told = document(&stage.line.page(WELL_KNOWN).await);
    assert_eq!(told["issuer"], ISSUER);
    for (name, value) in [
        ("response_types_supported", "code"),
        ("response_modes_supported", "query"),
        ("grant_types_supported", "authorization_code"),
        ("subject_types_supported", "public"),
        ("id_token_signing_alg_values_supported", "RS256"),
        ("token_endpoint_auth_methods_supported", "client_secret_basic"),
        ("token_endpoint_auth_methods_supported", "client_secret_post"),
        ("code_challenge_methods_supported", "S256"),
        ("scopes_supported", "openid"),
        ("claims_supported", "sub"),
        ("ui_locales_supported", "ko"),
        ("ui_locales_supported", "zh-Hant"),
        ("prompt_values_supported", "create"),
    ] {
        assert!(has(&told, name, value), "{name}: {value}");
    }
    assert!(!has(&told, "code_challenge_methods_supported", "plain"));
    for name in ["request_parameter_supported", "request_uri_parameter_supported", "claims_parameter_supported"] {
        assert_eq!(told[name], false, "{name} is said: one of them counts as true where it is not");
    }
    assert_eq!(told.get("registration_endpoint"), None);
    for (name, address) in addresses(&told) {
        let path = address.strip_prefix(ISSUER).unwrap_or_else(|| panic!("{name} is elsewhere: {address}"));
        assert_ne!(stage.line.page(path).await.status, 404, "{name}");
    }
    let twin = document(&stage.line.page("/.well-known/oauth-authorization-server").await);
    assert_eq!(twin, told);
    assert_keys(&document(&stage.line.page("/oauth/jwks").await));
}

fn assert_keys(told: &Value) {
    let keys = told["keys"].as_array().expect("keys");
    let mut names: Vec<_> = keys.iter().map(|key| key["kid"].as_str().expect("a kid")).collect();
    names.dedup();
    assert_eq!((names.len(), keys.len()), (2, 2), "one of each kind: {told}");
    for key in keys {
        assert_eq!(key["use"], "sig", "{key}");
        let own: &[&str] = if key["kty"] == "RSA" { &["n", "e"] } else { &["crv", "x", "y"] };
        let mut expected = [&["alg", "kid", "kty", "use"], own].concat();
        expected.sort_unstable();
        assert_eq!(key.as_object().expect("an object").keys().collect::<Vec<_>>(), expected, "nothing private is in it");
    }
}

async fn oidcc_discovery_endpoint_verification_over_https(kind: Kind) {
    let list = RelyingParty::list(&[RelyingParty::shop()]);
    let settings = [("PUBLIC_ORIGIN", "https://id.example.com/"), ("OIDC_CLIENTS", list.as_str()), ("TRUSTED_PROXIES", "1")];
    let world = World::with(kind, beonho::server::provider::sens::NAME, &settings).await;
    let told = document(&world.browser().page(WELL_KNOWN).await);
    assert_eq!(told["issuer"], "https://id.example.com");
    for (name, address) in addresses(&told) {
        assert!(address.starts_with("https://id.example.com/oauth/"), "{name}: {address}");
    }
}

async fn oidcc_rp_initiated_logout_discovery_endpoint_verification(kind: Kind) {
    let stage = Stage::new(kind).await;
    let told = document(&stage.line.page(WELL_KNOWN).await);
    assert_eq!(told["end_session_endpoint"], format!("{ISSUER}/oauth/end-session"));
}

async fn oidcc_backchannel_logout_discovery_endpoint_verification(kind: Kind) {
    let stage = Stage::new(kind).await;
    let told = document(&stage.line.page(WELL_KNOWN).await);
    for name in ["backchannel_logout_supported", "backchannel_logout_session_supported"] {
        assert_eq!(told[name], true, "{name}");
    }
}
