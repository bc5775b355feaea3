//! Who is there: cookies that are planted, repeated, expired, or of somebody else.

use jiff::SignedDuration;
use serde_json::json;

use crate::databases::{Kind, on_both_databases};
use crate::journey_forms::{asks_by_form, checks_by_form};
use crate::world::{NUMBER, OTHER_NUMBER, World};

on_both_databases!(
    a_planted_cookie_gains_nothing,
    a_repeat_of_the_same_check_within_a_minute_gets_the_same_cookie,
    a_repeat_of_the_same_sign_up_gets_the_same_cookie,
    a_cookie_without_an_account_lasts_a_day_and_one_with_an_account_thirty,
    whoever_only_looks_at_pages_stays_signed_in,
    a_forged_cookie_is_no_cookie,
    the_challenge_of_somebody_else_is_no_challenge,
    a_code_for_sign_in_completes_no_sign_up_of_another_session,
);

async fn a_planted_cookie_gains_nothing(kind: Kind) {
    let world = World::new(kind).await;
    let attacker = world.browser();
    attacker.page("/").await;
    let victim = attacker.twin();
    asks_by_form(&victim, NUMBER).await;
    checks_by_form(&victim, &world.code()).await;
    assert_ne!(victim.cookie(), attacker.cookie());
    assert_eq!(attacker.twin().looks().await.state(), "none");
    let thief = attacker.twin().signs_up("도둑").await;
    assert_eq!((thief.outcome().as_str(), thief.state().as_str(), thief.new_cookie()), ("invalid_request", "none", None));
    let thief = attacker.twin().form("/api/sign-up", &[("nickname", "도둑".into())]).await;
    assert_eq!((thief.redirect(), thief.new_cookie()), ("/", None));
    assert_eq!(victim.signs_up("주인").await.outcome(), "signed_up");
    assert_eq!(attacker.page("/welcome").await.redirect(), "/");
}

async fn a_repeat_of_the_same_check_within_a_minute_gets_the_same_cookie(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    asks_by_form(&person, NUMBER).await;
    let page = person.page("/").await;
    let fields: Vec<_> = page.hidden("code-form").into_iter().chain([("code", world.code())]).collect();
    let [first, lost, late, other] = [person.twin(), person.twin(), person.twin(), person.twin()];
    let answered = first.form("/api/check", &fields).await;
    world.advance(59);
    let repeated = lost.form("/api/check", &fields).await;
    assert_eq!((answered.redirect(), first.cookie()), (repeated.redirect(), lost.cookie()));
    assert_eq!(lost.page("/").await.page_state(), "verified");
    let mut another = fields.clone();
    another.iter_mut().find(|field| field.0 == "once").expect("a one-time value").1 = "another".into();
    assert_eq!(other.form("/api/check", &another).await.new_cookie(), None);
    assert!(other.page("/").await.body.contains("One moment"));
    world.advance(1);
    late.form("/api/check", &fields).await;
    assert_eq!(late.page("/").await.page_state(), "none");
    assert_eq!(lost.signs_up("준호").await.outcome(), "signed_up");
}

async fn a_repeat_of_the_same_sign_up_gets_the_same_cookie(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    person.verifies(&world, NUMBER).await;
    let fields: Vec<_> = person.page("/").await.hidden("sign-up-form").into_iter().chain([("nickname", "준호".into())]).collect();
    let [first, lost] = [person.twin(), person.twin()];
    let answered = first.island("/api/sign-up", &fields).await;
    let repeated = lost.island("/api/sign-up", &fields).await;
    assert_eq!((answered.status, &answered.body), (repeated.status, &repeated.body));
    assert_eq!(first.cookie(), lost.cookie());
    assert!(lost.page("/welcome").await.body.contains("준호"));
}

async fn a_cookie_without_an_account_lasts_a_day_and_one_with_an_account_thirty(kind: Kind) {
    let world = World::new(kind).await;
    let (visitor, member) = (world.browser(), world.browser());
    asks_by_form(&visitor, OTHER_NUMBER).await;
    member.joins(&world, NUMBER).await;
    world.clock.advance(SignedDuration::from_hours(24));
    let posted = visitor.form("/api/start", &[("phone_number", OTHER_NUMBER.into())]).await;
    assert_eq!(posted.redirect(), "/");
    assert_eq!(visitor.page("/").await.page_outcome(), "invalid_request");
    assert_eq!(world.sms().len(), 2);
    world.clock.advance(SignedDuration::from_hours(24));
    let old = visitor.cookie();
    assert_eq!(visitor.json("/v1/verification/check", &json!({"code": "123456"})).await.outcome(), "no_challenge");
    assert_ne!(visitor.cookie(), old);
    let unused = member.twin();
    world.clock.advance(SignedDuration::from_hours(27 * 24));
    assert_eq!(member.looks().await.state(), "signed_up");
    world.clock.advance(SignedDuration::from_hours(30 * 24));
    assert_eq!(unused.looks().await.state(), "none");
}

/// A browser forgets a cookie by its `Max-Age`, however long its session lives here.
async fn whoever_only_looks_at_pages_stays_signed_in(kind: Kind) {
    let world = World::new(kind).await;
    let (member, visitor) = (world.browser(), world.browser());
    member.joins(&world, NUMBER).await;
    visitor.page("/").await;
    for (person, pause, paths) in [(&member, 30, ["/welcome", "/", "/sign-in"]), (&visitor, 1, ["/", "/welcome", "/sign-in"])] {
        for path in paths {
            world.clock.advance(SignedDuration::from_hours(pause));
            let seen = person.page(path).await;
            assert!(seen.header("set-cookie").contains("Max-Age=2678400"), "{path}: {seen:?}");
            assert_eq!(person.page(path).await.new_cookie(), None, "{path}: once is enough");
        }
    }
}

async fn a_forged_cookie_is_no_cookie(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    person.page("/").await;
    let good = person.cookie().expect("a cookie");
    for forged in ["", "x", &good[1..], &format!("{good}AA"), &good.replace(&good[..4], "AAAA")] {
        let forger = world.browser();
        forger.set_cookie(Some(forged.to_owned()));
        let posted = forger.form("/api/start", &[("phone_number", NUMBER.into())]).await;
        assert_eq!(posted.redirect(), "/", "{forged}");
        assert!(posted.new_cookie().is_some_and(|cookie| cookie != good), "{forged}");
    }
    assert!(world.sms().is_empty());
}

async fn the_challenge_of_somebody_else_is_no_challenge(kind: Kind) {
    let world = World::new(kind).await;
    let (owner, stranger) = (world.browser(), world.browser());
    let challenge = owner.asks(NUMBER).await.status_field("challenge_id").as_str().expect("a challenge").to_owned();
    stranger.asks(OTHER_NUMBER).await;
    let code = world.sms()[0].code.clone();
    let checked = stranger.checks_for(&challenge, &code).await;
    assert_eq!((checked.status, checked.outcome().as_str()), (404, "no_challenge"));
    assert_eq!(stranger.looks().await.status_field("attempts_left"), 5);
    assert_eq!(owner.looks().await.status_field("attempts_left"), 5, "a stranger uses up nobody's attempts");
    assert_eq!(owner.checks_for(&challenge, &code).await.outcome(), "verified");
}

async fn a_code_for_sign_in_completes_no_sign_up_of_another_session(kind: Kind) {
    let world = World::new(kind).await;
    let (signs_in, signs_up) = (world.browser(), world.browser());
    assert_eq!(signs_in.asks_to_sign_in(NUMBER).await.outcome(), "code_sent");
    let code = world.code();
    world.advance(60);
    assert_eq!(signs_up.asks(NUMBER).await.outcome(), "code_sent");
    assert_eq!(signs_up.checks(&code).await.outcome(), "incorrect_code");
    assert_eq!(signs_in.checks(&world.code()).await.outcome(), "incorrect_code");
}
