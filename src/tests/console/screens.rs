//! The figures of the screens, by what people did.

use super::{Person, link};
use crate::databases::{Kind, on_both_databases};
use beonho::server::provider::outbox;

use crate::world::{NUMBER, OTHER_NUMBER, World};

on_both_databases!(
    a_hold_is_decided_with_a_reason,
    money_is_told_by_country,
    today_and_places_tell_what_people_did,
    the_audit_has_pages,
    the_language_is_kept
);

/// What stands in an element.
fn text_of(page: &str, id: &str) -> String {
    let rest = page.split_once(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("no {id} in {page}")).1;
    rest.split_once('>').and_then(|(_, rest)| rest.split_once('<')).map(|(text, _)| text.to_owned()).unwrap_or_default()
}

/// The cells of a row that begins with a text.
fn row(page: &str, first: &str) -> Vec<String> {
    let rows = page.split("<tr>").map(|row| row.split("<bdi>").skip(1).filter_map(|cell| cell.split('<').next()));
    let mut rows = rows.map(|row| row.map(str::to_owned).collect::<Vec<_>>());
    rows.find(|row| row.first().is_some_and(|cell| cell == first)).unwrap_or_else(|| panic!("no {first} in {page}"))
}

async fn today_and_places_tell_what_people_did(kind: Kind) {
    let world = World::new(kind).await;
    let person = Person::inside(&world).await;
    let empty = person.get("/").await;
    assert!(empty.status == 200 && empty.body.contains("None."), "{empty:?}");
    world.browser().joins(&world, NUMBER).await;
    let impatient = world.browser();
    assert_eq!(impatient.asks(OTHER_NUMBER).await.outcome(), "code_sent");
    for _ in 0..2 {
        assert_eq!(impatient.asks(OTHER_NUMBER).await.outcome(), "pending");
    }
    let today = person.get("/").await.body;
    let told = ["total-sends", "total-numbers", "total-verified", "total-conversion"].map(|id| text_of(&today, id));
    assert_eq!(told, ["2", "2", "1", "50%"]);
    assert!(today.contains("Sends in 24 hours: 2, proofs: 1. Sends in the busiest hour: 2."), "{today}");
    assert!(today.contains("2 of 1000 sends are spent."), "{today}");
    assert_eq!(row(&today, "the person asked a moment ago"), ["the person asked a moment ago", "2"]);
    assert_eq!(row(&today, "outbox"), ["outbox", "2", "0", "0", "0"]);
    assert_eq!(row(&today, "11-14 22:00"), ["11-14 22:00", "2", "1"], "the hour in which the test begins");
    let places = person.get("/places").await.body;
    assert_eq!(row(&places, "KR"), ["KR", "2", "2", "2", "1", "50%"]);
    assert_eq!(row(&places, "+82 10-1234-****"), ["+82 10-1234-****", "1", "1", "1", "1", "100%"]);
    assert_eq!(row(&places, "+82 10-8765-****"), ["+82 10-8765-****", "1", "1", "1", "0", "0%"]);
    let abuse = person.get("/abuse").await.body;
    assert_eq!(row(&abuse, "KR"), ["KR", "2", "2", "2", "1", "50%"]);
    world.advance(23 * 3600);
    let person = Person::inside(&world).await;
    let later = person.get("/").await.body;
    assert!(text_of(&later, "total-sends") == "2" && !later.contains(">outbox<"), "no vendor in the last hour: {later}");
    world.advance(3600);
    assert_eq!(text_of(&Person::inside(&world).await.get("/").await.body, "total-sends"), "0");
}

async fn the_audit_has_pages(kind: Kind) {
    let world = World::new(kind).await;
    let person = Person::inside(&world).await;
    for _ in 0..60 {
        link(&world).await;
    }
    world.advance(1);
    let lines = |page: &str| page.matches("<tr>").count() - 1;
    let first = person.get("/audit").await;
    assert_eq!(lines(&first.body), 50);
    let older = first.attribute_after("rel=\"next\"", "href").replace("&amp;", "&");
    let second = person.get(&older).await;
    assert_eq!(lines(&second.body), 12, "62 lines, no line twice and none left out: {second:?}");
    assert!(!second.body.contains("rel=\"next\""));
    for odd in ["/audit?at=x", "/audit?at=99999999999999999999", "/audit?at=-1&id=%00"] {
        assert_eq!(person.get(odd).await.status, 200, "{odd}");
    }
}

async fn the_language_is_kept(kind: Kind) {
    let world = World::new(kind).await;
    let person = Person::inside(&world).await;
    assert!(person.get("/places").await.body.contains("Countries and prefixes"));
    assert_eq!(person.get("/language?to=ko&back=/places").await.redirect(), "/places");
    let page = person.get("/places").await.body;
    assert!(page.contains("lang=\"ko\"") && page.contains("국가와 번호대") && !page.contains("Countries"), "{page}");
    assert_eq!(person.get("/language?to=ja&back=/places").await.redirect(), "/places");
    assert_eq!(person.cookie("beonho_lang").as_deref(), Some("ko"), "it speaks no Japanese");
    person.set_cookie("beonho_lang", "ja");
    let page = person.get("/places").await.body;
    assert!(page.contains("<html lang=\"en\">") && page.contains("Countries and prefixes"), "{page}");
    for odd in ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a?b"] {
        let path = format!("/language?to=en&back={}", odd.replace('\\', "%5C").replace('?', "%3F"));
        assert_eq!(person.get(&path).await.redirect(), "/", "{odd}");
    }
}

async fn a_hold_is_decided_with_a_reason(kind: Kind) {
    let world = World::with(kind, outbox::NAME, &[("GUARD_MODE", "on")]).await;
    for last in 0..8 {
        assert_eq!(world.browser().asks(&format!("0101234000{last}")).await.outcome(), "code_sent");
    }
    assert_eq!(world.browser().asks(NUMBER).await.outcome(), "delivery_blocked");
    let person = Person::inside(&world).await;
    let page = person.get("/holds").await;
    assert!(page.body.contains("0 of 8 sends proven in 10 minutes") && page.body.contains("a hold began"), "{page:?}");
    let decide = async |deed: &str, reason: &str| {
        person.post("/holds", &[("key", "+82101234****"), ("deed", deed), ("reason", reason)]).await
    };
    let refused = decide("lift", "").await;
    assert!(refused.status == 422 && refused.body.contains("Please say what it is for"), "{refused:?}");
    assert_eq!(world.browser().asks(NUMBER).await.outcome(), "delivery_blocked", "nothing was done");
    assert_eq!(decide("keep", "look again on Monday").await.redirect(), "/holds");
    assert_eq!(decide("lift", "a school class").await.redirect(), "/holds");
    let audit = super::audit(&world).await;
    let deeds: Vec<_> = audit.iter().map(|line| [line[0].as_str(), line[1].as_str(), line[2].as_str(), line[3].as_str()]).collect();
    assert!(deeds.contains(&["mina", "hold lift", "+82101234****", "a school class"]), "{deeds:?}");
    assert!(deeds.contains(&["mina", "hold keep", "+82101234****", "look again on Monday"]), "{deeds:?}");
    assert_eq!(world.browser().asks(NUMBER).await.outcome(), "code_sent");
    assert_eq!(person.post("/holds", &[("key", "nobody"), ("deed", "lift"), ("reason", "x")]).await.status, 400);
    assert_eq!(Person::new(&world).get("/holds").await.redirect(), "/sign-in");
}

async fn money_is_told_by_country(kind: Kind) {
    let settings = [("PRICES", r#"{"KR": "9 KRW"}"#), ("BUDGET_PER_DAY", "50000 KRW")];
    let world = World::with(kind, outbox::NAME, &settings).await;
    assert_eq!(world.browser().asks(NUMBER).await.outcome(), "code_sent");
    let page = Person::inside(&world).await.get("/").await;
    assert_eq!(text_of(&page.body, "money"), "9 KRW of 50000 KRW are spent.");
    assert_eq!(row(&page.body, "KR"), ["KR", "9 KRW"]);
}
