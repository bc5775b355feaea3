//! A door in front of a proxy: what the proxy is told, and that nobody gets through who only says so.

use reqwest::Method;
use reqwest::header::COOKIE;

use super::relying_party::{ISSUER, RelyingParty, userinfo};
use super::stage::Stage;
use super::told;
use crate::browser::{Answered, Browser};
use crate::databases::{Kind, on_both_databases};
use crate::world::{NUMBER, OTHER_NUMBER};

on_both_databases!(
    whoever_is_signed_in_is_let_through_and_the_application_knows_them,
    whoever_signs_in_at_the_door_ends_where_they_wanted_to_go,
    forged_headers_open_nothing,
    a_foreign_page_gets_nothing_done,
    a_cookie_opens_the_one_door_that_it_is_for,
    a_way_in_is_for_one_browser_and_for_once,
    a_sign_out_closes_the_door,
    without_a_proxy_that_is_believed_there_is_no_door,
);

const WIKI: &str = "wiki.example.com";

fn guarded(id: &str) -> RelyingParty {
    RelyingParty::confidential(id).set("forward_auth_origin", format!("https://{id}.example.com"))
}

async fn stage(kind: Kind) -> Stage {
    let parties = [guarded("wiki").set("refresh", true), guarded("blog").set("scope", "openid profile")];
    Stage::with(kind, &parties, &[("TRUSTED_PROXIES", "1")]).await
}

/// Something that a proxy lets through to Beonho, or asks it, for a browser with these cookies at an application's host.
async fn by_proxy(stage: &Stage, host: &str, path: &str, more: &[(&str, &str)]) -> Answered {
    let request = stage.line.request(Method::GET, path).header("x-forwarded-for", "203.0.113.1");
    let mut request = request.header("x-forwarded-proto", "https").header("x-forwarded-host", host);
    for (name, value) in more {
        request = request.header(*name, *value);
    }
    stage.line.send(request).await
}

async fn asks(stage: &Stage, more: &[(&str, &str)]) -> Answered {
    by_proxy(stage, WIKI, "/forward-auth?client=wiki", &[&[("x-forwarded-uri", "/page?a=b&c")], more].concat()).await
}

async fn is_open(stage: &Stage, id: &str, cookie: &str) -> bool {
    let (host, path) = (format!("{id}.example.com"), format!("/forward-auth?client={id}"));
    let answered = by_proxy(stage, &host, &path, &[(COOKIE.as_str(), cookie)]).await;
    assert_eq!(answered.headers.contains_key("remote-user"), answered.status == 200, "{answered:?}");
    answered.status == 200
}

/// The cookie of the application's host, as the browser sends it.
fn cookie(id: &str, value: &str) -> String {
    format!("__Host-beonho-{id}={value}")
}

/// Begins at the door: the path at Beonho that it leads to, and the cookie that the browser keeps meanwhile.
async fn begins(stage: &Stage, id: &str, to: &str) -> (String, String) {
    let begun = by_proxy(stage, &format!("{id}.example.com"), &format!("/.beonho/begin?to={to}"), &[]).await;
    let path = begun.redirect().strip_prefix(ISSUER).expect("it leads to Beonho").to_owned();
    let set = begun.header("set-cookie");
    assert!(set.starts_with("__Host-beonho-state-"), "{set}");
    for word in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(set.contains(word), "{word}: {set}");
    }
    (path, format!("__Host-beonho-state-{id}={}", begun.set_cookie_of(&format!("beonho-state-{id}")).expect("a cookie")))
}

/// Comes back to the application's host.
async fn returns(stage: &Stage, answered: &Answered, id: &str, ticket: &str) -> Answered {
    assert_eq!(answered.status, 302, "{answered:?}");
    let host = format!("{id}.example.com");
    let origin = format!("https://{host}");
    let path = answered.header("location").strip_prefix(&origin).expect("it leads to the application").to_owned();
    assert!(path.starts_with("/.beonho/callback?"), "{path}");
    by_proxy(stage, &host, &path, &[(COOKIE.as_str(), ticket)]).await
}

/// Goes the whole way in, and brings the cookie back.
async fn enters(stage: &Stage, person: &Browser, id: &str) -> String {
    let (path, ticket) = begins(stage, id, "/page").await;
    let back = returns(stage, &person.page(&path).await, id, &ticket).await;
    assert_eq!(back.redirect(), "/page");
    cookie(id, &back.set_cookie_of(&format!("beonho-{id}")).expect("a cookie"))
}

async fn whoever_is_signed_in_is_let_through_and_the_application_knows_them(kind: Kind) {
    let stage = stage(kind).await;
    let sub = stage.tokens("openid").await.id.text_of("sub");
    let refused = asks(&stage, &[("accept", "text/html")]).await;
    let begin = "https://wiki.example.com/.beonho/begin?to=%2Fpage%3Fa%3Db%26c";
    assert_eq!((refused.status, refused.header("location")), (401, begin));
    let wiki = enters(&stage, &stage.person, "wiki").await;
    let open = asks(&stage, &[("cookie", &wiki)]).await;
    assert_eq!((open.status, open.header("remote-user")), (200, sub.as_str()));
    assert_eq!((open.header("remote-name"), open.header("remote-phone")), ("%EB%A8%BC%EC%A0%80", "+821012345678"));
    let nginx = [("x-original-url", "https://wiki.example.com/page"), ("x-original-method", "POST"), ("cookie", wiki.as_str())];
    assert_eq!(by_proxy(&stage, "id.example.com", "/forward-auth?client=wiki", &nginx).await.status, 200);
    let blog = enters(&stage, &stage.person, "blog").await;
    let open = by_proxy(&stage, "blog.example.com", "/forward-auth?client=blog", &[("cookie", &blog)]).await;
    assert_eq!((open.status, open.header("remote-user"), open.header("remote-phone")), (200, sub.as_str(), ""), "not asked for");
    stage.world.advance(12 * 3600 - 1);
    assert!(is_open(&stage, "wiki", &wiki).await);
    stage.world.advance(1);
    assert!(!is_open(&stage, "wiki", &wiki).await);
}

async fn whoever_signs_in_at_the_door_ends_where_they_wanted_to_go(kind: Kind) {
    let stage = stage(kind).await;
    let led = by_proxy(
        &stage,
        WIKI,
        "/forward-auth?client=wiki&unauthenticated=302",
        &[("accept", "text/html"), ("x-forwarded-uri", "/x")],
    )
    .await;
    assert_eq!((led.status, led.header("location")), (302, "https://wiki.example.com/.beonho/begin?to=%2Fx"));
    let script = by_proxy(&stage, WIKI, "/forward-auth?client=wiki&unauthenticated=302", &[("accept", "application/json")]).await;
    assert_eq!(script.status, 401, "a script is not led to a page");
    let person = stage.world.browser();
    let (path, ticket) = begins(&stage, "wiki", "/x?y=%2F").await;
    let page = super::stage::led_to_sign_in(&person.page(&path).await);
    let next = stage.proves(&person, &page, NUMBER).await;
    let back = returns(&stage, &person.page(&next).await, "wiki", &ticket).await;
    assert_eq!(back.redirect(), "/x?y=/");
    assert_eq!(back.set_cookie_of("beonho-state-wiki").as_deref(), Some(""), "that one has done its work");
    for to in [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "%2F%2Fevil.example",
        "javascript:alert(1)",
        "",
        "x",
        "/a%0d%0ab",
    ] {
        let (path, ticket) = begins(&stage, "wiki", to).await;
        let back = returns(&stage, &stage.person.page(&path).await, "wiki", &ticket).await;
        assert_eq!(back.redirect(), "/", "{to}");
    }
}

async fn forged_headers_open_nothing(kind: Kind) {
    let stage = stage(kind).await;
    let own = [("remote-user", "admin"), ("remote-name", "admin"), ("remote-phone", "+821000000000")];
    for forged in
        [&own[..], &[("cookie", "__Host-beonho-wiki=x")], &[("authorization", "Bearer x")], &[("cookie", "beonho-wiki=x")]]
    {
        let refused = asks(&stage, forged).await;
        assert_eq!(refused.status, 401, "{forged:?}");
        assert!(
            ["remote-user", "remote-name", "remote-phone"].iter().all(|name| !refused.headers.contains_key(*name)),
            "{refused:?}"
        );
    }
    let wiki = enters(&stage, &stage.person, "wiki").await;
    let both = asks(&stage, &[&own[..], &[("cookie", wiki.as_str())]].concat()).await;
    assert!(both.status == 200 && both.header("remote-user") != "admin" && both.header("remote-name") != "admin");
    for (host, path, more) in [
        ("evil.example", "/forward-auth?client=wiki", &[][..]),
        ("wiki.example.com.evil.example", "/forward-auth?client=wiki", &[]),
        ("wiki.example.com:8443", "/forward-auth?client=wiki", &[]),
        ("blog.example.com", "/forward-auth?client=wiki", &[]),
        (WIKI, "/forward-auth?client=nobody", &[]),
        (WIKI, "/forward-auth?client=", &[]),
        (WIKI, "/forward-auth", &[]),
        (WIKI, "/forward-auth?client=wiki", &[("x-original-url", "https://evil.example/")]),
        (WIKI, "/forward-auth?client=wiki", &[("x-original-url", "/page")]),
        (WIKI, "/forward-auth?client=wiki", &[("x-original-url", "https://wiki.example.com@evil.example/")]),
    ] {
        let refused = by_proxy(&stage, host, path, &[&[("cookie", wiki.as_str())], more].concat()).await;
        assert_eq!(
            (refused.status, refused.header("remote-user"), refused.header("location")),
            (403, "", ""),
            "{host} {path} {more:?}"
        );
    }
    for path in ["/.beonho/begin", "/.beonho/callback?code=x&state=y", "/.beonho/sign-out"] {
        assert_eq!(told::page(&by_proxy(&stage, "evil.example", path, &[]).await), (404, "not_found".into()), "{path}");
    }
}

async fn a_foreign_page_gets_nothing_done(kind: Kind) {
    let stage = stage(kind).await;
    let wiki = enters(&stage, &stage.person, "wiki").await;
    for (site, method, status) in [
        ("cross-site", "POST", 403),
        ("cross-site", "DELETE", 403),
        ("same-site", "POST", 200),
        ("same-origin", "POST", 200),
        ("none", "POST", 200),
        ("cross-site", "GET", 200),
    ] {
        let more = [("sec-fetch-site", site), ("x-forwarded-method", method), ("cookie", wiki.as_str())];
        assert_eq!(asks(&stage, &more).await.status, status, "{method} from {site}");
    }
}

async fn a_cookie_opens_the_one_door_that_it_is_for(kind: Kind) {
    let stage = stage(kind).await;
    let wiki = enters(&stage, &stage.person, "wiki").await;
    let value = wiki.split_once('=').expect("a cookie").1;
    assert!(is_open(&stage, "wiki", &wiki).await);
    assert!(!is_open(&stage, "blog", &cookie("blog", value)).await, "that of another application");
    assert!(!is_open(&stage, "blog", &wiki).await);
    assert!(is_open(&stage, "wiki", &format!("__Host-beonho-wiki=planted; {wiki}")).await, "a planted one hides nothing");
    let tokens = stage.tokens("openid offline_access").await;
    let session = stage.person.cookie().expect("a cookie");
    for other in [tokens.access.as_str(), tokens.refresh.as_deref().expect("a token"), &tokens.id.text, &session] {
        assert!(!is_open(&stage, "wiki", &cookie("wiki", other)).await, "{other}");
    }
    assert_eq!(userinfo(&stage.line, value).await.status, 401, "and it is no access token");
    let look = stage.shop.call(&stage.line, "/oauth/introspect", &[("token", value)]).await.json();
    assert_eq!(look, serde_json::json!({"active": false}));
    assert_eq!(stage.shop.refreshes(&stage.line, value).await.status, 400);
}

async fn a_way_in_is_for_one_browser_and_for_once(kind: Kind) {
    let stage = stage(kind).await;
    let (path, ticket) = begins(&stage, "wiki", "/page").await;
    let (_, other) = begins(&stage, "wiki", "/page").await;
    let answered = stage.person.page(&path).await;
    for wrong in ["", &other, &ticket.replace("page", "evil"), &format!("{ticket}x"), "__Host-beonho-state-wiki=..."] {
        let refused = returns(&stage, &answered, "wiki", wrong).await;
        assert_eq!(told::page(&refused), (400, "invalid_request".into()), "{wrong}");
        assert_eq!(refused.set_cookie_of("beonho-wiki"), None);
    }
    let back = returns(&stage, &answered, "wiki", &ticket).await;
    let wiki = cookie("wiki", &back.set_cookie_of("beonho-wiki").expect("a cookie"));
    assert!(is_open(&stage, "wiki", &wiki).await, "none of that has used it up");
    assert_eq!(told::page(&returns(&stage, &answered, "wiki", &ticket).await), (400, "invalid_request".into()));
    assert!(!is_open(&stage, "wiki", &wiki).await, "a code that comes twice takes all back");
    let (path, ticket) = begins(&stage, "wiki", "/page").await;
    let answered = stage.person.page(&path).await;
    stage.world.advance(60);
    assert_eq!(told::page(&returns(&stage, &answered, "wiki", &ticket).await), (400, "invalid_request".into()), "too late");
    // The application's own code is none of the door's, and the other way round.
    let (path, ticket) = begins(&stage, "wiki", "/page").await;
    let answered = stage.person.page(&path).await;
    let request = stage.shop.request("openid");
    let code = request.code(&stage.asks(&request).await);
    let start = answered.header("location").split_once("state=").expect("a state").1.to_owned();
    let mixed = format!("/.beonho/callback?code={code}&state={start}");
    assert_eq!(by_proxy(&stage, WIKI, &mixed, &[("cookie", &ticket)]).await.status, 400);
    stage.redeems(&stage.shop, &code, &request).await;
}

async fn a_sign_out_closes_the_door(kind: Kind) {
    let stage = stage(kind).await;
    let other = stage.world.browser();
    other.joins(&stage.world, OTHER_NUMBER).await;
    let theirs = enters(&stage, &other, "wiki").await;
    let (wiki, blog) = (enters(&stage, &stage.person, "wiki").await, enters(&stage, &stage.person, "blog").await);
    let out = by_proxy(&stage, WIKI, "/.beonho/sign-out", &[("cookie", &wiki)]).await;
    assert_eq!(out.redirect(), format!("{ISSUER}/oauth/end-session?client_id=wiki"));
    assert_eq!(out.set_cookie_of("beonho-wiki").as_deref(), Some(""));
    assert!(!is_open(&stage, "wiki", &wiki).await && is_open(&stage, "blog", &blog).await);
    let asked = stage.person.page("/oauth/end-session?client_id=wiki").await;
    assert_eq!(asked.page_state(), "leaving", "out of all of them only if they say so");
    let wiki = enters(&stage, &stage.person, "wiki").await;
    stage.person.form("/oauth/end-session/confirm", &[("client_id", "wiki".to_owned())]).await;
    assert!(!is_open(&stage, "wiki", &wiki).await && !is_open(&stage, "blog", &blog).await);
    assert!(is_open(&stage, "wiki", &theirs).await, "somebody else is still in");
}

async fn without_a_proxy_that_is_believed_there_is_no_door(kind: Kind) {
    let stage = Stage::with(kind, &[guarded("wiki")], &[("TRUSTED_PROXIES", "0")]).await;
    assert_eq!(asks(&stage, &[]).await.status, 403);
    assert_eq!(told::page(&by_proxy(&stage, WIKI, "/.beonho/begin?to=/", &[]).await).0, 404, "its word is not taken for the host");
}
