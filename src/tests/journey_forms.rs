//! The whole way without JavaScript: form posts, each answered by a redirect, and pages that say once what the post came to.

use crate::browser::{Answered, Browser};
use crate::databases::{Kind, on_both_databases};
use crate::world::{NUMBER, OTHER_NUMBER, World};

on_both_databases!(
    a_person_signs_up_in_by_forms_and_out,
    a_page_says_once_what_a_post_came_to,
    a_wrong_number_is_corrected_while_a_code_is_pending,
    a_form_without_a_cookie_sends_nothing_and_asks_for_cookies,
    reading_a_page_again_sends_nothing,
);

/// Posts a form of the page at `path` as it stands there, with one field filled in.
pub async fn fill(person: &Browser, path: &str, form: &str, action: &str, field: (&'static str, &str)) -> Answered {
    let page = person.page(path).await;
    let mut fields = page.hidden(form);
    fields.push((field.0, field.1.to_owned()));
    person.form(action, &fields).await
}

pub async fn asks_by_form(person: &Browser, number: &str) -> Answered {
    fill(person, "/", "number-form", "/api/start", ("phone_number", number)).await
}

pub async fn checks_by_form(person: &Browser, code: &str) -> Answered {
    fill(person, "/", "code-form", "/api/check", ("code", code)).await
}

async fn a_person_signs_up_in_by_forms_and_out(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    assert_eq!(asks_by_form(&person, NUMBER).await.redirect(), "/");
    assert_eq!(person.page("/").await.page_state(), "pending");
    assert_eq!(checks_by_form(&person, &world.code()).await.redirect(), "/");
    assert_eq!(person.page("/").await.page_state(), "verified");
    let joined = fill(&person, "/", "sign-up-form", "/api/sign-up", ("nickname", "<script>alert(1)</script>")).await;
    assert_eq!(joined.redirect(), "/welcome");
    let welcome = person.page("/welcome").await.body;
    assert!(welcome.contains("&lt;script&gt;") && !welcome.contains("<script>alert"), "{welcome}");
    assert_eq!(person.form("/api/sign-out", &[]).await.redirect(), "/");
    assert_eq!(person.page("/").await.page_state(), "none");
    world.advance(60);
    let asked = fill(&person, "/sign-in", "number-form", "/api/start", ("phone_number", NUMBER)).await;
    assert_eq!(asked.redirect(), "/sign-in");
    assert_eq!(person.page("/").await.page_state(), "none", "a challenge belongs to the page of its purpose");
    let checked = fill(&person, "/sign-in", "code-form", "/api/check", ("code", &world.code())).await;
    assert_eq!(checked.redirect(), "/welcome");
}

async fn a_page_says_once_what_a_post_came_to(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    assert_eq!(asks_by_form(&person, "02-123-4567 <b>").await.redirect(), "/");
    let told = person.page("/").await;
    assert_eq!((told.page_state().as_str(), told.page_outcome().as_str()), ("none", "invalid_phone_number"));
    assert_eq!(told.attribute_after("id=\"phone_number\"", "value"), "02-123-4567 &lt;b&gt;");
    let again = person.page("/").await;
    assert_eq!((again.page_outcome().as_str(), again.attribute_after("id=\"phone_number\"", "value").as_str()), ("", ""));
    asks_by_form(&person, NUMBER).await;
    checks_by_form(&person, &world.wrong_code()).await;
    assert_eq!(person.page("/").await.page_outcome(), "incorrect_code");
    assert_eq!(person.page("/").await.page_outcome(), "");
}

async fn a_wrong_number_is_corrected_while_a_code_is_pending(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    asks_by_form(&person, OTHER_NUMBER).await;
    world.advance(60);
    let corrected = fill(&person, "/", "correct-form", "/api/start", ("phone_number", NUMBER)).await;
    assert_eq!(corrected.redirect(), "/");
    assert_eq!(world.sms().len(), 2);
    let page = person.page("/").await;
    assert!(page.body.contains("010-****-5678") && !page.body.contains("-****-4321"), "{}", page.body);
    world.advance(60);
    let resent = person.form("/api/resend", &page.hidden("resend-form")).await;
    assert_eq!((resent.redirect(), world.sms().len()), ("/", 3));
    assert_eq!(world.sms()[2].to, "+821012345678");
}

async fn a_form_without_a_cookie_sends_nothing_and_asks_for_cookies(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    let posted = person.form("/api/start", &[("phone_number", NUMBER.into())]).await;
    assert_eq!((posted.redirect(), posted.new_cookie().is_some()), ("/cookies", true));
    assert_eq!(person.page("/cookies").await.status, 400);
    assert_eq!(person.page("/").await.page_outcome(), "", "it was said where it belongs");
    let island = person.stranger().island("/api/start", &[("phone_number", NUMBER.into())]).await;
    assert_eq!((island.status, island.compact().outcome.as_str()), (200, "invalid_request"));
    assert!(world.sms().is_empty());
    assert_eq!(person.form("/api/start", &[("phone_number", NUMBER.into())]).await.redirect(), "/");
    assert_eq!(world.sms().len(), 1, "whose browser keeps the cookie presses once more");
}

async fn reading_a_page_again_sends_nothing(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    asks_by_form(&person, NUMBER).await;
    for path in ["/", "/sign-in", "/", "/welcome", "/cookies", "/inbox"] {
        person.page(path).await;
        person.twin().page(path).await;
    }
    assert_eq!((world.sms().len(), person.page("/").await.page_state().as_str()), (1, "pending"));
}
