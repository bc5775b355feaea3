//! In by an operator's number, and by no other.

use super::{COOKIE_NAME, Person, audit};
use crate::databases::{Kind, on_both_databases, rows_of_all_tables};
use crate::world::{NUMBER, OTHER_NUMBER, World};

on_both_databases!(
    an_operators_number_comes_in_by_a_code,
    a_strangers_number_is_sent_nothing_and_told_nothing,
    a_wrong_code_is_told_and_a_right_one_is_good_once,
);

async fn world(kind: Kind) -> World {
    World::with(kind, "outbox", &[("ADMIN_NUMBERS", "010-1234-5678, +821011112222")]).await
}

/// The code is sent behind the answer.
async fn code(world: &World) -> String {
    while world.sms().is_empty() {
        tokio::task::yield_now().await;
    }
    world.code()
}

async fn an_operators_number_comes_in_by_a_code(kind: Kind) {
    let world = world(kind).await;
    world.browser().joins(&world, NUMBER).await;
    world.advance(60);
    let (person, before) = (Person::new(&world), world.sms().len());
    assert!(person.get("/sign-in").await.body.contains("name=\"phone_number\""));
    assert_eq!(person.post("/sign-in", &[("phone_number", "+82 10 1234 5678")]).await.redirect(), "/sign-in/code");
    assert_eq!(person.get("/sign-in/code").await.status, 200);
    while world.sms().len() == before {
        tokio::task::yield_now().await;
    }
    let sessions = rows_of_all_tables(world.database_url()).await["sessions"];
    world.advance(1);
    assert_eq!(person.post("/sign-in/code", &[("code", &world.code())]).await.redirect(), "/");
    let page = person.get("/").await;
    assert!(page.body.contains("Operator: +82 10-****-5678"), "{page:?}");
    assert_eq!(audit(&world).await[0], ["+82 10-****-5678", "console enter", "console", "ADMIN_NUMBERS"]);
    let after = rows_of_all_tables(world.database_url()).await["sessions"];
    assert_eq!(after, sessions + 1, "a grave, and no session of the page that lives");
    assert!(person.cookie("beonho_session").is_none());
}

async fn a_strangers_number_is_sent_nothing_and_told_nothing(kind: Kind) {
    let world = world(kind).await;
    let (operator, stranger) = (Person::new(&world), Person::new(&world));
    let known = operator.post("/sign-in", &[("phone_number", NUMBER)]).await;
    let unknown = stranger.post("/sign-in", &[("phone_number", OTHER_NUMBER)]).await;
    assert_eq!((known.status, known.redirect(), &known.body), (unknown.status, unknown.redirect(), &unknown.body));
    let wrong = { code(&world).await };
    let wrong = crate::world::wrong(&wrong);
    let pages = [operator.get("/sign-in/code").await.body, stranger.get("/sign-in/code").await.body];
    assert_eq!(pages[0], pages[1]);
    let answers =
        [operator.post("/sign-in/code", &[("code", &wrong)]).await, stranger.post("/sign-in/code", &[("code", &wrong)]).await];
    assert_eq!((answers[0].status, &answers[0].body), (422, &answers[1].body));
    assert_eq!(answers[1].status, 422);
    assert_eq!(world.sms().iter().filter(|sms| sms.to != "+821012345678").count(), 0, "{:?}", world.sms());
    assert!(!stranger.is_in().await && stranger.cookie(COOKIE_NAME).is_none());
    let none = stranger.post("/sign-in", &[("phone_number", "02-123-4567")]).await;
    assert!(none.status == 422 && none.body.contains("not a mobile number"), "{none:?}");
    assert_eq!(none.attribute_after("id=\"phone_number\"", "value"), "02-123-4567");
}

async fn a_wrong_code_is_told_and_a_right_one_is_good_once(kind: Kind) {
    let world = world(kind).await;
    let person = Person::new(&world);
    assert_eq!(person.post("/sign-in/code", &[("code", "123456")]).await.redirect(), "/sign-in");
    person.post("/sign-in", &[("phone_number", NUMBER)]).await;
    let (right, attempt) = (code(&world).await, person.cookie("beonho_console_attempt").expect("an attempt"));
    let malformed = person.post("/sign-in/code", &[("code", "12")]).await;
    assert!(malformed.status == 422 && malformed.body.contains("six digits"), "{malformed:?}");
    assert_eq!(person.post("/sign-in/code", &[("code", &crate::world::wrong(&right))]).await.status, 422);
    // What the browser has for the code is nothing on the page.
    let thief = world.browser();
    thief.set_cookie(Some(attempt.clone()));
    assert_eq!(thief.checks(&right).await.outcome(), "no_challenge");
    assert_eq!(person.post("/sign-in/code", &[("code", &right)]).await.redirect(), "/");
    let again = Person::new(&world);
    again.set_cookie("beonho_console_attempt", &attempt);
    assert_eq!(again.post("/sign-in/code", &[("code", &right)]).await.status, 422);
    assert!(!again.is_in().await);
}

#[tokio::test]
async fn where_no_number_is_an_operators_there_is_no_such_way() {
    let world = World::new(Kind::Sqlite).await;
    let person = Person::new(&world);
    assert_eq!(person.post("/sign-in", &[("phone_number", NUMBER)]).await.status, 404);
    person.set_cookie("beonho_console_attempt", "x");
    assert_eq!(person.post("/sign-in/code", &[("code", "123456")]).await.redirect(), "/sign-in");
    assert!(world.sms().is_empty());
}
