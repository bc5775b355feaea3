//! The log of what applications do, from the finest level on, searched for what opens something.

use std::time::Duration;

use reqwest::Method;

use super::listener::Listener;
use super::relying_party::{RelyingParty, Request, encoded, userinfo};
use super::stage::{Stage, led_to_sign_in};
use crate::browser::FORM;
use crate::databases::Kind;
use crate::logs::log_of;
use crate::world::NUMBER;

/// One thread for everything: see `log_of`.
#[tokio::test]
async fn no_log_has_a_token_a_code_or_a_secret_of_an_application() {
    let mut secrets = Vec::new();
    let log = log_of(async {
        for kind in Kind::ALL {
            Box::pin(journey(kind, &mut secrets)).await;
        }
    })
    .await;
    for sign in
        ["an application called", "a code came twice", "a refresh token came again", "a wrong secret", "was not told", "hyper_util"]
    {
        assert!(log.contains(sign), "the log was captured: {sign}");
    }
    for (what, secret) in &secrets {
        let line = log.lines().find(|line| line.contains(secret.as_str()));
        assert_eq!(line, None, "{what} is in the log");
    }
    println!("{} lines, {} secrets looked for", log.lines().count(), secrets.len());
}

type Secrets = Vec<(&'static str, String)>;

fn keep(secrets: &mut Secrets, what: &'static str, secret: &str) {
    assert!(secret.len() >= 16, "{what}: {secret}");
    secrets.push((what, secret.to_owned()));
}

fn keep_request(secrets: &mut Secrets, request: &Request) {
    for name in ["state", "nonce", "code_challenge"] {
        keep(secrets, name, request.get(name).expect("a value"));
    }
    keep(secrets, "verifier", &request.verifier);
}

async fn journey(kind: Kind, secrets: &mut Secrets) {
    let listener = Listener::start().await;
    listener.answers(503);
    let shop = RelyingParty::shop().set("refresh", true).set("backchannel_logout_uri", listener.uri.as_str());
    let shop = shop.set("forward_auth_origin", "https://shop.example.com");
    keep(secrets, "client secret", &shop.secret);
    let stage = Stage::with(kind, &[shop], &[("TRUSTED_PROXIES", "1")]).await;
    signs_in(&stage, secrets).await;
    gets_tokens(&stage, secrets).await;
    goes_wrong(&stage, secrets).await;
    passes_the_door(&stage, secrets).await;
    keep(secrets, "cookie", &stage.person.cookie().expect("a cookie"));
    stage.person.form("/api/sign-out", &[]).await;
    listener.hears(1).await;
    keep(secrets, "logout token", &listener.token(0, &stage.line, "shop", stage.now_secs()).await.text);
    tokio::time::sleep(Duration::from_millis(100)).await;
    stage.world.server.stop().await;
}

async fn signs_in(stage: &Stage, secrets: &mut Secrets) {
    let request = stage.shop.request("openid").with("prompt", "login").with("login_hint", NUMBER);
    keep_request(secrets, &request);
    let page = led_to_sign_in(&stage.asks(&request).await);
    keep(secrets, "name of a request", page.split_once('=').expect("a name").1);
    let next = stage.proves(&stage.person, &page, NUMBER).await;
    let code = request.code(&stage.person.page(&next).await);
    keep(secrets, "code", &code);
    let tokens = stage.redeems(&stage.shop, &code, &request).await;
    keep(secrets, "id token", &tokens.id.text);
    keep(secrets, "sid", &tokens.id.text_of("sid"));
}

async fn gets_tokens(stage: &Stage, secrets: &mut Secrets) {
    let request = stage.shop.request("openid profile phone offline_access");
    let code = request.code(&stage.asks(&request).await);
    let tokens = stage.redeems(&stage.shop, &code, &request).await;
    let refresh = tokens.refresh.clone().expect("a refresh token");
    stage.userinfo(&tokens).await;
    let second = stage.read(&stage.shop, &stage.shop.refreshes(&stage.line, &refresh).await).await;
    for token in [&tokens.access, &refresh, &second.access] {
        stage.shop.call(&stage.line, "/oauth/introspect", &[("token", token)]).await;
    }
    stage.line.post("/oauth/userinfo", FORM, "*/*", encoded(&[("access_token", &tokens.access)])).await;
    // Both come twice.
    stage.world.advance(61);
    stage.shop.refreshes(&stage.line, &refresh).await;
    stage.shop.redeems(&stage.line, &code, &request).await;
    stage.shop.call(&stage.line, "/oauth/revoke", &[("token", &second.access)]).await;
    keep_request(secrets, &request);
    keep(secrets, "code", &code);
    for tokens in [&tokens, &second] {
        keep(secrets, "access token", &tokens.access);
        keep(secrets, "refresh token", tokens.refresh.as_deref().expect("a refresh token"));
        keep(secrets, "id token", &tokens.id.text);
        keep(secrets, "signature", tokens.id.text.rsplit_once('.').expect("a signature").1);
    }
}

/// What opens something stands where it does not belong.
async fn goes_wrong(stage: &Stage, secrets: &mut Secrets) {
    let tokens = stage.tokens("openid").await;
    let (token, secret) = (tokens.access.as_str(), stage.shop.secret.as_str());
    for path in ["/oauth/userinfo", "/oauth/token", "/oauth/authorize", "/oauth/end-session", "/oauth/continue", "/forward-auth"] {
        let query =
            encoded(&[("access_token", token), ("client_secret", secret), ("code", token), ("request", token), ("client", secret)]);
        stage.line.page(&format!("{path}?{query}")).await;
        stage.line.post(&format!("{path}?{query}"), FORM, "*/*", query.clone()).await;
    }
    for fields in [
        &[("grant_type", secret), ("client_id", "shop"), ("client_secret", secret)][..],
        &[("client_id", secret), ("client_secret", "shop")],
        &[("client_id", "shop"), ("client_secret", token)],
        &[("client_id", token)],
    ] {
        stage.line.post("/oauth/token", FORM, "*/*", encoded(fields)).await;
        stage.line.post("/oauth/revoke", FORM, "*/*", encoded(fields)).await;
    }
    for scheme in ["Basic", "Bearer", "Token"] {
        let request = stage.line.request(Method::POST, "/oauth/token").header("authorization", format!("{scheme} {token}"));
        stage.line.send(request.header("content-type", FORM).body(encoded(&[("client_id", "shop")]))).await;
    }
    userinfo(&stage.line, secret).await;
    let left = stage.line.page(&format!("/oauth/end-session?{}", encoded(&[("id_token_hint", &tokens.id.unsigned())]))).await;
    assert_eq!(left.status, 400);
    keep(secrets, "access token", token);
    keep(secrets, "id token", &tokens.id.unsigned());
}

async fn passes_the_door(stage: &Stage, secrets: &mut Secrets) {
    let at = async |path: &str, cookie: &str| {
        let request = stage.line.request(Method::GET, path).header("x-forwarded-for", "203.0.113.1").header("cookie", cookie);
        let request = request.header("x-forwarded-proto", "https").header("x-forwarded-host", "shop.example.com");
        stage.line.send(request).await
    };
    let begun = at("/.beonho/begin?to=/secret-page-of-theirs", "").await;
    let ticket = begun.set_cookie_of("beonho-state-shop").expect("a cookie");
    let path = begun.redirect().split_once("3000").expect("an address").1.to_owned();
    let there = stage.person.page(&path).await.header("location").to_owned();
    let back = at(there.split_once(".com").expect("an address").1, &format!("__Host-beonho-state-shop={ticket}")).await;
    let door = back.set_cookie_of("beonho-shop").expect("a cookie");
    assert_eq!(at("/forward-auth?client=shop", &format!("__Host-beonho-shop={door}")).await.status, 200);
    keep(secrets, "door", &door);
    keep(secrets, "state of the door", ticket.split('.').next().expect("a state"));
    let code = there.split_once("code=").and_then(|(_, rest)| rest.split('&').next()).expect("a code");
    keep(secrets, "code", code);
    keep(secrets, "where somebody goes", "secret-page-of-theirs");
}
