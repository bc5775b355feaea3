//! Every endpoint with what is no call of it: a wrong method, no body, another kind of body, one that is too large, bytes that are no text.

use reqwest::Method;

use super::relying_party::random;
use super::stage::Stage;
use super::told;
use crate::browser::{Answered, FORM, JSON};
use crate::databases::{Kind, on_both_databases};

on_both_databases!(
    a_wrong_method_is_refused_in_the_form_that_its_caller_reads,
    a_body_that_is_no_call_is_refused,
    a_body_that_is_too_large_is_refused,
    bytes_that_are_no_text_are_no_fault,
    a_token_that_is_none_opens_nothing,
    applications_in_browsers_may_call_from_anywhere_and_bring_no_cookie,
);

/// What applications read: JSON. The methods are those that lead somewhere.
const CALLED: [(&str, &[&str]); 7] = [
    ("/oauth/token", &["POST"]),
    ("/oauth/revoke", &["POST"]),
    ("/oauth/introspect", &["POST"]),
    ("/oauth/userinfo", &["GET", "POST"]),
    ("/oauth/jwks", &["GET"]),
    ("/.well-known/openid-configuration", &["GET"]),
    ("/.well-known/oauth-authorization-server", &["GET"]),
];

/// What people see.
const SHOWN: [(&str, &[&str]); 8] = [
    ("/oauth/authorize", &["GET", "POST"]),
    ("/oauth/continue", &["GET"]),
    ("/oauth/end-session", &["GET", "POST"]),
    ("/oauth/end-session/confirm", &["POST"]),
    ("/forward-auth", &["GET"]),
    ("/.beonho/begin", &["GET"]),
    ("/.beonho/callback", &["GET"]),
    ("/.beonho/sign-out", &["GET"]),
];

async fn send(stage: &Stage, method: &str, path: &str, kind: &str, body: impl Into<reqwest::Body>) -> Answered {
    let method = Method::from_bytes(method.as_bytes()).expect("a method");
    let request = stage.line.request(method, path).header("accept", "text/html,*/*");
    let request = if kind.is_empty() { request } else { request.header("content-type", kind) };
    stage.line.send(request.body(body)).await
}

async fn a_wrong_method_is_refused_in_the_form_that_its_caller_reads(kind: Kind) {
    let stage = Stage::new(kind).await;
    for (path, methods) in CALLED.into_iter().chain(SHOWN) {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"] {
            if methods.contains(&method) {
                continue;
            }
            let refused = send(&stage, method, path, "", "").await;
            let told = if CALLED.iter().any(|(called, _)| *called == path) { told::error(&refused) } else { told::page(&refused) };
            assert_eq!(told, (405, "invalid_request".into()), "{method} {path}");
            assert!(methods.iter().all(|method| refused.header("allow").contains(method)), "{method} {path}: {refused:?}");
        }
    }
}

async fn a_body_that_is_no_call_is_refused(kind: Kind) {
    let stage = Stage::new(kind).await;
    for path in ["/oauth/token", "/oauth/revoke", "/oauth/introspect"] {
        for (kind, body) in
            [("", ""), (JSON, r#"{"grant_type":"authorization_code"}"#), ("text/plain", "a=b"), ("multipart/form-data", "a")]
        {
            let refused = send(&stage, "POST", path, kind, body).await;
            assert_eq!(told::error(&refused), (400, "invalid_request".into()), "{path}: {kind}");
        }
        let empty = send(&stage, "POST", path, FORM, "").await;
        assert_eq!(told::error(&empty), (401, "invalid_client".into()), "{path}");
    }
    for (kind, body) in [("", ""), (JSON, r#"{"access_token":"x"}"#), (FORM, "")] {
        let refused = send(&stage, "POST", "/oauth/userinfo", kind, body).await;
        assert_eq!((refused.status, refused.header("www-authenticate")), (401, "Bearer realm=\"beonho\""), "{kind}");
    }
    // A post that says nothing is asked again by a link, and then there is nobody who asked.
    for (kind, body) in [("", ""), (JSON, r#"{"client_id":"shop"}"#), ("multipart/form-data", "client_id=shop"), (FORM, "")] {
        let again = send(&stage, "POST", "/oauth/authorize", kind, body).await.redirect().to_owned();
        assert_eq!(again, "/oauth/authorize?");
        assert_eq!(told::page(&stage.line.page(&again).await), (400, "invalid_request".into()));
        let again = send(&stage, "POST", "/oauth/end-session", kind, body).await.redirect().to_owned();
        assert_eq!(stage.line.page(&again).await.page_state(), "left");
        assert_eq!(send(&stage, "POST", "/oauth/end-session/confirm", kind, body).await.page_state(), "left");
    }
}

async fn a_body_that_is_too_large_is_refused(kind: Kind) {
    let stage = Stage::new(kind).await;
    let large = format!("a={}", "x".repeat(16 * 1024));
    for (path, _) in CALLED.iter().filter(|(_, methods)| methods.contains(&"POST")) {
        assert_eq!(told::error(&send(&stage, "POST", path, FORM, large.clone()).await), (413, "invalid_request".into()), "{path}");
    }
    for (path, _) in SHOWN.iter().filter(|(_, methods)| methods.contains(&"POST")) {
        assert_eq!(told::page(&send(&stage, "POST", path, FORM, large.clone()).await), (413, "invalid_request".into()), "{path}");
    }
    let many = "a=b&".repeat(3000);
    let refused = send(&stage, "POST", "/oauth/token", FORM, many).await;
    assert_eq!(told::error(&refused), (401, "invalid_client".into()));
}

async fn bytes_that_are_no_text_are_no_fault(kind: Kind) {
    let stage = Stage::new(kind).await;
    let odd: [&[u8]; 6] =
        [b"\xff\xfe\x00=\x80", b"%zz&%&&==&%00=%00", b"client_id=%ff&client_id", b"\0\0\0\0", b"[]=1;2", &[0xf0; 900]];
    for body in odd {
        for path in ["/oauth/token", "/oauth/revoke", "/oauth/introspect"] {
            let refused = send(&stage, "POST", path, FORM, body.to_vec()).await;
            assert_eq!(told::error(&refused), (401, "invalid_client".into()), "{path}: {body:?}");
        }
        assert_eq!(send(&stage, "POST", "/oauth/userinfo", FORM, body.to_vec()).await.status, 401);
        let again = send(&stage, "POST", "/oauth/authorize", FORM, body.to_vec()).await.redirect().to_owned();
        assert_eq!(told::page(&stage.line.page(&again).await).0, 400, "{again}");
    }
    for query in
        ["request=a&request=b", "request=%ff", "request=%00", "request", "&&=&%", &"request=x&".repeat(99), "request=../../x"]
    {
        assert_eq!(
            told::page(&stage.line.page(&format!("/oauth/continue?{query}")).await),
            (400, "request_over".into()),
            "{query}"
        );
    }
    for path in ["/forward-auth?client=a&client=b", "/forward-auth?client=%ff", "/forward-auth"] {
        let refused = stage.line.page(path).await;
        assert!([400, 403].contains(&refused.status), "{path}: {refused:?}");
    }
    for path in ["/.beonho/begin?to=a&to=b", "/.beonho/begin?to=%ff", "/.beonho/callback?code=a&code=b", "/.beonho/sign-out?%00"] {
        assert_eq!(told::page(&stage.line.page(path).await).0, 404, "{path}: no application is here");
    }
}

async fn a_token_that_is_none_opens_nothing(kind: Kind) {
    let stage = Stage::new(kind).await;
    let tokens = stage.tokens("openid").await;
    let (cookie, id) = (stage.person.cookie().expect("a cookie"), tokens.id.text.clone());
    for token in [random(), "x".into(), "x".repeat(5000), cookie, id, tokens.access.to_lowercase(), format!("{}x", tokens.access)] {
        let refused = stage.line.send(stage.line.request(Method::GET, "/oauth/userinfo").bearer_auth(&token)).await;
        assert_eq!(told::error(&refused), (401, "invalid_token".into()), "{token:.50}");
        assert_eq!(refused.header("www-authenticate"), "Bearer realm=\"beonho\", error=\"invalid_token\"");
    }
    let twice = stage.line.request(Method::POST, "/oauth/userinfo").bearer_auth(&tokens.access);
    let twice = stage.line.send(twice.form(&[("access_token", &tokens.access)])).await;
    assert_eq!(told::error(&twice), (400, "invalid_request".into()));
    let doubled = stage.line.request(Method::GET, "/oauth/userinfo").bearer_auth(&tokens.access).bearer_auth(&tokens.access);
    assert_eq!(told::error(&stage.line.send(doubled).await), (400, "invalid_request".into()));
    for scheme in ["Basic", "Token", ""] {
        let request =
            stage.line.request(Method::GET, "/oauth/userinfo").header("authorization", format!("{scheme} {}", tokens.access));
        assert_eq!(stage.line.send(request).await.status, 401, "{scheme}");
    }
}

async fn applications_in_browsers_may_call_from_anywhere_and_bring_no_cookie(kind: Kind) {
    let stage = Stage::new(kind).await;
    for path in ["/oauth/token", "/oauth/userinfo", "/oauth/revoke", "/oauth/jwks", "/.well-known/openid-configuration"] {
        let asked = stage.line.request(Method::OPTIONS, path).header("origin", "https://app.example.com");
        let asked = asked.header("access-control-request-method", "POST").header("access-control-request-headers", "authorization");
        let told = stage.line.send(asked).await;
        assert_eq!((told.status, told.header("access-control-allow-origin")), (200, "*"), "{path}");
        assert_eq!(told.header("access-control-allow-credentials"), "", "{path}");
        assert!(told.header("access-control-allow-headers").contains("authorization"), "{path}: {told:?}");
    }
    let refused =
        stage.line.request(Method::POST, "/oauth/token").header("origin", "https://app.example.com").header("content-type", FORM);
    let refused = stage.line.send(refused.body("")).await;
    assert_eq!((told::error(&refused).0, refused.header("access-control-allow-origin")), (401, "*"), "it can read what is wrong");
    for path in ["/oauth/authorize", "/oauth/introspect", "/welcome", "/oauth/end-session"] {
        let request = stage.person.request(Method::GET, path).header("origin", "https://app.example.com");
        assert_eq!(stage.person.send(request).await.header("access-control-allow-origin"), "", "{path}");
    }
    let with_cookie = stage.person.page("/oauth/userinfo").await;
    assert_eq!(with_cookie.status, 401, "a cookie opens nothing of it");
}
