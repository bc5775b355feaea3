//! Calls at the token endpoint that are wrong, and who may make them.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::Method;
use reqwest::header::AUTHORIZATION;

use super::relying_party::{RelyingParty, encoded, random};
use super::stage::Stage;
use super::told;
use crate::browser::{Answered, FORM, JSON};
use crate::databases::{Kind, on_both_databases};

on_both_databases!(
    a_code_is_for_one_application_one_address_and_one_verifier,
    what_is_wrong_in_a_call_has_its_error,
    every_parameter_of_a_call_twice_too_long_or_with_a_nul_is_refused,
    a_code_is_good_for_a_minute,
    whoever_cannot_say_who_they_are_is_told_so,
    a_secret_may_be_one_of_two_and_stand_in_either_place,
    ten_wrong_secrets_are_enough_for_a_minute_and_for_one_address,
    a_token_is_revoked_by_its_application_alone,
    a_token_tells_an_application_with_a_secret_what_it_is,
);

const GRANT: (&str, &str) = ("grant_type", "authorization_code");

async fn a_code_is_for_one_application_one_address_and_one_verifier(kind: Kind) {
    let shop =
        RelyingParty::shop().set("redirect_uris", ["https://shop.example.com/callback", "https://shop.example.com/two"].as_slice());
    let (other, app) = (RelyingParty::confidential("other"), RelyingParty::public("app"));
    let stage = Stage::with(kind, &[shop.clone(), other.clone(), app.clone()], &[]).await;
    let (request, another) = (shop.request("openid"), shop.request("openid"));
    let code = request.code(&stage.asks(&request).await);
    let fields = request.code_fields(&code);
    let with = |name: &str, value: &'static str| fields.map(|(named, old)| (named, if named == name { value } else { old }));
    let verifier = fields.map(|(name, old)| (name, if name == "code_verifier" { another.verifier.as_str() } else { old }));
    for party in [&other, &app] {
        assert_eq!(
            told::error(&party.call(&stage.line, "/oauth/token", &fields).await),
            (400, "invalid_grant".into()),
            "{}",
            party.id
        );
    }
    for wrong in [
        &with("redirect_uri", "https://shop.example.com/two")[..],
        &with("redirect_uri", "https://shop.example.com/callback/"),
        &with("code", "another"),
        &with("code", "%00"),
        &verifier,
        &with("code_verifier", "short"),
        &with("code_verifier", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        &fields[..3],
    ] {
        let told = told::error(&shop.call(&stage.line, "/oauth/token", wrong).await);
        assert_eq!(told, (400, "invalid_grant".into()), "{wrong:?}");
    }
    // None of that has used it up.
    stage.redeems(&shop, &code, &request).await;
}

async fn what_is_wrong_in_a_call_has_its_error(kind: Kind) {
    let stage = Stage::new(kind).await;
    for (fields, error) in [
        (&[][..], "invalid_request"),
        (&[("grant_type", "")], "invalid_request"),
        (&[("grant_type", "password"), ("username", "a"), ("password", "b")], "unsupported_grant_type"),
        (&[("grant_type", "client_credentials")], "unsupported_grant_type"),
        (&[("grant_type", "implicit")], "unsupported_grant_type"),
        (&[GRANT], "invalid_request"),
        (&[GRANT, ("code", "x")], "invalid_request"),
        (&[GRANT, ("redirect_uri", "https://shop.example.com/callback")], "invalid_request"),
        (&[GRANT, ("code", "x"), ("redirect_uri", "https://shop.example.com/callback")], "invalid_grant"),
        (&[("grant_type", "refresh_token")], "invalid_request"),
        (&[("grant_type", "refresh_token"), ("refresh_token", "x")], "invalid_grant"),
    ] {
        for answered in [
            stage.shop.call(&stage.line, "/oauth/token", fields).await,
            stage.shop.call_by_form(&stage.line, "/oauth/token", fields).await,
        ] {
            assert_eq!(told::error(&answered), (400, error.into()), "{fields:?}");
            assert_eq!(answered.header("www-authenticate"), "", "it is known who called");
        }
    }
}

async fn every_parameter_of_a_call_twice_too_long_or_with_a_nul_is_refused(kind: Kind) {
    let stage = Stage::new(kind).await;
    let request = stage.shop.request("openid");
    let code = request.code(&stage.asks(&request).await);
    let (fields, long) = (request.code_fields(&code), "x".repeat(4097));
    for (name, value) in fields {
        let twice: Vec<_> = fields.into_iter().chain([(name, value)]).collect();
        let refused = stage.shop.call(&stage.line, "/oauth/token", &twice).await;
        assert_eq!(told::error(&refused), (400, "invalid_request".into()), "{name} twice");
        for bad in [long.as_str(), "a\0b", "\r\n"] {
            let fields = fields.map(|(named, old)| (named, if named == name { bad } else { old }));
            let refused = stage.shop.call(&stage.line, "/oauth/token", &fields).await;
            assert_eq!(told::error(&refused), (400, "invalid_request".into()), "{name}: {bad:.9?}");
        }
    }
    let ids: Vec<_> = fields.into_iter().chain([("client_id", "shop"), ("client_id", "shop")]).collect();
    assert_eq!(told::error(&stage.shop.call(&stage.line, "/oauth/token", &ids).await), (400, "invalid_request".into()));
    stage.redeems(&stage.shop, &code, &request).await;
}

async fn a_code_is_good_for_a_minute(kind: Kind) {
    let stage = Stage::new(kind).await;
    for (secs, is_good) in [(59, true), (60, false)] {
        let request = stage.shop.request("openid");
        let code = request.code(&stage.asks(&request).await);
        stage.world.advance(secs);
        assert_eq!(stage.shop.redeems(&stage.line, &code, &request).await.status == 200, is_good, "{secs} s");
    }
}

/// A call with these headers and fields, by whoever.
async fn calls(stage: &Stage, headers: &[&str], fields: &[(&str, &str)]) -> Answered {
    let mut request = stage.line.request(Method::POST, "/oauth/token").header("content-type", FORM);
    for header in headers {
        request = request.header(AUTHORIZATION, *header);
    }
    stage.line.send(request.body(encoded(fields))).await
}

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{id}:{secret}")))
}

async fn whoever_cannot_say_who_they_are_is_told_so(kind: Kind) {
    let (shop, app) = (RelyingParty::shop(), RelyingParty::public("app"));
    let stage = Stage::with(kind, &[shop.clone(), app], &[]).await;
    let (right, wrong, nobody) = (basic("shop", &shop.secret), basic("shop", "wrong"), basic("nobody", "x"));
    let (right, wrong, nobody) = (right.as_str(), wrong.as_str(), nobody.as_str());
    let (id, secret) = (("client_id", "shop"), ("client_secret", shop.secret.as_str()));
    for (headers, fields, told) in [
        (&[][..], &[GRANT][..], (401, "invalid_client")),
        (&[], &[GRANT, id], (401, "invalid_client")),
        (&[], &[GRANT, id, ("client_secret", "wrong")], (401, "invalid_client")),
        (&[], &[GRANT, ("client_id", "nobody"), secret], (401, "invalid_client")),
        (&[], &[GRANT, ("client_id", "app"), secret], (401, "invalid_client")),
        (&[], &[GRANT, id, ("client_assertion", "x"), ("client_assertion_type", "y")], (401, "invalid_client")),
        (&[wrong], &[GRANT], (401, "invalid_client")),
        (&[nobody], &[GRANT], (401, "invalid_client")),
        (&["Basic %%%"], &[GRANT], (401, "invalid_client")),
        (&["Basic c2hvcA=="], &[GRANT], (401, "invalid_client")),
        (&["Basic"], &[GRANT], (401, "invalid_client")),
        (&["Bearer x"], &[GRANT], (401, "invalid_client")),
        (&[right], &[GRANT, secret], (400, "invalid_request")),
        (&[right], &[GRANT, ("client_id", "app")], (400, "invalid_request")),
        (&[right, right], &[GRANT], (400, "invalid_request")),
        // It is known who they are, and no code came along.
        (&[right], &[GRANT, id], (400, "invalid_request")),
        (&[], &[GRANT, id, secret], (400, "invalid_request")),
        (&[], &[GRANT, ("client_id", "app")], (400, "invalid_request")),
    ] {
        let answered = calls(&stage, headers, fields).await;
        assert_eq!(told::error(&answered), (told.0, told.1.to_owned()), "{headers:?} {fields:?}");
        let is_basic = told.0 == 401 && headers.iter().any(|header| header.starts_with("Basic "));
        assert_eq!(answered.header("www-authenticate").starts_with("Basic realm="), is_basic, "{headers:?} {fields:?}");
    }
    let in_query = format!("/oauth/token?{}", encoded(&[id, secret]));
    let answered = stage.line.post(&in_query, FORM, JSON, encoded(&[GRANT])).await;
    assert_eq!(told::error(&answered), (401, "invalid_client".into()), "an address is no place for a secret");
}

async fn a_secret_may_be_one_of_two_and_stand_in_either_place(kind: Kind) {
    let (shop, odd) = (RelyingParty::shop(), "a b+c%3A:é/ü&=우리");
    let digest = beonho::server::clients::digest_of(odd);
    let own = beonho::server::clients::digest_of(&shop.secret);
    let shop = shop.set("client_secret_sha256", [own, digest].as_slice());
    let stage = Stage::of(kind, shop.clone()).await;
    let escaped: String = url::form_urlencoded::byte_serialize(odd.as_bytes()).collect();
    let header = basic("shop", &escaped);
    for (headers, fields) in [
        (vec![header.as_str()], vec![GRANT]),
        (vec![], vec![GRANT, ("client_id", "shop"), ("client_secret", odd)]),
        (vec![], vec![GRANT, ("client_id", "shop"), ("client_secret", shop.secret.as_str())]),
    ] {
        assert_eq!(told::error(&calls(&stage, &headers, &fields).await), (400, "invalid_request".into()), "{fields:?}");
    }
}

async fn ten_wrong_secrets_are_enough_for_a_minute_and_for_one_address(kind: Kind) {
    let other = RelyingParty::confidential("other");
    let stage = Stage::with(kind, &[RelyingParty::shop(), other.clone()], &[("TRUSTED_PROXIES", "1")]).await;
    let call = async |party: &RelyingParty, secret: &str, address: &str| {
        let request = stage.line.request(Method::POST, "/oauth/token").header(AUTHORIZATION, basic(&party.id, secret));
        let request = request.header("x-forwarded-for", address).header("content-type", FORM).body(encoded(&[GRANT]));
        let answered = stage.line.send(request).await;
        (told::error(&answered), answered.header("retry-after").to_owned())
    };
    let (here, there) = ("203.0.113.1", "203.0.113.2");
    let served = ((400, "invalid_request".to_owned()), String::new());
    for n in 0..10 {
        let wrong = call(&stage.shop, &random(), here).await;
        assert_eq!(wrong, ((401, "invalid_client".into()), String::new()), "the {n}. time");
    }
    for secret in [random(), stage.shop.secret.clone()] {
        assert_eq!(call(&stage.shop, &secret, here).await, ((429, "invalid_client".into()), "60".into()));
    }
    assert_eq!(call(&stage.shop, &stage.shop.secret, there).await, served, "the application itself is somewhere else");
    assert_eq!(call(&other, &other.secret, here).await, served);
    stage.world.advance(60);
    assert_eq!(call(&stage.shop, &stage.shop.secret, here).await, served);
}

async fn a_token_is_revoked_by_its_application_alone(kind: Kind) {
    let refreshing = |id: &str| RelyingParty::confidential(id).set("refresh", true);
    let other = refreshing("other");
    let stage = Stage::with(kind, &[refreshing("shop"), other.clone()], &[]).await;
    let revoke =
        async |party: &RelyingParty, token: &str| party.call(&stage.line, "/oauth/revoke", &[("token", token)]).await.status;
    let (first, second) = (stage.tokens("openid offline_access").await, stage.tokens("openid offline_access").await);
    let refresh = first.refresh.as_deref().expect("a refresh token");
    for (party, token) in [(&other, first.access.as_str()), (&other, refresh), (&stage.shop, "none"), (&stage.shop, "\u{e9}")] {
        assert_eq!(revoke(party, token).await, 200, "what is none is over already");
    }
    assert!(stage.is_good(&first).await);
    assert_eq!(revoke(&stage.shop, &second.access).await, 200);
    assert!(stage.is_good(&first).await && !stage.is_good(&second).await);
    assert_eq!(revoke(&stage.shop, refresh).await, 200);
    assert!(!stage.is_good(&first).await, "a refresh token goes with all that came of its code");
    assert_eq!(told::error(&stage.shop.refreshes(&stage.line, refresh).await), (400, "invalid_grant".into()));
    let missing = stage.shop.call(&stage.line, "/oauth/revoke", &[]).await;
    assert_eq!(told::error(&missing), (400, "invalid_request".into()));
    let anybody = stage.line.post("/oauth/revoke", FORM, JSON, encoded(&[("token", refresh)])).await;
    assert_eq!(told::error(&anybody), (401, "invalid_client".into()));
}

async fn a_token_tells_an_application_with_a_secret_what_it_is(kind: Kind) {
    let app = RelyingParty::public("app");
    let stage = Stage::with(kind, &[RelyingParty::shop().set("refresh", true), app.clone()], &[]).await;
    let tokens = stage.tokens("openid offline_access").await;
    let refresh = tokens.refresh.clone().expect("a refresh token");
    let look = async |token: &str| stage.shop.call(&stage.line, "/oauth/introspect", &[("token", token)]).await.json();
    let told = look(&tokens.access).await;
    assert_eq!((&told["active"], &told["sub"], &told["client_id"]), (&true.into(), &tokens.id.claims["sub"], &"shop".into()));
    assert_eq!((told["exp"].as_i64(), told["token_type"].as_str()), (Some(stage.now_secs() + 600), Some("Bearer")));
    assert_eq!((&look(&refresh).await["active"], look(&refresh).await.get("token_type")), (&true.into(), None));
    for token in ["x", "\u{e9}", &tokens.id.text, &stage.person.cookie().expect("a cookie")] {
        assert_eq!(look(token).await, serde_json::json!({"active": false}), "{token}");
    }
    stage.world.advance(600);
    assert_eq!(look(&tokens.access).await, serde_json::json!({"active": false}));
    let refused = app.call(&stage.line, "/oauth/introspect", &[("token", &refresh)]).await;
    assert_eq!(told::error(&refused), (401, "invalid_client".into()));
    assert_eq!(told::error(&stage.shop.call(&stage.line, "/oauth/introspect", &[]).await), (400, "invalid_request".into()));
}
