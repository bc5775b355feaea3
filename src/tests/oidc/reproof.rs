//! An application wants the number proven once more, from somebody who is signed in.

use super::listener::Listener;
use super::relying_party::RelyingParty;
use super::stage::{Stage, led_to_sign_in};
use crate::databases::{Kind, on_both_databases};
use crate::journey_forms::fill;
use crate::world::{NUMBER, OTHER_NUMBER};

on_both_databases!(
    whoever_proves_their_number_once_more_stays_who_they_are_to_all,
    whoever_does_not_prove_it_stays_signed_in_and_gets_nothing,
    a_request_is_content_with_a_proof_that_is_younger_than_it_asks_for,
    another_number_is_somebody_else,
    another_number_without_an_account_is_somebody_new,
    a_hint_of_somebody_else_is_told_of_nobody_else,
);

/// A shop that may refresh, and a blog that hears of sign-outs.
async fn two(kind: Kind) -> (Stage, RelyingParty, Listener) {
    let listener = Listener::start().await;
    let blog = RelyingParty::confidential("blog").set("backchannel_logout_uri", listener.uri.as_str());
    let stage = Stage::with(kind, &[RelyingParty::shop().set("refresh", true), blog.clone()], &[]).await;
    (stage, blog, listener)
}

async fn whoever_proves_their_number_once_more_stays_who_they_are_to_all(kind: Kind) {
    let (stage, blog, listener) = two(kind).await;
    let before = stage.tokens("openid offline_access").await;
    let there = stage.tokens_of(&blog, &blog.request("openid")).await;
    for prompt in ["login", "select_account", "login consent"] {
        stage.world.advance(1);
        let request = stage.shop.request("openid").with("prompt", prompt);
        let code = request.code(&stage.proves_again(&request).await);
        let after = stage.redeems(&stage.shop, &code, &request).await;
        for name in ["sub", "sid"] {
            assert_eq!(after.id.claims[name], before.id.claims[name], "{prompt}: {name}");
        }
        assert_eq!(after.id.number_of("auth_time"), stage.now_secs(), "{prompt}");
        assert!(stage.is_good(&before).await && stage.is_good(&there).await, "{prompt}");
    }
    let refreshed = stage.shop.refreshes(&stage.line, before.refresh.as_deref().expect("a refresh token")).await;
    let refreshed = stage.read(&stage.shop, &refreshed).await;
    assert_eq!(refreshed.id.claims["auth_time"], before.id.claims["auth_time"], "that of its own sign-in");
    listener.hears_nothing_more().await;
    stage.person.form("/api/sign-out", &[]).await;
    listener.hears(1).await;
    assert!(!stage.is_good(&there).await);
}

async fn whoever_does_not_prove_it_stays_signed_in_and_gets_nothing(kind: Kind) {
    let (stage, blog, _listener) = two(kind).await;
    let before = stage.tokens("openid").await;
    stage.world.advance(1);
    let request = blog.request("openid").with("prompt", "login");
    let page = led_to_sign_in(&stage.asks(&request).await);
    assert_eq!(stage.person.page(&page).await.page_state(), "none");
    let next = page.replace("/sign-in?", "/oauth/continue?");
    assert_eq!(led_to_sign_in(&stage.person.page(&next).await), page, "whoever goes on by hand is asked again");
    fill(&stage.person, &page, "number-form", "/api/start", ("phone_number", "02-123-4567")).await;
    assert_eq!(led_to_sign_in(&stage.person.page(&next).await), page);
    assert_eq!(stage.person.page("/welcome").await.page_state(), "signed_up");
    stage.tokens("openid").await;
    assert!(stage.is_good(&before).await);
}

async fn a_request_is_content_with_a_proof_that_is_younger_than_it_asks_for(kind: Kind) {
    let (stage, blog, _listener) = two(kind).await;
    stage.world.advance(100);
    let (first, second) = (stage.shop.request("openid").with("max_age", "60"), blog.request("openid").with("prompt", "login"));
    let pages = [led_to_sign_in(&stage.asks(&first).await), led_to_sign_in(&stage.asks(&second).await)];
    let next = stage.proves(&stage.person, &pages[0], NUMBER).await;
    first.code(&stage.person.page(&next).await);
    // One proof, later than both were asked for.
    let code = second.code(&stage.person.page(stage.person.page(&pages[1]).await.redirect()).await);
    stage.redeems(&blog, &code, &second).await;
    let zero = stage.shop.request("openid").with("max_age", "0");
    stage.world.advance(1);
    let page = led_to_sign_in(&stage.asks(&zero).await);
    let next = stage.proves(&stage.person, &page, NUMBER).await;
    zero.code(&stage.person.page(&next).await);
}

async fn another_number_is_somebody_else(kind: Kind) {
    let (stage, blog, listener) = two(kind).await;
    let other = stage.world.browser();
    other.joins(&stage.world, OTHER_NUMBER).await;
    let before = stage.tokens("openid offline_access").await;
    let there = stage.tokens_of(&blog, &blog.request("openid")).await;
    let request = stage.shop.request("openid").with("prompt", "login");
    let page = led_to_sign_in(&stage.asks(&request).await);
    let next = stage.proves(&stage.person, &page, OTHER_NUMBER).await;
    let code = request.code(&stage.person.page(&next).await);
    let after = stage.redeems(&stage.shop, &code, &request).await;
    for name in ["sub", "sid"] {
        assert_ne!(after.id.claims[name], before.id.claims[name], "{name}");
    }
    assert!(!stage.is_good(&before).await && !stage.is_good(&there).await && stage.is_good(&after).await);
    listener.hears(1).await;
    let told = listener.token(0, &stage.line, "blog", stage.now_secs()).await;
    for name in ["sub", "sid"] {
        assert_eq!(told.claims[name], there.id.claims[name], "{name}");
    }
}

async fn another_number_without_an_account_is_somebody_new(kind: Kind) {
    let (stage, blog, listener) = two(kind).await;
    let there = stage.tokens_of(&blog, &blog.request("openid")).await;
    let request = stage.shop.request("openid profile").with("prompt", "login");
    let page = led_to_sign_in(&stage.asks(&request).await);
    assert_eq!(stage.proves(&stage.person, &page, OTHER_NUMBER).await, page);
    let joined = fill(&stage.person, &page, "sign-up-form", "/api/sign-up", ("nickname", "둘째")).await;
    let code = request.code(&stage.person.page(joined.redirect()).await);
    let tokens = stage.redeems(&stage.shop, &code, &request).await;
    assert_eq!(stage.userinfo(&tokens).await["name"], "둘째");
    assert_ne!(tokens.id.claims["sub"], there.id.claims["sub"]);
    assert!(!stage.is_good(&there).await);
    listener.hears(1).await;
}

async fn a_hint_of_somebody_else_is_told_of_nobody_else(kind: Kind) {
    let (stage, _blog, _listener) = two(kind).await;
    let hint = stage.tokens("openid").await.id.text;
    let other = stage.world.browser();
    other.joins(&stage.world, OTHER_NUMBER).await;
    stage.world.advance(1);
    let request = stage.shop.request("openid").with("id_token_hint", &hint);
    let page = led_to_sign_in(&other.page(&request.path()).await);
    // Whoever the hint is about may sign in there.
    let next = stage.proves(&other, &page, NUMBER).await;
    request.code(&other.page(&next).await);
    // Somebody else may not, however lately they proved their number.
    let third = stage.world.browser();
    let page = led_to_sign_in(&third.page(&request.path()).await);
    let next = stage.proves(&third, &page, OTHER_NUMBER).await;
    assert_eq!(request.error(&third.page(&next).await), "login_required");
}
