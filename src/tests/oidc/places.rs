//! Where somebody is signed in, what applications know of it, and how all of it ends.

use beonho::server::clock::Clock;
use beonho::server::store::Deed;
use beonho::verification::PhoneNumber;

use super::listener::Listener;
use super::relying_party::{RelyingParty, Tokens};
use super::stage::Stage;
use super::told;
use crate::browser::Browser;
use crate::databases::{Kind, on_both_databases};
use crate::world::{NUMBER, OTHER_NUMBER};

on_both_databases!(
    the_welcome_lists_sessions_and_applications,
    a_session_elsewhere_is_ended_from_here_and_by_nobody_else,
    a_sign_out_everywhere_ends_all_and_is_told_once,
    an_account_that_is_removed_takes_all_with_it,
    a_refresh_token_outlives_a_sign_out_and_no_longer_than_it_may,
);

/// Somebody who is signed in at the shop in two browsers.
async fn twice(kind: Kind) -> (Stage, Browser, Listener, [Tokens; 2]) {
    let listener = Listener::start().await;
    let shop = RelyingParty::shop().set("client_name", "우리 <가게>").set("refresh", true);
    let stage = Stage::of(kind, shop.set("backchannel_logout_uri", listener.uri.as_str())).await;
    let first = stage.tokens("openid offline_access").await;
    stage.world.advance(60);
    let other = stage.world.browser();
    assert_eq!(other.asks_to_sign_in(NUMBER).await.outcome(), "code_sent");
    other.checks(&stage.world.code()).await;
    let request = stage.shop.request("openid offline_access");
    let code = request.code(&other.page(&request.path()).await);
    let second = stage.redeems(&stage.shop, &code, &request).await;
    (stage, other, listener, [first, second])
}

async fn is_refreshed(stage: &Stage, tokens: &Tokens) -> bool {
    let refresh = tokens.refresh.as_deref().expect("a refresh token");
    stage.shop.refreshes(&stage.line, refresh).await.status == 200
}

async fn the_welcome_lists_sessions_and_applications(kind: Kind) {
    let (stage, other, _listener, _) = twice(kind).await;
    for person in [&stage.person, &other] {
        let welcome = person.page("/welcome").await;
        assert_eq!(welcome.body.matches("우리 &lt;가게&gt;").count(), 2, "{}", welcome.body);
        assert_eq!(welcome.body.matches("action=\"/api/end-session\"").count(), 1, "the other one can be ended: {}", welcome.body);
        assert!(welcome.body.contains("/api/sign-out-everywhere"));
    }
    let alone = stage.world.browser();
    alone.joins(&stage.world, OTHER_NUMBER).await;
    assert!(!alone.page("/welcome").await.body.contains("/api/end-session"));
}

async fn a_session_elsewhere_is_ended_from_here_and_by_nobody_else(kind: Kind) {
    let (stage, other, listener, [first, second]) = twice(kind).await;
    let welcome = stage.person.page("/welcome").await;
    let session = welcome.attribute_after("name=\"session\"", "value");
    let stranger = stage.world.browser();
    stranger.joins(&stage.world, OTHER_NUMBER).await;
    for person in [&stranger, &stage.world.browser()] {
        person.page("/").await;
        person.form("/api/end-session", &[("session", session.clone())]).await;
    }
    let post = stage.person.request(reqwest::Method::POST, "/api/end-session").header("origin", "https://evil.example");
    assert_eq!(stage.person.send(post.form(&[("session", &session)])).await.status, 403);
    assert!(stage.is_good(&second).await, "none of them may");
    stage.person.form("/api/end-session", &[("session", session)]).await;
    assert!(stage.is_good(&first).await && !stage.is_good(&second).await);
    assert_eq!(other.page("/welcome").await.redirect(), "/");
    listener.hears(1).await;
    let told = listener.token(0, &stage.line, "shop", stage.now_secs()).await;
    assert_eq!(told.claims["sid"], second.id.claims["sid"]);
    assert_eq!(stage.person.page("/welcome").await.body.matches("/api/end-session").count(), 0);
}

async fn a_sign_out_everywhere_ends_all_and_is_told_once(kind: Kind) {
    let (stage, other, listener, tokens) = twice(kind).await;
    let request = stage.shop.request("openid");
    let code = request.code(&other.page(&request.path()).await);
    assert_eq!(stage.person.form("/api/sign-out-everywhere", &[]).await.redirect(), "/");
    for tokens in &tokens {
        assert!(!stage.is_good(tokens).await && !is_refreshed(&stage, tokens).await);
    }
    assert_eq!(told::error(&stage.shop.redeems(&stage.line, &code, &request).await), (400, "invalid_grant".into()));
    for person in [&stage.person, &other] {
        assert_eq!(person.page("/welcome").await.redirect(), "/");
    }
    listener.hears(1).await;
    let told = listener.token(0, &stage.line, "shop", stage.now_secs()).await;
    assert_eq!((&told.claims["sub"], told.claims.get("sid")), (&tokens[0].id.claims["sub"], None), "all of them");
    listener.hears_nothing_more().await;
}

async fn an_account_that_is_removed_takes_all_with_it(kind: Kind) {
    let (stage, other, listener, tokens) = twice(kind).await;
    let verifier = &stage.world.server.service.verifier;
    let deed = Deed { actor: "test".to_owned(), reason: String::new(), at: stage.world.clock.now() };
    assert!(verifier.store.remove_account(&PhoneNumber::from_stored("+821012345678".into()), &deed).await.expect("removed"));
    for tokens in &tokens {
        assert!(!stage.is_good(tokens).await && !is_refreshed(&stage, tokens).await);
    }
    listener.hears(1).await;
    let told = listener.token(0, &stage.line, "shop", stage.now_secs()).await;
    assert_eq!(told.claims["sub"], tokens[0].id.claims["sub"]);
    let silent = stage.shop.request("openid").with("prompt", "none");
    assert_eq!(silent.error(&other.page(&silent.path()).await), "login_required");
    // Whoever signs up with the number again is somebody new to every application.
    let again = stage.world.browser();
    stage.world.advance(60);
    again.joins(&stage.world, NUMBER).await;
    let request = stage.shop.request("openid");
    let code = request.code(&again.page(&request.path()).await);
    let new = stage.redeems(&stage.shop, &code, &request).await;
    assert_ne!(new.id.claims["sub"], tokens[0].id.claims["sub"]);
}

async fn a_refresh_token_outlives_a_sign_out_and_no_longer_than_it_may(kind: Kind) {
    const DAY: i64 = 86_400;
    let (stage, _other, _listener, [first, second]) = twice(kind).await;
    stage.person.form("/api/sign-out", &[]).await;
    assert!(!stage.is_good(&first).await, "an access token does not");
    let mut token = first.refresh.clone().expect("a refresh token");
    for day in [13, 26] {
        stage.world.advance(13 * DAY);
        let tokens = stage.read(&stage.shop, &stage.shop.refreshes(&stage.line, &token).await).await;
        assert_eq!(tokens.id.claims["sid"], first.id.claims["sid"], "day {day}");
        assert!(stage.is_good(&tokens).await);
        token = tokens.refresh.expect("a refresh token");
    }
    assert!(!is_refreshed(&stage, &second).await, "it rested for more than 14 days");
    stage.world.advance(4 * DAY);
    assert_eq!(told::error(&stage.shop.refreshes(&stage.line, &token).await), (400, "invalid_grant".into()), "30 days are over");
}
