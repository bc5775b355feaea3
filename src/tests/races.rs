//! Many at once: the limits hold exactly, on both databases.

use std::collections::HashMap;
use std::future::Future;

use futures::future::join_all;

use crate::browser::{Answered, Browser};
use crate::databases::{Kind, on_both_databases};
use crate::world::{NUMBER, World, wrong};

on_both_databases!(
    two_hundred_guesses_at_once_are_five_attempts,
    fifty_subjects_asking_for_one_number_at_once_send_one_sms,
    one_subject_asking_for_fifty_numbers_at_once_sends_one_sms,
    fifty_sign_ups_for_one_number_at_once_make_one_account,
    a_double_click_on_check_gets_the_same_answer_twice,
    a_double_click_on_sign_up_gets_the_same_answer_twice,
    a_double_click_on_send_sends_one_sms,
);

/// How many requests one address may make here.
pub const ROOMY: [(&str, &str); 2] = [("MAX_SENDS_PER_REQUESTER", "1000"), ("MAX_SENDS_PER_DAY", "100000")];

/// Runs many at once, each in a task of its own.
pub async fn at_once<F, T>(count: usize, make: impl Fn(usize) -> F) -> Vec<T>
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    let tasks: Vec<_> = (0..count).map(|n| tokio::spawn(make(n))).collect();
    join_all(tasks).await.into_iter().map(|done| done.expect("the task ends")).collect()
}

pub fn tally(answers: &[Answered]) -> HashMap<String, usize> {
    let mut tally = HashMap::new();
    for answer in answers {
        *tally.entry(answer.outcome()).or_default() += 1;
    }
    tally
}

pub fn expect(tally: &HashMap<String, usize>, outcomes: &[(&str, usize)]) {
    let expected = outcomes.iter().map(|(outcome, count)| ((*outcome).to_owned(), *count)).collect();
    assert_eq!(tally, &expected);
}

async fn two_hundred_guesses_at_once_are_five_attempts(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    person.asks(NUMBER).await;
    let guess = wrong(&world.code());
    let answers = at_once(200, |_| guess_with(person.twin(), guess.clone())).await;
    expect(&tally(&answers), &[("incorrect_code", 5), ("too_many_attempts", 195)]);
    assert_eq!(person.checks(&world.code()).await.outcome(), "too_many_attempts", "the right code is refused then too");
    assert_eq!(person.looks().await.state(), "exhausted");
}

async fn guess_with(person: Browser, code: String) -> Answered {
    person.checks(&code).await
}

async fn fifty_subjects_asking_for_one_number_at_once_send_one_sms(kind: Kind) {
    let world = World::with(kind, "outbox", &ROOMY).await;
    let answers = at_once(50, |_| ask_with(world.browser(), NUMBER.to_owned())).await;
    expect(&tally(&answers), &[("code_sent", 1), ("try_later", 49)]);
    assert_eq!(world.sms().len(), 1);
}

async fn one_subject_asking_for_fifty_numbers_at_once_sends_one_sms(kind: Kind) {
    let world = World::with(kind, "outbox", &ROOMY).await;
    let person = world.browser();
    person.page("/").await;
    let answers = at_once(50, |n| ask_with(person.twin(), format!("010-5555-{n:04}"))).await;
    expect(&tally(&answers), &[("code_sent", 1), ("pending", 49)]);
    assert_eq!(world.sms().len(), 1);
}

async fn ask_with(person: Browser, number: String) -> Answered {
    person.asks(&number).await
}

async fn fifty_sign_ups_for_one_number_at_once_make_one_account(kind: Kind) {
    let many = [("MAX_SENDS_PER_NUMBER", "1000"), ("RESEND_COOLDOWN_SECS", "0")];
    let world = World::with(kind, "outbox", &[ROOMY.as_slice(), &many].concat()).await;
    let people: Vec<_> = (0..50).map(|_| world.browser()).collect();
    for person in &people {
        person.verifies(&world, NUMBER).await;
    }
    let answers = at_once(50, |n| sign_up_with(people[n].clone(), format!("{n}번"))).await;
    expect(&tally(&answers), &[("signed_up", 1), ("phone_number_taken", 49)]);
    let winner = answers.iter().position(|answer| answer.status == 201).expect("one account");
    assert!(people[winner].page("/welcome").await.body.contains(&format!("{winner}번")));
}

async fn sign_up_with(person: Browser, nickname: String) -> Answered {
    person.signs_up(&nickname).await
}

/// Posts a form twice at once, from the same browser, and looks at both answers.
async fn double_click(person: &Browser, path: &'static str, fields: &[(&'static str, String)]) -> Answered {
    let mut answers = at_once(2, |_| post_with(person.twin(), path, fields.to_vec())).await;
    let (first, second) = (answers.remove(0), answers.remove(0));
    assert_eq!(first.redirect(), second.redirect());
    assert_eq!(first.new_cookie(), second.new_cookie());
    if let Some(cookie) = first.new_cookie() {
        person.set_cookie(Some(cookie));
    }
    first
}

async fn post_with(person: Browser, path: &'static str, fields: Vec<(&'static str, String)>) -> Answered {
    person.form(path, &fields).await
}

async fn a_double_click_on_check_gets_the_same_answer_twice(kind: Kind) {
    for provider in ["outbox", "sens", "twilio_verify"] {
        let world = World::with(kind, provider, &[]).await;
        let person = world.browser();
        person.page("/").await;
        person.asks(NUMBER).await;
        let fields: Vec<_> = person.page("/").await.hidden("code-form").into_iter().chain([("code", world.code())]).collect();
        assert_eq!(double_click(&person, "/api/check", &fields).await.redirect(), "/");
        assert_eq!(person.page("/").await.page_state(), "verified", "{provider}");
        assert_eq!(person.page("/").await.page_outcome(), "", "{provider}");
    }
}

async fn a_double_click_on_sign_up_gets_the_same_answer_twice(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    person.verifies(&world, NUMBER).await;
    let fields: Vec<_> = person.page("/").await.hidden("sign-up-form").into_iter().chain([("nickname", "준호".into())]).collect();
    assert_eq!(double_click(&person, "/api/sign-up", &fields).await.redirect(), "/welcome");
    assert!(person.page("/welcome").await.body.contains("준호"));
}

async fn a_double_click_on_send_sends_one_sms(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    let fields: Vec<_> =
        person.page("/").await.hidden("number-form").into_iter().chain([("phone_number", NUMBER.into())]).collect();
    double_click(&person, "/api/start", &fields).await;
    assert_eq!((world.sms().len(), person.page("/").await.page_state().as_str()), (1, "pending"));
}
