//! What operators do: with a reason, and in the audit. Numbers are masked until they are unmasked.

use super::{Person, audit};
use crate::databases::{Kind, on_both_databases};
use crate::world::{NUMBER, World};

on_both_databases!(
    a_number_is_unlocked_with_a_reason,
    a_number_is_masked_until_it_is_unmasked,
    a_number_that_is_none_is_told_as_on_the_page,
);

const MASKED: &str = "+82 10-****-5678";

fn hides_the_number(text: &str) -> bool {
    !["12345678", "1234-5678"].iter().any(|whole| text.contains(whole))
}

async fn a_number_is_unlocked_with_a_reason(kind: Kind) {
    let world = World::new(kind).await;
    let (owner, person) = (world.browser(), Person::inside(&world).await);
    for _ in 0..5 {
        assert_eq!(owner.asks(NUMBER).await.outcome(), "code_sent");
        world.advance(60);
    }
    assert_eq!(owner.asks(NUMBER).await.outcome(), "sends_exhausted");
    let path = person.looks_up(NUMBER).await;
    let page = person.get(&path).await;
    assert!(page.body.contains("the budget of the number is spent") && page.body.contains("not before"), "{page:?}");
    let long = "x".repeat(201);
    for typed in ["", "  \u{3000}\n", &long] {
        let refused = person.post(&format!("{path}/unlock"), &[("reason", typed)]).await;
        assert_eq!(refused.status, 422);
        let field = refused.attribute_after("id=\"unlock-reason\"", "aria-describedby");
        assert!(field == "unlock-wrong" && refused.body.contains("id=\"unlock-wrong\""), "{refused:?}");
        assert!(typed != long || refused.attribute_after("id=\"unlock-reason\"", "value") == long, "{refused:?}");
        assert!(!refused.body.contains("id=\"unmask-wrong\""), "beside its own field: {refused:?}");
    }
    assert_eq!(owner.asks(NUMBER).await.outcome(), "sends_exhausted", "nothing was done");
    world.advance(1);
    let done = person.post(&format!("{path}/unlock"), &[("reason", " asked\r\non the <b>phone</b> ")]).await;
    assert_eq!(done.redirect(), path);
    let page = person.get(&path).await;
    assert!(page.body.contains("Unlocked. Sends that no longer count: 5."), "{page:?}");
    assert!(page.body.contains("asked on the &lt;b&gt;phone"), "{page:?}");
    assert!(!person.get(&path).await.body.contains("Unlocked."), "told once");
    assert_eq!(audit(&world).await[0], ["mina", "unlock", MASKED, "asked on the <b>phone</b>"]);
    assert_eq!(owner.asks(NUMBER).await.outcome(), "code_sent");
    let listed = person.get("/audit").await;
    assert!(listed.body.contains(MASKED) && listed.body.contains("mina"), "{listed:?}");
}

async fn a_number_is_masked_until_it_is_unmasked(kind: Kind) {
    let world = World::new(kind).await;
    let person = Person::inside(&world).await;
    assert_eq!(world.browser().asks(NUMBER).await.outcome(), "code_sent");
    let path = person.looks_up(NUMBER).await;
    assert!(hides_the_number(&path), "{path}");
    for screen in ["/", "/places", "/number", "/abuse", "/audit", &path] {
        let page = person.get(screen).await;
        assert!(page.status == 200 && hides_the_number(&page.body), "{screen}: {page:?}");
    }
    assert!(person.get(&path).await.body.contains(MASKED));
    let refused = person.post(&format!("{path}/unmask"), &[("reason", " ")]).await;
    assert!(refused.status == 422 && hides_the_number(&refused.body), "{refused:?}");
    assert!(!audit(&world).await.iter().any(|line| line[1] == "unmask"));
    world.advance(1);
    let shown = person.post(&format!("{path}/unmask"), &[("reason", "to call back")]).await;
    assert!(shown.status == 200 && shown.body.contains("+821012345678"), "{shown:?}");
    assert_eq!(audit(&world).await[0], ["mina", "unmask", MASKED, "to call back"]);
    assert!(hides_the_number(&person.get(&path).await.body), "once");
    let other = Person::inside(&world).await;
    assert_eq!(other.get(&path).await.redirect(), "/number", "the name is good for one session");
    let tried = other.post(&format!("{path}/unmask"), &[("reason", "curious")]).await;
    assert_eq!(tried.redirect(), "/number");
}

async fn a_number_that_is_none_is_told_as_on_the_page(kind: Kind) {
    let world = World::new(kind).await;
    let person = Person::inside(&world).await;
    for (typed, words) in [("01012345678901234", "too many digits"), ("mina", "digits only"), ("", "not a mobile number")] {
        let refused = person.post("/number", &[("phone_number", typed)]).await;
        assert_eq!(refused.status, 422, "{typed}");
        assert!(refused.body.contains("id=\"wrong\""), "{refused:?}");
        assert!(refused.body.contains(words) || typed.is_empty(), "{typed}: {refused:?}");
        assert_eq!(refused.attribute_after("id=\"phone_number\"", "value"), typed);
    }
    let broken = person.request(reqwest::Method::POST, "/number").header("content-type", "text/plain").body("x");
    assert_eq!(person.send(broken).await.status, 400);
}
