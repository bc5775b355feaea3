//! Links, and the sessions that begin with them.

use std::process::Command;

use super::{COOKIE_NAME, Person, audit, link};
use crate::databases::{Kind, on_both_databases};
use crate::process::PROGRAM;
use crate::world::World;

on_both_databases!(
    a_link_works_once,
    a_link_is_over_after_five_minutes,
    of_many_posts_of_one_link_one_comes_in,
    a_session_ends_after_an_hour_of_rest,
    a_busy_session_ends_after_twelve_hours,
    whoever_signs_out_is_out,
    the_program_prints_a_link_that_works,
);

async fn a_link_works_once(kind: Kind) {
    let world = World::new(kind).await;
    let (person, token) = (Person::new(&world), link(&world).await);
    let path = format!("/enter?token={token}");
    for _ in 0..2 {
        let page = person.get(&path).await;
        assert_eq!(page.status, 200, "looking at it uses nothing up: {page:?}");
        assert_eq!(page.attribute_after("name=\"token\"", "value"), token);
    }
    let entered = person.post("/enter", &[("token", &token)]).await;
    assert_eq!(entered.redirect(), "/");
    let set = entered.header("set-cookie");
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Strict") && set.contains("Path=/"), "{set}");
    let first = person.get("/").await;
    assert!(first.status == 200 && first.body.contains("Operator: mina"), "{first:?}");
    let stranger = Person::new(&world);
    for answered in [stranger.get(&path).await, stranger.post("/enter", &[("token", &token)]).await] {
        assert_eq!(answered.status, 410);
        assert!(answered.body.contains("This link is over") && answered.body.contains("beonho console --as NAME"), "{answered:?}");
    }
    assert_eq!(stranger.get("/enter").await.status, 410);
    assert!(!stranger.is_in().await);
    assert_eq!(person.get(&path).await.redirect(), "/", "who is in needs no link");
    let told = |action: &str| ["mina", action, "console", "the night shift"].map(str::to_owned);
    let mut lines = audit(&world).await;
    lines.sort();
    assert_eq!(lines, [told("console enter"), told("console link")]);
}

async fn a_link_is_over_after_five_minutes(kind: Kind) {
    let world = World::new(kind).await;
    let (person, token) = (Person::new(&world), link(&world).await);
    world.advance(299);
    assert_eq!(person.get(&format!("/enter?token={token}")).await.status, 200);
    world.advance(1);
    assert_eq!(person.get(&format!("/enter?token={token}")).await.status, 410);
    assert_eq!(person.post("/enter", &[("token", &token)]).await.status, 410);
    let korean = person.request(reqwest::Method::GET, "/enter?token=none").header("cookie", "beonho_lang=ko");
    let page = person.send(korean).await;
    assert!(page.body.contains("lang=\"ko\"") && page.body.contains("더 이상 쓸 수 없는 링크예요"), "{page:?}");
    world.advance(1);
    world.sweep().await;
    assert_eq!(crate::databases::rows_of_all_tables(world.database_url()).await["console_links"], 0);
}

async fn of_many_posts_of_one_link_one_comes_in(kind: Kind) {
    let world = World::new(kind).await;
    let token = link(&world).await;
    let people: Vec<_> = (0..8).map(|_| Person::new(&world)).collect();
    let fields = [("token", token.as_str())];
    let answers = futures::future::join_all(people.iter().map(|person| person.post("/enter", &fields))).await;
    let mut statuses: Vec<_> = answers.iter().map(|answered| answered.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 410, 410, 410, 410, 410, 410, 410]);
    assert_eq!(crate::databases::rows_of_all_tables(world.database_url()).await["console_sessions"], 1);
}

async fn a_session_ends_after_an_hour_of_rest(kind: Kind) {
    let world = World::new(kind).await;
    let person = Person::inside(&world).await;
    for _ in 0..3 {
        world.advance(3599);
        assert!(person.is_in().await, "it was used within the hour");
    }
    world.advance(3600);
    assert!(!person.is_in().await);
    world.advance(-3600);
    assert!(person.is_in().await, "until it is swept, by a clock that is set right");
    world.advance(3700);
    world.sweep().await;
    assert_eq!(crate::databases::rows_of_all_tables(world.database_url()).await["console_sessions"], 0);
}

async fn a_busy_session_ends_after_twelve_hours(kind: Kind) {
    let world = World::new(kind).await;
    let person = Person::inside(&world).await;
    for _ in 0..23 {
        world.advance(1800);
        assert!(person.is_in().await);
    }
    world.advance(1800);
    assert!(!person.is_in().await);
}

async fn whoever_signs_out_is_out(kind: Kind) {
    let world = World::new(kind).await;
    let person = Person::inside(&world).await;
    let cookie = person.cookie(COOKIE_NAME).expect("a cookie");
    assert_eq!(person.post("/sign-out", &[]).await.redirect(), "/sign-in");
    assert_eq!(person.cookie(COOKIE_NAME), None);
    person.set_cookie(COOKIE_NAME, &cookie);
    assert!(!person.is_in().await, "a kept cookie is worth nothing");
}

async fn the_program_prints_a_link_that_works(kind: Kind) {
    let world = World::new(kind).await;
    let address = world.server.console.trim_start_matches("http://");
    let run = |address: &str| {
        let settings = [("DATABASE_URL", world.database_url()), ("ADMIN_ADDR", address)];
        Command::new(PROGRAM).args(["console", "--as", "jun"]).env_clear().envs(settings).output().expect("the program runs")
    };
    let output = run(address);
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{output:?}");
    let path = printed.trim_end().strip_prefix(&world.server.console).unwrap_or_else(|| panic!("no link: {printed}"));
    let token = path.strip_prefix("/enter?token=").expect("a token");
    assert!(!String::from_utf8_lossy(&output.stderr).contains(token), "the log has no token");
    let person = Person::new(&world);
    assert_eq!(person.get(path).await.status, 200);
    assert_eq!(person.post("/enter", &[("token", token)]).await.redirect(), "/");
    assert!(person.get("/").await.body.contains("Operator: jun"));
    for (wrong, why) in [("off", "is off"), ("127.0.0.1:0", "port 0"), ("nowhere", "ADMIN_ADDR")] {
        let output = run(wrong);
        assert!(!output.status.success() && output.stdout.is_empty(), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(why), "{output:?}");
    }
}
