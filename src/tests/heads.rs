//! Heads of the real world: cookies that neighbours set, browsers that say little, machines that look ahead, names that lead here.

use reqwest::Method;
use reqwest::header::{ACCEPT, COOKIE, HeaderValue};

use crate::browser::{Answered, Browser, HTML};
use crate::databases::{Kind, on_both_databases};
use crate::world::{NUMBER, OTHER_NUMBER, World};

on_both_databases!(
    cookies_of_neighbours_hide_no_session,
    a_cookie_by_its_former_name_is_still_read,
    of_two_sessions_the_one_that_lives_counts,
    whoever_navigates_gets_a_page_whatever_it_accepts,
    nothing_but_files_is_kept_by_a_cache,
    a_language_is_chosen_by_a_person,
    the_outbox_answers_this_machine_by_its_own_names,
);

/// Somebody's look with cookies as they come over the wire.
async fn looks_with(person: &Browser, cookies: &[u8]) -> Answered {
    let request = person.stranger().request(Method::GET, "/v1/verification");
    person.stranger().send(request.header(COOKIE, HeaderValue::from_bytes(cookies).expect("a header"))).await
}

async fn cookies_of_neighbours_hide_no_session(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    person.asks(NUMBER).await;
    let ours = format!("beonho_session={}", person.cookie().expect("a cookie"));
    for (before, after) in [
        ("beonho_session=eyJmbGFzayI6MX0.x.y; ", ""),
        ("", "; beonho_session=eyJmbGFzayI6MX0.x.y"),
        ("session=foreign; a=\u{e9}; b=\"; ", "; c"),
        ("beonho_session=; beonho_session; =;;", ";"),
    ] {
        let mut cookies = before.as_bytes().to_vec();
        cookies.extend(ours.bytes().chain(after.bytes()));
        cookies.iter_mut().filter(|byte| **byte == 0xc3).for_each(|byte| *byte = 0xff);
        let looked = looks_with(&person, &cookies).await;
        assert_eq!((looked.state().as_str(), looked.new_cookie()), ("pending", None), "{before:?} {after:?}");
    }
    let foreign = looks_with(&person, b"session=eyJmbGFzayI6MX0.x.y").await;
    assert!(foreign.new_cookie().is_some(), "a neighbour's cookie is none of ours");
}

async fn a_cookie_by_its_former_name_is_still_read(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    person.joins(&world, NUMBER).await;
    let former = format!("session={}", person.cookie().expect("a cookie"));
    assert_eq!(looks_with(&person, former.as_bytes()).await.state(), "signed_up");
}

async fn of_two_sessions_the_one_that_lives_counts(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    person.asks(NUMBER).await;
    let old = person.cookie().expect("a cookie");
    person.checks(&world.code()).await;
    let new = person.cookie().expect("a cookie");
    for cookies in [format!("beonho_session={old}; beonho_session={new}"), format!("beonho_session={new}; session={old}")] {
        assert_eq!(looks_with(&person, cookies.as_bytes()).await.state(), "verified", "{cookies}");
    }
}

async fn whoever_navigates_gets_a_page_whatever_it_accepts(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    let fields: Vec<_> =
        person.page("/").await.hidden("number-form").into_iter().chain([("phone_number", "1".to_owned())]).collect();
    for (accept, name, value) in [
        ("*/*", "sec-fetch-mode", "navigate"),
        ("*/*", "upgrade-insecure-requests", "1"),
        ("TEXT/HTML", "x", "x"),
        ("application/xhtml+xml", "x", "x"),
    ] {
        let request = person.request(Method::POST, "/api/start").header(ACCEPT, accept).header(name, value).form(&fields);
        assert_eq!(person.send(request).await.redirect(), "/", "{accept} {name}");
    }
    let request = person.request(Method::POST, "/api/start").header(ACCEPT, "*/*").header("sec-fetch-mode", "cors").form(&fields);
    assert_eq!(person.send(request).await.compact().outcome, "invalid_phone_number");
}

async fn nothing_but_files_is_kept_by_a_cache(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    let answers = [
        person.looks().await,
        person.asks(NUMBER).await,
        person.page("/").await,
        person.page("/nowhere").await,
        person.form("/api/start", &[("phone_number", OTHER_NUMBER.into())]).await,
        person.island("/api/status", &[]).await,
        person.page("/language?to=en&back=/").await,
        person.page("/language?to=a&to=b").await,
        person.send(person.request(Method::PUT, "/v1/verification")).await,
    ];
    for answered in answers {
        assert_eq!(answered.header("cache-control"), "no-store", "{answered:?}");
    }
}

async fn a_language_is_chosen_by_a_person(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    let look = |method: Method, purpose: &'static str| {
        let request = person.request(method, "/language?to=ko&back=/").header(ACCEPT, HTML).header("sec-purpose", purpose);
        person.send(request)
    };
    for (method, purpose) in [(Method::GET, "prefetch;prerender"), (Method::GET, "Prefetch"), (Method::HEAD, "")] {
        assert_eq!(look(method, purpose).await.set_cookie_of("beonho_lang"), None, "{purpose}");
    }
    assert_eq!(look(Method::GET, "").await.set_cookie_of("beonho_lang").as_deref(), Some("ko"));
    for tag in ["ko", "en", "ja", "zh-Hant", "zh-Hans", "vi", "es"] {
        let request = "Ab3-_Ab3-_Ab3-_Ab3-_Ab";
        let chosen = person.page(&format!("/language?to={tag}&back=%2Fsign-in%3Frequest%3D{request}")).await;
        assert_eq!(chosen.set_cookie_of("beonho_lang").as_deref(), Some(tag));
        assert_eq!(chosen.redirect(), format!("/sign-in?request={request}"));
        let kept = person.request(Method::GET, "/").header(ACCEPT, HTML).header("cookie", format!("beonho_lang={tag}"));
        let page = person.send(kept).await.body;
        let here = format!("<a lang=\"{tag}\" hreflang=\"{tag}\" href=\"/language?to={tag}&amp;back=%2F\" aria-current=\"true\">");
        assert!(page.contains(&format!("<html lang=\"{tag}\">")) && page.contains(&here), "{page}");
        assert_eq!((page.matches("aria-current").count(), page.matches("hreflang").count()), (1, 7), "{page}");
    }
    assert_eq!(person.page("/language?to=fr&back=/").await.set_cookie_of("beonho_lang"), None);
    let unreadable = person.page("/language?to=a&to=b").await;
    assert_eq!((unreadable.status, unreadable.page_outcome_of_notice().as_str()), (400, "invalid_request"));
}

async fn the_outbox_answers_this_machine_by_its_own_names(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    for (host, status) in [
        ("localhost:3000", 200),
        ("LOCALHOST", 200),
        ("app.localhost:3000", 200),
        ("127.0.0.2", 200),
        ("[::1]:3000", 200),
        ("evil.example", 403),
        ("localhost.evil.example", 403),
        ("192.0.2.1:3000", 403),
        ("", 403),
    ] {
        for path in ["/inbox", "/inbox/messages", "/"] {
            let request = person.request(Method::GET, path).header(ACCEPT, HTML).header("host", host);
            assert_eq!(person.send(request).await.status, status, "{host} {path}");
        }
    }
}
