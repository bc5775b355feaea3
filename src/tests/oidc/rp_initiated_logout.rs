//! The plan of RP-initiated logout of the `OpenID` conformance suite, module by module and by name, and what it leaves out.

use super::relying_party::{RelyingParty, Request, Tokens, encoded};
use super::stage::Stage;
use super::told;
use crate::browser::{Answered, Browser};
use crate::databases::{Kind, on_both_databases};

on_both_databases!(
    oidcc_rp_initiated_logout,
    oidcc_rp_initiated_logout_bad_post_logout_redirect_uri,
    oidcc_rp_initiated_logout_modified_id_token_hint,
    oidcc_rp_initiated_logout_no_id_token_hint,
    oidcc_rp_initiated_logout_no_params,
    oidcc_rp_initiated_logout_no_post_logout_redirect_uri,
    oidcc_rp_initiated_logout_no_state,
    oidcc_rp_initiated_logout_only_state,
    oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri,
    oidcc_rp_initiated_logout_bad_id_token_hint,
    an_expired_hint_signs_out_and_that_of_somebody_else_asks,
    a_hint_of_another_application_leads_nowhere,
    a_foreign_page_cannot_confirm,
    an_application_may_post_to_sign_out,
);

const BYE: &str = "https://shop.example.com/bye";

fn shop() -> RelyingParty {
    RelyingParty::shop().set("post_logout_redirect_uris", [BYE].as_slice())
}

/// Somebody who is signed in at the shop.
async fn signed_in(kind: Kind) -> (Stage, Tokens) {
    let stage = Stage::with(kind, &[shop(), RelyingParty::confidential("other")], &[]).await;
    let tokens = stage.tokens("openid").await;
    (stage, tokens)
}

async fn leaves(person: &Browser, parameters: &[(&str, &str)]) -> Answered {
    person.page(&format!("/oauth/end-session?{}", encoded(parameters))).await
}

fn silently(stage: &Stage) -> Request {
    stage.shop.request("openid").with("prompt", "none")
}

async fn assert_is_out(stage: &Stage, tokens: &Tokens) {
    let request = silently(stage);
    assert_eq!(request.error(&stage.asks(&request).await), "login_required");
    assert!(!stage.is_good(tokens).await, "the access token ended with the session");
}

async fn assert_is_in(stage: &Stage, tokens: &Tokens) {
    let request = silently(stage);
    request.code(&stage.asks(&request).await);
    assert!(stage.is_good(tokens).await);
}

/// They are asked, nothing happened yet, and they say yes.
async fn confirms(stage: &Stage, asked: &Answered, tokens: &Tokens) -> Answered {
    assert_eq!((asked.page_state().as_str(), asked.header("location")), ("leaving", ""));
    assert_is_in(stage, tokens).await;
    let names = ["client_id", "post_logout_redirect_uri", "state", "ui_locales"];
    let carried = names.into_iter().filter(|name| asked.body.contains(&format!("name=\"{name}\"")));
    let fields: Vec<_> = carried.map(|name| (name, asked.attribute_after(&format!("name=\"{name}\""), "value"))).collect();
    stage.person.form("/oauth/end-session/confirm", &fields).await
}

async fn oidcc_rp_initiated_logout(kind: Kind) {
    let (stage, tokens) = signed_in(kind).await;
    let parameters = [("id_token_hint", tokens.id.text.as_str()), ("post_logout_redirect_uri", BYE), ("state", "s 1&")];
    let left = leaves(&stage.person, &parameters).await;
    assert_eq!(left.redirect(), format!("{BYE}?state=s+1%26"));
    assert_is_out(&stage, &tokens).await;
}

async fn oidcc_rp_initiated_logout_bad_post_logout_redirect_uri(kind: Kind) {
    let (stage, tokens) = signed_in(kind).await;
    for uri in
        ["https://evil.example/bye", "https://shop.example.com/bye/", "https://shop.example.com/callback", "javascript:alert(1)"]
    {
        let parameters = [("id_token_hint", tokens.id.text.as_str()), ("post_logout_redirect_uri", uri), ("state", "s")];
        assert_eq!(told::page(&leaves(&stage.person, &parameters).await), (400, "invalid_request".into()), "{uri}");
    }
    assert_is_in(&stage, &tokens).await;
}

async fn oidcc_rp_initiated_logout_modified_id_token_hint(kind: Kind) {
    let (stage, tokens) = signed_in(kind).await;
    let parameters = [("id_token_hint", &*tokens.id.unsigned()), ("post_logout_redirect_uri", BYE), ("state", "s")];
    assert_eq!(told::page(&leaves(&stage.person, &parameters).await), (400, "invalid_request".into()));
    assert_is_in(&stage, &tokens).await;
}

async fn oidcc_rp_initiated_logout_no_id_token_hint(kind: Kind) {
    let (stage, tokens) = signed_in(kind).await;
    let asked = leaves(&stage.person, &[("post_logout_redirect_uri", BYE), ("state", "s")]).await;
    let left = confirms(&stage, &asked, &tokens).await;
    assert_eq!((left.page_state().as_str(), left.header("location")), ("left", ""), "nobody said whose address it is");
    assert_is_out(&stage, &tokens).await;

    let (stage, tokens) = signed_in(kind).await;
    let asked = leaves(&stage.person, &[("client_id", "shop"), ("post_logout_redirect_uri", BYE), ("state", "s")]).await;
    assert!(asked.body.contains("shop"), "it says who asks");
    assert_eq!(confirms(&stage, &asked, &tokens).await.redirect(), format!("{BYE}?state=s"));
    assert_is_out(&stage, &tokens).await;
}

async fn oidcc_rp_initiated_logout_no_params(kind: Kind) {
    let (stage, tokens) = signed_in(kind).await;
    let asked = stage.person.page("/oauth/end-session").await;
    assert_eq!(confirms(&stage, &asked, &tokens).await.page_state(), "left");
    assert_is_out(&stage, &tokens).await;
    assert_eq!(stage.person.page("/oauth/end-session").await.page_state(), "left", "there is nobody to ask");
}

async fn oidcc_rp_initiated_logout_no_post_logout_redirect_uri(kind: Kind) {
    let (stage, tokens) = signed_in(kind).await;
    let left = leaves(&stage.person, &[("id_token_hint", &tokens.id.text), ("state", "s")]).await;
    assert_eq!((left.page_state().as_str(), left.header("location")), ("left", ""));
    assert_is_out(&stage, &tokens).await;
}

async fn oidcc_rp_initiated_logout_no_state(kind: Kind) {
    let (stage, tokens) = signed_in(kind).await;
    let left = leaves(&stage.person, &[("id_token_hint", &tokens.id.text), ("post_logout_redirect_uri", BYE)]).await;
    assert_eq!(left.redirect(), BYE);
    assert_is_out(&stage, &tokens).await;
}

async fn oidcc_rp_initiated_logout_only_state(kind: Kind) {
    let (stage, tokens) = signed_in(kind).await;
    let asked = leaves(&stage.person, &[("state", "s")]).await;
    assert_eq!(confirms(&stage, &asked, &tokens).await.page_state(), "left");
    assert_is_out(&stage, &tokens).await;
}

async fn oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri(kind: Kind) {
    let (stage, tokens) = signed_in(kind).await;
    let uri = format!("{BYE}?foo=bar");
    let parameters = [("id_token_hint", tokens.id.text.as_str()), ("post_logout_redirect_uri", &uri), ("state", "s")];
    assert_eq!(told::page(&leaves(&stage.person, &parameters).await), (400, "invalid_request".into()));
    assert_is_in(&stage, &tokens).await;
}

async fn oidcc_rp_initiated_logout_bad_id_token_hint(kind: Kind) {
    let (stage, tokens) = signed_in(kind).await;
    for hint in [&tokens.id.forged("sub", "somebody"), "no.token.here", "x", &tokens.access] {
        let parameters = [("id_token_hint", hint), ("post_logout_redirect_uri", BYE), ("state", "s")];
        assert_eq!(told::page(&leaves(&stage.person, &parameters).await), (400, "invalid_request".into()), "{hint}");
    }
    assert_is_in(&stage, &tokens).await;
}

async fn an_expired_hint_signs_out_and_that_of_somebody_else_asks(kind: Kind) {
    let (stage, tokens) = signed_in(kind).await;
    let other = stage.world.browser();
    other.joins(&stage.world, crate::world::OTHER_NUMBER).await;
    let parameters = [("id_token_hint", tokens.id.text.as_str()), ("post_logout_redirect_uri", BYE)];
    assert_eq!(leaves(&other, &parameters).await.page_state(), "leaving", "it is not they whom it is about");
    stage.world.advance(20 * 86_400);
    assert_eq!(leaves(&stage.person, &parameters).await.redirect(), BYE);
    assert_is_out(&stage, &tokens).await;
    assert_eq!(leaves(&stage.world.browser(), &parameters).await.redirect(), BYE, "nobody is there");
}

async fn a_hint_of_another_application_leads_nowhere(kind: Kind) {
    let (stage, tokens) = signed_in(kind).await;
    let named = [("id_token_hint", tokens.id.text.as_str()), ("client_id", "other"), ("post_logout_redirect_uri", BYE)];
    assert_eq!(told::page(&leaves(&stage.person, &named).await), (400, "invalid_request".into()));
    for parameters in [
        &[("client_id", "nobody")][..],
        &[("client_id", "shop"), ("client_id", "shop")],
        &[("client_id", "shop"), ("state", "a"), ("state", "b")],
        &[("id_token_hint", "a"), ("id_token_hint", "a")],
        &[("client_id", "shop"), ("post_logout_redirect_uri", "https://shop.example.com/bye\0")],
    ] {
        assert_eq!(told::page(&leaves(&stage.person, parameters).await), (400, "invalid_request".into()), "{parameters:?}");
    }
    assert_is_in(&stage, &tokens).await;
}

async fn a_foreign_page_cannot_confirm(kind: Kind) {
    let (stage, tokens) = signed_in(kind).await;
    for (name, value) in [("origin", "https://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site")] {
        let post = stage.person.request(reqwest::Method::POST, "/oauth/end-session/confirm").header(name, value);
        let refused = stage.person.send(post.header("accept", "text/html").form(&[("client_id", "shop")])).await;
        assert_eq!((refused.status, refused.page_outcome_of_notice().as_str()), (403, "cross_site"), "{name}: {value}");
    }
    assert_is_in(&stage, &tokens).await;
}

async fn an_application_may_post_to_sign_out(kind: Kind) {
    let (stage, tokens) = signed_in(kind).await;
    let fields = [("id_token_hint", tokens.id.text.as_str()), ("post_logout_redirect_uri", BYE), ("state", "s")];
    let post = stage.line.request(reqwest::Method::POST, "/oauth/end-session").header("origin", "https://shop.example.com");
    let again = stage.line.send(post.form(&fields)).await.redirect().to_owned();
    assert_is_in(&stage, &tokens).await;
    assert_eq!(stage.person.page(&again).await.redirect(), format!("{BYE}?state=s"));
    assert_is_out(&stage, &tokens).await;
}
