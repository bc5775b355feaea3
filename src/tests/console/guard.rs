//! What keeps the console to itself: its listener, its host names, its own pages.

use std::process::Command;

use reqwest::Method;
use tokio::net::TcpListener;

use super::{COOKIE_NAME, Person, audit, link};
use crate::databases::{Database, Kind, on_both_databases};
use crate::process::{PROGRAM, Process};
use crate::test_server::SECRET_KEY;
use crate::world::{NUMBER, World};

on_both_databases!(each_cookie_is_worth_nothing_at_the_other_listener, foreign_pages_and_foreign_names_are_refused);

const SCREENS: [&str; 5] = ["/", "/places", "/number", "/abuse", "/audit"];

async fn each_cookie_is_worth_nothing_at_the_other_listener(kind: Kind) {
    let world = World::new(kind).await;
    let member = world.browser();
    member.joins(&world, NUMBER).await;
    let person = Person::new(&world);
    let public = member.cookie().expect("a cookie");
    for name in ["beonho_session", COOKIE_NAME] {
        person.set_cookie(name, &public);
    }
    assert!(!person.is_in().await, "an account is no operator");
    let operator = Person::inside(&world).await;
    let cookie = operator.cookie(COOKIE_NAME).expect("a cookie");
    let stranger = world.browser();
    stranger.set_cookie(Some(cookie));
    assert_eq!(stranger.looks().await.state(), "none");
    assert_ne!(stranger.page("/welcome").await.status, 200);
    for path in ["/enter", "/places", "/number", "/abuse", "/audit", "/console.css", "/sign-in/code"] {
        assert_eq!(stranger.page(path).await.status, 404, "{path} is nothing in public");
    }
}

async fn foreign_pages_and_foreign_names_are_refused(kind: Kind) {
    let world = World::new(kind).await;
    let person = Person::inside(&world).await;
    let path = format!("{}/unlock", person.looks_up(NUMBER).await);
    let post = || person.request(Method::POST, &path).form(&[("reason", "because")]);
    for (header, value) in [
        ("origin", "http://evil.example"),
        ("origin", "null"),
        ("origin", "http://127.0.0.1:1"),
        ("origin", world.server.base.as_str()),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let answered = person.send(post().header(header, value)).await;
        assert_eq!(answered.status, 403, "{header}: {value}: {answered:?}");
    }
    assert!(!audit(&world).await.iter().any(|line| line[1] == "unlock"), "nothing was done");
    let own = post().header("origin", &world.server.console).header("sec-fetch-site", "same-origin");
    assert_eq!(person.send(own).await.status, 303);
    for host in ["evil.example", "evil.example:9465", "127.0.0.1.evil.example", ""] {
        let answered = person.send(person.request(Method::GET, "/").header("host", host)).await;
        assert!(answered.status == 421 || answered.status == 400, "{host}: {answered:?}");
        assert!(!answered.body.contains("mina"), "{answered:?}");
    }
    for host in ["localhost", "localhost:9465", "[::1]:9465", "192.0.2.1"] {
        assert_eq!(person.send(person.request(Method::GET, "/").header("host", host)).await.status, 200, "{host}");
    }
}

#[tokio::test]
async fn without_a_session_every_screen_leads_to_the_way_in() {
    let world = World::new(Kind::Sqlite).await;
    let person = Person::new(&world);
    for path in SCREENS.into_iter().chain(["/number/x"]) {
        assert_eq!(person.get(path).await.redirect(), "/sign-in", "{path}");
    }
    for path in ["/number", "/number/x/unlock", "/number/x/unmask", "/sign-out"] {
        assert_eq!(person.post(path, &[("reason", "because"), ("phone_number", NUMBER)]).await.redirect(), "/sign-in", "{path}");
    }
    assert_eq!(person.get("/nowhere").await.status, 404);
    assert_eq!(person.send(person.request(Method::DELETE, "/enter")).await.status, 405);
    let page = person.get("/sign-in").await;
    assert!(page.status == 200 && page.body.contains("beonho console --as NAME"), "{page:?}");
    assert!(!page.body.contains("phone_number"), "no number is an operator's: {page:?}");
}

#[tokio::test]
async fn every_answer_is_locked_up_and_kept_nowhere() {
    let world = World::new(Kind::Sqlite).await;
    let (person, token) = (Person::inside(&world).await, link(&world).await);
    let enter = format!("/enter?token={token}");
    for path in SCREENS.into_iter().chain(["/nowhere", "/sign-in", "/console.css", &enter]) {
        let answered = person.get(path).await;
        assert_eq!(answered.header("cache-control"), "no-store", "{path}");
        assert!(answered.header("content-security-policy").starts_with("default-src 'none'"), "{path}: {answered:?}");
        assert_eq!((answered.header("x-frame-options"), answered.header("referrer-policy")), ("DENY", "same-origin"), "{path}");
        assert!(!answered.body.contains("<script") && !answered.body.contains("style="), "{path}: {answered:?}");
    }
    let scrape = crate::metrics::Scrape::of(&world).await.0;
    assert!(scrape.contains(r#"route="console /audit""#) && !scrape.contains(&token), "{scrape}");
}

#[tokio::test]
async fn a_database_that_is_gone_is_told_as_a_page() {
    let world = World::new(Kind::Sqlite).await;
    let person = Person::inside(&world).await;
    let file = world.database_url().trim_start_matches("sqlite://").to_owned();
    std::fs::rename(&file, format!("{file}.away")).expect("moved");
    for path in SCREENS {
        let page = person.get(path).await;
        assert_eq!((page.status, page.page_outcome_of_notice().as_str()), (503, "unavailable"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_port_in_use_is_told_and_off_opens_none() {
    let taken = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let (address, database) = (taken.local_addr().expect("an address").to_string(), Database::fresh(Kind::Sqlite).await);
    let mut program = Command::new(PROGRAM);
    program.env_clear().envs([("LEPTOS_SITE_ADDR", "127.0.0.1:0"), ("SECRET_KEY", SECRET_KEY), ("METRICS_ADDR", "off")]);
    let output = program.env("DATABASE_URL", &database.url).env("ADMIN_ADDR", &address).output().expect("the program runs");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{told}");
    let line = told.lines().find(|line| line.contains("ADMIN_ADDR")).unwrap_or_default();
    assert!(line.contains(&address) && line.contains("in use") && line.contains("off"), "{told}");
    let process = Process::start(&vec![("DATABASE_URL", database.url.clone()), ("ADMIN_ADDR", "off".into())]).await;
    assert!(process.log().contains("console=\"off\""), "{}", process.log());
}
