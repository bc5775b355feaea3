//! The plan of back-channel logout of the `OpenID` conformance suite, and who is told of what, and how often.

use super::listener::Listener;
use super::relying_party::{RelyingParty, encoded};
use super::stage::Stage;
use crate::databases::{Kind, on_both_databases};
use crate::world::OTHER_NUMBER;

on_both_databases!(
    oidcc_backchannel_rp_initiated_logout,
    an_application_that_does_not_answer_is_told_six_times_and_then_no_more,
    each_application_that_knows_the_session_is_told_and_no_other,
    a_logout_token_is_no_hint,
);

const BYE: &str = "https://shop.example.com/bye";

fn listening(id: &str, listener: &Listener) -> RelyingParty {
    RelyingParty::confidential(id).set("backchannel_logout_uri", listener.uri.as_str())
}

async fn oidcc_backchannel_rp_initiated_logout(kind: Kind) {
    let listener = Listener::start().await;
    let stage = Stage::of(kind, listening("shop", &listener).set("post_logout_redirect_uris", [BYE].as_slice())).await;
    let tokens = stage.tokens("openid").await;
    let parameters = [("id_token_hint", tokens.id.text.as_str()), ("post_logout_redirect_uri", BYE), ("state", "s")];
    let left = stage.person.page(&format!("/oauth/end-session?{}", encoded(&parameters))).await;
    assert_eq!(left.redirect(), format!("{BYE}?state=s"));
    listener.hears(1).await;
    let told = listener.token(0, &stage.line, "shop", stage.now_secs()).await;
    for name in ["sub", "sid"] {
        assert_eq!(told.claims[name], tokens.id.claims[name], "{name}");
    }
    let silent = stage.shop.request("openid").with("prompt", "none");
    assert_eq!(silent.error(&stage.asks(&silent).await), "login_required");
    listener.hears_nothing_more().await;
}

async fn an_application_that_does_not_answer_is_told_six_times_and_then_no_more(kind: Kind) {
    let listener = Listener::start().await;
    listener.answers(503);
    let stage = Stage::of(kind, listening("shop", &listener)).await;
    stage.tokens("openid").await;
    stage.person.form("/api/sign-out", &[]).await;
    listener.hears(1).await;
    let first = listener.token(0, &stage.line, "shop", stage.now_secs()).await;
    stage.world.advance(4);
    listener.hears_nothing_more().await;
    stage.world.advance(1);
    for (told, wait) in [(2, 30), (3, 120), (4, 600), (5, 3600), (6, 86_400)] {
        listener.hears(told).await;
        let again = listener.token(told - 1, &stage.line, "shop", stage.now_secs()).await;
        assert_eq!(again.claims["jti"], first.claims["jti"], "the application may know it by its name");
        // What it answered is written before the clock moves on.
        listener.hears_nothing_more().await;
        stage.world.advance(wait);
    }
    listener.hears_nothing_more().await;
}

async fn each_application_that_knows_the_session_is_told_and_no_other(kind: Kind) {
    let heard = [Listener::start().await, Listener::start().await, Listener::start().await];
    let parties = [listening("shop", &heard[0]), listening("blog", &heard[1]), listening("wiki", &heard[2])];
    let stage = Stage::with(kind, &parties, &[]).await;
    let [shop, blog, wiki] = &parties;
    let tokens = stage.tokens("openid").await;
    stage.tokens_of(blog, &blog.request("openid")).await;
    // It has a code and never redeemed it.
    let request = wiki.request("openid");
    request.code(&stage.asks(&request).await);
    let other = stage.world.browser();
    other.joins(&stage.world, OTHER_NUMBER).await;
    let theirs = shop.request("openid");
    let code = theirs.code(&other.page(&theirs.path()).await);
    let kept = stage.redeems(shop, &code, &theirs).await;
    stage.person.form("/api/sign-out", &[]).await;
    for listener in &heard[..2] {
        listener.hears(1).await;
    }
    heard[2].hears_nothing_more().await;
    assert_eq!([heard[0].count(), heard[1].count()], [1, 1]);
    let told = heard[0].token(0, &stage.line, "shop", stage.now_secs()).await;
    assert_eq!((&told.claims["sub"], &told.claims["sid"]), (&tokens.id.claims["sub"], &tokens.id.claims["sid"]));
    assert!(stage.is_good(&kept).await && !stage.is_good(&tokens).await);
}

async fn a_logout_token_is_no_hint(kind: Kind) {
    let listener = Listener::start().await;
    let stage = Stage::of(kind, listening("shop", &listener)).await;
    stage.tokens("openid").await;
    stage.person.form("/api/sign-out", &[]).await;
    listener.hears(1).await;
    let told = listener.token(0, &stage.line, "shop", stage.now_secs()).await;
    let page = stage.person.page(&format!("/oauth/end-session?{}", encoded(&[("id_token_hint", &told.text)]))).await;
    assert_eq!(super::told::page(&page), (400, "invalid_request".into()));
}
