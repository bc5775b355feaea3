//! Requests at the authorization endpoint that are wrong: each has its error, at the application where that can be trusted and on a page where not.

use futures::stream::{self, StreamExt};

use super::relying_party::{Landed, RelyingParty, Request};
use super::stage::{Stage, led_to_sign_in};
use super::told;
use crate::browser::Answered;
use crate::databases::{Kind, on_both_databases};

on_both_databases!(
    what_is_wrong_in_a_request_is_told_to_its_application,
    every_parameter_twice_too_long_or_with_a_nul_is_told_to_its_application,
    a_state_that_cannot_be_returned_is_not,
    a_request_of_nobody_leads_nowhere,
    an_address_that_is_not_the_registered_one_is_never_led_to,
    an_app_may_listen_at_any_port_of_this_machine,
    one_address_has_so_many_open_requests,
);

/// A request that the shop could make.
fn good(stage: &Stage) -> Request {
    stage.shop.request("openid")
}

async fn what_is_wrong_in_a_request_is_told_to_its_application(kind: Kind) {
    let stage = Stage::new(kind).await;
    for (name, value, error) in [
        ("response_type", "", "invalid_request"),
        ("response_type", "token", "unsupported_response_type"),
        ("response_type", "code id_token", "unsupported_response_type"),
        ("response_type", "none", "unsupported_response_type"),
        ("response_type", "CODE", "unsupported_response_type"),
        ("response_mode", "fragment", "invalid_request"),
        ("response_mode", "form_post", "invalid_request"),
        ("scope", "", "invalid_request"),
        ("scope", "profile", "invalid_scope"),
        ("scope", "OPENID", "invalid_scope"),
        ("code_challenge", "", "invalid_request"),
        ("code_challenge", "short", "invalid_request"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=", "invalid_request"),
        ("code_challenge_method", "", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge_method", "s256", "invalid_request"),
        ("prompt", "none login", "invalid_request"),
        ("prompt", "None", "invalid_request"),
        ("prompt", "sing", "invalid_request"),
        ("max_age", "-1", "invalid_request"),
        ("max_age", "+1", "invalid_request"),
        ("max_age", "1.5", "invalid_request"),
        ("max_age", "soon", "invalid_request"),
        ("max_age", "99999999999999999999", "invalid_request"),
        ("request", "eyJhbGciOiJub25lIn0.e30.", "request_not_supported"),
        ("request_uri", "https://shop.example.com/r", "request_uri_not_supported"),
        ("request_uri", "urn:ietf:params:oauth:request_uri:1", "request_uri_not_supported"),
        ("registration", "{}", "registration_not_supported"),
    ] {
        for request in [good(&stage).with(name, value), good(&stage).with(name, value).reversed()] {
            assert_eq!(request.error(&stage.asks(&request).await), error, "{name}={value}");
        }
    }
    let both = good(&stage).without("code_challenge").without("code_challenge_method");
    assert_eq!(both.error(&stage.asks(&both).await), "invalid_request");
}

/// What is wrong comes back without the state where the state is what is wrong.
fn lands_without_state(stage: &Stage, answered: &Answered) -> String {
    assert_eq!(answered.status, 302, "{answered:?}");
    let landed = Landed::read(answered.header("location"), &stage.shop.redirect_uri, None);
    landed.get("error").expect("an error").to_owned()
}

async fn every_parameter_twice_too_long_or_with_a_nul_is_told_to_its_application(kind: Kind) {
    let stage = Stage::new(kind).await;
    let long = "x".repeat(4097);
    for name in [
        "response_type",
        "response_mode",
        "scope",
        "nonce",
        "code_challenge",
        "code_challenge_method",
        "prompt",
        "max_age",
        "login_hint",
        "id_token_hint",
        "ui_locales",
    ] {
        let value = good(&stage).get(name).unwrap_or("1").to_owned();
        let once = good(&stage).with(name, &value);
        for request in [once.clone().and(name, &value), once.clone().and(name, "other")] {
            assert_eq!(request.error(&stage.asks(&request).await), "invalid_request", "{name} twice");
        }
        for bad in [long.as_str(), "a\0b", "\0", "a\nb", "\u{7f}"] {
            let request = once.clone().with(name, bad);
            assert_eq!(request.error(&stage.asks(&request).await), "invalid_request", "{name}: {bad:.9?}");
        }
    }
}

async fn a_state_that_cannot_be_returned_is_not(kind: Kind) {
    let stage = Stage::new(kind).await;
    let (twice, long) = (good(&stage).and("state", "another"), good(&stage).with("state", &"x".repeat(4097)));
    for request in [twice, long, good(&stage).with("state", "a\0b"), good(&stage).with("state", "a\r\nSet-Cookie: b")] {
        assert_eq!(lands_without_state(&stage, &stage.asks(&request).await), "invalid_request");
    }
    // And one that can is, byte for byte.
    for state in ["우리 & <b>\"'%00+", "x".repeat(4096).as_str()] {
        let request = good(&stage).with("state", state);
        request.code(&stage.asks(&request).await);
    }
    let without = good(&stage).without("state");
    without.code(&stage.asks(&without).await);
}

async fn a_request_of_nobody_leads_nowhere(kind: Kind) {
    let stage = Stage::new(kind).await;
    let long = "x".repeat(4097);
    for request in [
        good(&stage).without("client_id"),
        good(&stage).with("client_id", ""),
        good(&stage).with("client_id", "nobody"),
        good(&stage).with("client_id", "SHOP"),
        good(&stage).with("client_id", "shop\0"),
        good(&stage).with("client_id", &long),
        good(&stage).and("client_id", "shop"),
        good(&stage).without("redirect_uri"),
        good(&stage).and("redirect_uri", &stage.shop.redirect_uri),
        good(&stage).with("redirect_uri", &long),
        good(&stage).with("redirect_uri", "\0"),
    ] {
        for request in [request.clone().with("prompt", "none"), request] {
            let told = told::page(&stage.asks(&request).await);
            assert_eq!(told, (400, "invalid_request".into()), "{:.300}", request.path());
        }
    }
    let nothing = stage.person.page("/oauth/authorize").await;
    assert_eq!(told::page(&nothing), (400, "invalid_request".into()));
    assert!(nothing.body.contains("client_id is missing"), "whoever makes the application can read what is wrong");
    let korean = stage.person.request(reqwest::Method::GET, "/oauth/authorize").header("accept-language", "ko");
    let korean = stage.world.browser().send(korean.header("accept", "text/html")).await;
    assert!(korean.body.contains("lang=\"ko\"") || korean.body.contains("lang=\"en\""), "{}", korean.body);
}

async fn an_address_that_is_not_the_registered_one_is_never_led_to(kind: Kind) {
    let other = RelyingParty::confidential("other");
    let public = RelyingParty::public("app");
    let stage = Stage::with(kind, &[RelyingParty::shop(), other.clone(), public.clone()], &[]).await;
    for uri in [
        "https://shop.example.com/callback/",
        "https://shop.example.com/callback?",
        "https://shop.example.com/callback?a=b",
        "https://shop.example.com/callback#",
        "https://shop.example.com/callback#a",
        "https://shop.example.com/Callback",
        "https://SHOP.example.com/callback",
        "HTTPS://shop.example.com/callback",
        "https://shop.example.com:443/callback",
        "https://shop.example.com./callback",
        "https://shop.example.com/%63allback",
        "https://shop.example.com/x/../callback",
        "https://shop.example.com//callback",
        "https://user@shop.example.com/callback",
        "https://shop.example.com@evil.example/callback",
        "https://shop.example.com.evil.example/callback",
        "https://evil.example/https://shop.example.com/callback",
        "http://shop.example.com/callback",
        "//shop.example.com/callback",
        "/callback",
        " https://shop.example.com/callback",
        "https://shop.example.com/callback ",
        "https:\\\\shop.example.com\\callback",
        "javascript:alert(document.domain)",
        "data:text/html,<script>alert(1)</script>",
        "http://127.0.0.1/callback",
        &other.redirect_uri,
    ] {
        for request in [good(&stage).with("redirect_uri", uri), good(&stage).with("redirect_uri", uri).with("prompt", "none")] {
            assert_eq!(told::page(&stage.asks(&request).await), (400, "invalid_request".into()), "{uri}");
            // Nor when something else is wrong as well.
            let wrong = request.with("response_type", "token");
            assert_eq!(told::page(&stage.asks(&wrong).await), (400, "invalid_request".into()), "{uri}");
        }
    }
}

async fn an_app_may_listen_at_any_port_of_this_machine(kind: Kind) {
    let app = RelyingParty::public("app");
    let stage = Stage::of(kind, app.clone()).await;
    for port in ["", ":1", ":5123", ":65535"] {
        let here = app.at(&format!("http://127.0.0.1{port}/callback"));
        stage.tokens_of(&here, &here.request("openid")).await;
    }
    for uri in [
        "http://localhost/callback",
        "http://[::1]/callback",
        "http://127.0.0.1:65536/callback",
        "http://127.0.0.1:0x1/callback",
        "http://127.0.0.1:/callback",
        "http://127.0.0.1:080/callback",
        "http://127.0.0.1:80@evil.example/callback",
        "http://127.0.0.1.evil.example/callback",
        "http://127.0.0.2/callback",
        "https://127.0.0.1/callback",
        "http://127.0.0.1:5123/callback/",
    ] {
        let request = app.request("openid").with("redirect_uri", uri);
        assert_eq!(told::page(&stage.asks(&request).await), (400, "invalid_request".into()), "{uri}");
    }
    let bare = app.request("openid").without("code_challenge").without("code_challenge_method");
    assert_eq!(bare.error(&stage.asks(&bare).await), "invalid_request", "nothing else protects it");
}

/// How many ask at once: what is under way is not counted yet.
const AT_ONCE: usize = 8;

async fn one_address_has_so_many_open_requests(kind: Kind) {
    let settings = [("TRUSTED_PROXIES", "1")];
    let stage = Stage::with(kind, &[RelyingParty::shop()], &settings).await;
    let (stranger, path) = (stage.world.browser(), good(&stage).path());
    let from = |address: &str| {
        let request = stranger.request(reqwest::Method::GET, &path).header("x-forwarded-for", address);
        request.header("accept", "text/html")
    };
    let asked = (0..5000).map(|_| stranger.send(from("203.0.113.1")));
    let told: Vec<_> = stream::iter(asked).buffer_unordered(AT_ONCE).collect().await;
    let taken = told.iter().filter(|answered| answered.status == 302).count();
    assert!((500..500 + AT_ONCE).contains(&taken), "{taken}");
    for refused in told.iter().filter(|answered| answered.status != 302) {
        assert_eq!(told::page(refused), (429, "temporarily_unavailable".into()));
    }
    let rows = crate::databases::rows_of_all_tables(stage.world.database_url()).await["authorization_requests"];
    assert_eq!(usize::try_from(rows).ok(), Some(taken));
    // Others wait on, whoever is signed in goes through, and in ten minutes it is as before.
    led_to_sign_in(&stranger.send(from("203.0.113.2")).await);
    let request = good(&stage);
    request.code(&stage.asks(&request).await);
    stage.world.advance(600);
    led_to_sign_in(&stranger.send(from("203.0.113.1")).await);
}
