//! The Basic OP plan: what a request may carry beside the necessary, and when its person is asked.

use serde_json::json;

use super::relying_party::RelyingParty;
use super::stage::{Stage, led_to_sign_in};
use super::told;
use crate::databases::{Kind, on_both_databases};
use crate::world::{NUMBER, OTHER_NUMBER};

on_both_databases!(
    oidcc_display_page,
    oidcc_display_popup,
    oidcc_prompt_login,
    oidcc_prompt_none_not_logged_in,
    oidcc_prompt_none_logged_in,
    oidcc_max_age_1,
    oidcc_max_age_10000,
    oidcc_ensure_request_with_unknown_parameter_succeeds,
    oidcc_id_token_hint,
    oidcc_login_hint,
    oidcc_ui_locales,
    oidcc_claims_locales,
    oidcc_ensure_request_with_acr_values_succeeds,
    oidcc_ensure_registered_redirect_uri,
    oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported,
    oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported,
    oidcc_ensure_request_object_with_redirect_uri,
    oidcc_claims_essential,
);

/// Somebody who is not signed in sees the page, and somebody who is goes through.
async fn assert_is_no_matter(kind: Kind, name: &str, value: &str) {
    let stage = Stage::new(kind).await;
    let request = stage.shop.request("openid").with(name, value);
    let stranger = stage.world.browser();
    let page = led_to_sign_in(&stranger.page(&request.path()).await);
    assert_eq!(stranger.page(&page).await.page_state(), "none");
    stage.tokens_of(&stage.shop, &request).await;
}

async fn oidcc_display_page(kind: Kind) {
    assert_is_no_matter(kind, "display", "page").await;
}

async fn oidcc_display_popup(kind: Kind) {
    assert_is_no_matter(kind, "display", "popup").await;
}

async fn oidcc_prompt_login(kind: Kind) {
    let stage = Stage::new(kind).await;
    let first = stage.tokens("openid").await;
    stage.world.advance(1);
    let request = stage.shop.request("openid").with("prompt", "login");
    let code = request.code(&stage.proves_again(&request).await);
    let second = stage.redeems(&stage.shop, &code, &request).await;
    assert!(second.id.number_of("auth_time") > first.id.number_of("auth_time"));
    assert_eq!(second.id.claims["sub"], first.id.claims["sub"]);
}

async fn oidcc_prompt_none_not_logged_in(kind: Kind) {
    let stage = Stage::new(kind).await;
    let request = stage.shop.request("openid").with("prompt", "none");
    assert_eq!(request.error(&stage.world.browser().page(&request.path()).await), "login_required");
}

async fn oidcc_prompt_none_logged_in(kind: Kind) {
    let stage = Stage::new(kind).await;
    let first = stage.tokens("openid").await;
    stage.world.advance(5);
    let second = stage.tokens_of(&stage.shop, &stage.shop.request("openid").with("prompt", "none")).await;
    for name in ["sub", "auth_time", "sid"] {
        assert_eq!(second.id.claims[name], first.id.claims[name], "{name}");
    }
}

async fn oidcc_max_age_1(kind: Kind) {
    let stage = Stage::new(kind).await;
    let first = stage.tokens("openid").await;
    stage.world.advance(2);
    let request = stage.shop.request("openid").with("max_age", "1");
    let silent = request.clone().with("prompt", "none");
    assert_eq!(silent.error(&stage.asks(&silent).await), "login_required");
    let code = request.code(&stage.proves_again(&request).await);
    let second = stage.redeems(&stage.shop, &code, &request).await;
    assert!(second.id.number_of("auth_time") > first.id.number_of("auth_time"));
    assert!(stage.now_secs() - second.id.number_of("auth_time") <= 1);
}

async fn oidcc_max_age_10000(kind: Kind) {
    let stage = Stage::new(kind).await;
    let first = stage.tokens_of(&stage.shop, &stage.shop.request("openid").with("max_age", "15000")).await;
    stage.world.advance(9000);
    let second = stage.tokens_of(&stage.shop, &stage.shop.request("openid").with("max_age", "10000")).await;
    for name in ["sub", "auth_time"] {
        assert_eq!(second.id.claims[name], first.id.claims[name], "{name}");
    }
    stage.world.advance(1001);
    led_to_sign_in(&stage.asks(&stage.shop.request("openid").with("max_age", "10000")).await);
}

async fn oidcc_ensure_request_with_unknown_parameter_succeeds(kind: Kind) {
    assert_is_no_matter(kind, "extra", "foobar").await;
}

async fn oidcc_id_token_hint(kind: Kind) {
    let stage = Stage::new(kind).await;
    let first = stage.tokens("openid").await;
    stage.world.advance(1000);
    let hinted = |hint: &str| stage.shop.request("openid").with("prompt", "none").with("id_token_hint", hint);
    let second = stage.tokens_of(&stage.shop, &hinted(&first.id.text)).await;
    for name in ["sub", "auth_time"] {
        assert_eq!(second.id.claims[name], first.id.claims[name], "{name}");
    }
    let stranger = stage.world.browser();
    stranger.joins(&stage.world, OTHER_NUMBER).await;
    stage.world.advance(1);
    for hint in [first.id.text.as_str(), "no token", &first.id.unsigned(), &first.id.forged("sub", "x")] {
        let request = hinted(hint);
        assert_eq!(request.error(&stranger.page(&request.path()).await), "login_required", "{hint}");
    }
}

async fn oidcc_login_hint(kind: Kind) {
    let stage = Stage::new(kind).await;
    for (hint, shown) in [("buffy@localhost", "buffy@localhost"), (NUMBER, NUMBER), ("\"><b>", "\"&gt;&lt;b&gt;")] {
        let request = stage.shop.request("openid").with("login_hint", hint);
        let stranger = stage.world.browser();
        let page = stranger.page(&led_to_sign_in(&stranger.page(&request.path()).await)).await;
        assert!(page.body.contains(&format!("value=\"{}\"", shown.replace('"', "&quot;"))), "{hint}: {}", page.body);
        stage.tokens_of(&stage.shop, &request).await;
    }
}

async fn oidcc_ui_locales(kind: Kind) {
    let stage = Stage::new(kind).await;
    for (wanted, kept) in [("se", None), ("se ko en", Some("ko")), ("en-GB", Some("en")), ("se zh-TW ja", Some("zh-Hant"))] {
        let request = stage.shop.request("openid").with("ui_locales", wanted);
        let asked = stage.world.browser().page(&request.path()).await;
        led_to_sign_in(&asked);
        assert_eq!(asked.set_cookie_of("beonho_lang").as_deref(), kept, "{wanted}: {asked:?}");
        stage.tokens_of(&stage.shop, &request).await;
    }
}

async fn oidcc_claims_locales(kind: Kind) {
    assert_is_no_matter(kind, "claims_locales", "se").await;
}

async fn oidcc_ensure_request_with_acr_values_succeeds(kind: Kind) {
    let stage = Stage::new(kind).await;
    let told = stage.line.page("/.well-known/openid-configuration").await.json();
    let supported = told["acr_values_supported"][0].as_str().expect("a class").to_owned();
    let tokens = stage.tokens_of(&stage.shop, &stage.shop.request("openid").with("acr_values", &format!("1 {supported}"))).await;
    assert_eq!(tokens.id.text_of("acr"), supported);
}

async fn oidcc_ensure_registered_redirect_uri(kind: Kind) {
    let stage = Stage::new(kind).await;
    let request = stage.shop.request("openid").with("redirect_uri", "https://shop.example.com/callback/other");
    assert_eq!(told::page(&stage.asks(&request).await), (400, "invalid_request".into()));
}

async fn oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported(kind: Kind) {
    let stage = Stage::new(kind).await;
    let request = stage.shop.request("openid").with("request_uri", "https://shop.example.com/request.jwt");
    assert_eq!(request.error(&stage.asks(&request).await), "request_uri_not_supported");
}

/// `{"alg":"none"}.{}.`
const REQUEST_OBJECT: &str = "eyJhbGciOiJub25lIn0.e30.";

async fn oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported(kind: Kind) {
    let stage = Stage::new(kind).await;
    let request = stage.shop.request("openid").with("request", REQUEST_OBJECT);
    assert_eq!(request.error(&stage.asks(&request).await), "request_not_supported");
}

/// One address in the object and a wrong one beside it: it never leads there.
async fn oidcc_ensure_request_object_with_redirect_uri(kind: Kind) {
    let stage = Stage::new(kind).await;
    let request = stage.shop.request("openid").with("request", REQUEST_OBJECT).with("redirect_uri", "https://evil.example/cb");
    assert_eq!(told::page(&stage.asks(&request).await), (400, "invalid_request".into()));
}

/// The parameter is not read: what a person is called comes with scope `profile`.
async fn oidcc_claims_essential(kind: Kind) {
    let stage = Stage::of(kind, RelyingParty::shop()).await;
    let claims = json!({"userinfo": {"name": {"essential": true}}}).to_string();
    let tokens = stage.tokens_of(&stage.shop, &stage.shop.request("openid").with("claims", &claims)).await;
    assert_eq!(stage.userinfo(&tokens).await.get("name"), None);
    let tokens = stage.tokens_of(&stage.shop, &stage.shop.request("openid profile").with("claims", &claims)).await;
    assert_eq!(stage.userinfo(&tokens).await["name"], "먼저");
}
