//! The Basic OP plan of the `OpenID` conformance suite, module by module and by name: the way there and back, userinfo, scopes.

use super::relying_party::{RelyingParty, encoded};
use super::stage::{Stage, led_to_sign_in};
use super::told;
use crate::browser::{FORM, JSON};
use crate::databases::{Kind, on_both_databases};
use crate::test_server::{Settings, config};

on_both_databases!(
    oidcc_server,
    oidcc_response_type_missing,
    oidcc_idtoken_signature,
    oidcc_idtoken_unsigned,
    oidcc_userinfo_get,
    oidcc_userinfo_post_header,
    oidcc_userinfo_post_body,
    oidcc_ensure_request_without_nonce_succeeds_for_code_flow,
    oidcc_scope_profile,
    oidcc_scope_email,
    oidcc_scope_address,
    oidcc_scope_phone,
    oidcc_scope_all,
    oidcc_ensure_other_scope_order_succeeds,
    oidcc_alternate_happy_flow,
    oidcc_server_client_secret_post,
    oidcc_ensure_post_request_succeeds,
    oidcc_ensure_request_with_valid_pkce_succeeds,
);

/// What an ID token claims when nothing else was asked for.
const CLAIMS: [&str; 10] = ["acr", "amr", "at_hash", "aud", "auth_time", "exp", "iat", "iss", "nonce", "sid"];

async fn oidcc_server(kind: Kind) {
    let other = RelyingParty::confidential("other").set("id_token_signed_response_alg", "ES256");
    let stage = Stage::with(kind, &[RelyingParty::shop(), other.clone()], &[]).await;
    let first = stage.tokens("openid").await;
    let second = stage.tokens_of(&other, &other.request("openid")).await;
    for (tokens, algorithm) in [(&first, "RS256"), (&second, "ES256")] {
        assert_eq!((tokens.id.head["alg"].as_str(), tokens.refresh.as_ref()), (Some(algorithm), None));
        let mut names: Vec<_> = CLAIMS.map(str::to_owned).into();
        names.push("sub".to_owned());
        assert_eq!(tokens.id.names(), names);
        assert_eq!(stage.userinfo(tokens).await.as_object().expect("an object").len(), 1, "a sub and nothing else");
    }
    assert_eq!(first.id.claims["sub"], second.id.claims["sub"], "one person");
    assert_ne!(first.access, second.access);
}

async fn oidcc_response_type_missing(kind: Kind) {
    let stage = Stage::new(kind).await;
    let request = stage.shop.request("openid").without("response_type");
    assert_eq!(request.error(&stage.asks(&request).await), "invalid_request");
}

async fn oidcc_idtoken_signature(kind: Kind) {
    let stage = Stage::new(kind).await;
    let tokens = stage.tokens("openid").await;
    assert_eq!((tokens.id.head["alg"].as_str(), tokens.id.head["typ"].as_str()), (Some("RS256"), Some("JWT")));
    assert!(tokens.id.head["kid"].as_str().is_some_and(|kid| !kid.is_empty()), "{}", tokens.id.head);
}

async fn oidcc_idtoken_unsigned(kind: Kind) {
    let stage = Stage::new(kind).await;
    let told = stage.line.page("/.well-known/openid-configuration").await.json();
    assert_eq!(told["id_token_signing_alg_values_supported"], serde_json::json!(["RS256", "ES256"]));
    let unsigned = RelyingParty::list(&[RelyingParty::shop().set("id_token_signed_response_alg", "none")]);
    let settings: Settings = vec![("OIDC_CLIENTS", unsigned)];
    let faults = config(&settings).map(|_| ()).expect_err("such an application is refused");
    assert!(faults.iter().any(|fault| fault.contains("id_token_signed_response_alg")), "{faults:?}");
}

async fn oidcc_userinfo_get(kind: Kind) {
    let stage = Stage::new(kind).await;
    let tokens = stage.tokens("openid profile phone").await;
    let told = stage.userinfo(&tokens).await;
    assert_eq!((told["name"].as_str(), told["phone_number"].as_str()), (Some("먼저"), Some("+821012345678")));
    stage.world.advance(599);
    assert!(stage.is_good(&tokens).await);
    stage.world.advance(1);
    assert!(!stage.is_good(&tokens).await, "it is good for ten minutes");
}

async fn oidcc_userinfo_post_header(kind: Kind) {
    let stage = Stage::new(kind).await;
    let tokens = stage.tokens("openid").await;
    let bare = stage.line.request(reqwest::Method::POST, "/oauth/userinfo").bearer_auth(&tokens.access);
    let with_form = stage.line.request(reqwest::Method::POST, "/oauth/userinfo").bearer_auth(&tokens.access);
    let with_form = with_form.header("content-type", FORM).body("");
    for request in [bare, with_form] {
        let told = stage.line.send(request).await;
        assert_eq!((told.status, &told.json()["sub"]), (200, &tokens.id.claims["sub"]));
    }
}

async fn oidcc_userinfo_post_body(kind: Kind) {
    let stage = Stage::new(kind).await;
    let tokens = stage.tokens("openid").await;
    let told = stage.line.post("/oauth/userinfo", FORM, JSON, encoded(&[("access_token", &tokens.access)])).await;
    assert_eq!((told.status, &told.json()["sub"]), (200, &tokens.id.claims["sub"]));
    let in_query = stage.line.page(&format!("/oauth/userinfo?{}", encoded(&[("access_token", &tokens.access)]))).await;
    assert_eq!(in_query.status, 401, "an address is no place for a token");
}

async fn oidcc_ensure_request_without_nonce_succeeds_for_code_flow(kind: Kind) {
    let stage = Stage::new(kind).await;
    let tokens = stage.tokens_of(&stage.shop, &stage.shop.request("openid").without("nonce")).await;
    assert_eq!(tokens.id.claims.get("nonce"), None);
}

async fn oidcc_scope_profile(kind: Kind) {
    let stage = Stage::new(kind).await;
    let tokens = stage.tokens("openid profile").await;
    let told = stage.userinfo(&tokens).await;
    assert_eq!((told["name"].as_str(), told["nickname"].as_str()), (Some("먼저"), Some("먼저")));
    assert_eq!((&told["preferred_username"], told["updated_at"].as_i64()), (&told["sub"], Some(stage.now_secs() - 1)));
    assert_eq!(told.as_object().expect("an object").len(), 5, "{told}");
    assert_eq!(tokens.id.claims.get("name"), None, "it stands in userinfo");
}

async fn oidcc_scope_email(kind: Kind) {
    let shop = RelyingParty::shop().set("email_domain", "people.example.com");
    let other = RelyingParty::confidential("other");
    let stage = Stage::with(kind, &[shop, other.clone()], &[]).await;
    let tokens = stage.tokens("openid email").await;
    let told = stage.userinfo(&tokens).await;
    let email = format!("{}@people.example.com", tokens.id.text_of("sub"));
    assert_eq!((told["email"].as_str(), told["email_verified"].as_bool()), (Some(email.as_str()), Some(false)));
    assert_eq!(told.as_object().expect("an object").len(), 3, "{told}");
    assert_eq!(tokens.id.claims.get("email"), None, "it stands in userinfo");
    let without = stage.tokens_of(&other, &other.request("openid email")).await;
    assert_eq!((without.scope.as_str(), stage.userinfo(&without).await.get("email")), ("openid", None), "no domain, no address");
}

/// There is no such scope here, and one that nobody knows is ignored.
async fn oidcc_scope_address(kind: Kind) {
    let stage = Stage::new(kind).await;
    let tokens = stage.tokens("openid address").await;
    assert_eq!((tokens.scope.as_str(), stage.userinfo(&tokens).await.get("address")), ("openid", None));
}

async fn oidcc_scope_phone(kind: Kind) {
    let stage = Stage::new(kind).await;
    let tokens = stage.tokens("openid phone").await;
    let told = stage.userinfo(&tokens).await;
    assert_eq!((told["phone_number"].as_str(), told["phone_number_verified"].as_bool()), (Some("+821012345678"), Some(true)));
    assert_eq!(told.as_object().expect("an object").len(), 3, "{told}");
    assert_eq!(tokens.id.claims.get("phone_number"), None, "it stands in userinfo");
}

async fn oidcc_scope_all(kind: Kind) {
    let shop = RelyingParty::shop().set("email_domain", "people.example.com").set("claims_in_id_token", true);
    let stage = Stage::of(kind, shop).await;
    let tokens = stage.tokens("openid profile email address phone").await;
    assert_eq!(tokens.scope, "openid profile phone email");
    let told = stage.userinfo(&tokens).await;
    assert_eq!(told.as_object().expect("an object").len(), 9, "{told}");
    for (name, value) in told.as_object().expect("an object") {
        assert_eq!(&tokens.id.claims[name], value, "this application wants them in the ID token too");
    }
}

async fn oidcc_ensure_other_scope_order_succeeds(kind: Kind) {
    let stage = Stage::new(kind).await;
    let tokens = stage.tokens("phone profile openid").await;
    assert_eq!(tokens.scope, "openid profile phone");
    assert_eq!(stage.userinfo(&tokens).await.as_object().expect("an object").len(), 7);
}

async fn oidcc_alternate_happy_flow(kind: Kind) {
    let stage = Stage::new(kind).await;
    let tokens = stage.tokens_of(&stage.shop, &stage.shop.request("phone openid").reversed()).await;
    assert_eq!(tokens.scope, "openid phone");
}

async fn oidcc_server_client_secret_post(kind: Kind) {
    let stage = Stage::of(kind, RelyingParty::shop().set("token_endpoint_auth_method", "client_secret_post")).await;
    let request = stage.shop.request("openid");
    let code = request.code(&stage.asks(&request).await);
    let answered = stage.shop.call_by_form(&stage.line, "/oauth/token", &request.code_fields(&code)).await;
    stage.read(&stage.shop, &answered).await;
    stage.tokens("openid").await; // by the header as well
}

/// A page of the application posts it, without the cookie of the session: the same is asked again by a link.
async fn oidcc_ensure_post_request_succeeds(kind: Kind) {
    let stage = Stage::new(kind).await;
    let request = stage.shop.request("openid");
    let posted = stage.line.request(reqwest::Method::POST, "/oauth/authorize").header("origin", "https://shop.example.com");
    let posted = posted.header("sec-fetch-site", "cross-site").header("accept", "text/html").form(request.pairs());
    let again = stage.line.send(posted).await.redirect().to_owned();
    let code = request.code(&stage.person.page(&again).await);
    stage.redeems(&stage.shop, &code, &request).await;
    let page = led_to_sign_in(&stage.line.page(&again).await);
    assert_eq!(stage.line.page(&page).await.page_state(), "none");
}

async fn oidcc_ensure_request_with_valid_pkce_succeeds(kind: Kind) {
    let stage = Stage::of(kind, RelyingParty::shop().set("pkce", false)).await;
    stage.tokens("openid").await;
    let request = stage.shop.request("openid");
    let code = request.code(&stage.asks(&request).await);
    let fields = &request.code_fields(&code)[..3];
    let answered = stage.shop.call(&stage.line, "/oauth/token", fields).await;
    assert_eq!(told::error(&answered), (400, "invalid_grant".into()), "whoever asked with it must answer with it");
}
