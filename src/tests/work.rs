//! Work before a send, and the wait in its place: `CHALLENGE=always` asks for it every time.

mod waits;

use base64::{Engine, prelude::BASE64_STANDARD};
use beonho::server::provider::outbox;
use serde_json::{Value, json};

use crate::browser::{Answered, Browser};
use crate::database_faults::count;
use crate::databases::{Kind, on_both_databases};
use crate::test_server::SECRET_KEY;
use crate::world::{NUMBER, OTHER_NUMBER, World};

on_both_databases!(
    a_solved_challenge_buys_one_send,
    a_proof_is_worth_nothing_for_another_send,
    what_is_no_proof_is_asked_for_one,
    one_proof_given_many_times_at_once_sends_one_sms,
    a_send_that_is_refused_spends_no_proof,
    an_island_and_a_resend_bring_their_proof,
    a_challenge_is_dearer_with_each_before_it,
    work_is_asked_for_before_it_is_told_who_has_an_account,
    keys_are_rotated_without_losing_work,
    nobody_works_unless_a_send_is_doubtful,
);

async fn world(kind: Kind) -> World {
    World::with(kind, outbox::NAME, &[("CHALLENGE", "always")]).await
}

/// The challenge of an answer that asks for work.
fn challenge_of(answered: &Answered) -> Value {
    assert_eq!((answered.status, answered.outcome().as_str()), (429, "challenge_required"), "{answered:?}");
    answered.json()["challenge"].clone()
}

async fn is_asked_for_work(person: &Browser, number: &str) -> Value {
    challenge_of(&person.asks(number).await)
}

async fn asks_with(person: &Browser, number: &str, proof: &str) -> Answered {
    person.json("/v1/verification", &json!({"phone_number": number, "proof": proof})).await
}

/// Works as a browser does, by trying one counter after the other. (ALTCHA's own client does so in `end2end/stories/work.story.spec.ts`.)
fn solve(challenge: &Value) -> String {
    let parsed: altcha::Challenge = serde_json::from_value(challenge.clone()).expect("a challenge");
    let solution = altcha::solve_challenge(altcha::SolveChallengeOptions::new(&parsed)).expect("it can be solved");
    payload(challenge, &serde_json::to_value(solution.expect("in time")).unwrap())
}

fn payload(challenge: &Value, solution: &Value) -> String {
    BASE64_STANDARD.encode(json!({"challenge": challenge, "solution": solution}).to_string())
}

fn sorted(outcomes: impl Iterator<Item = String>) -> Vec<String> {
    let mut outcomes: Vec<_> = outcomes.collect();
    outcomes.sort();
    outcomes
}

async fn a_solved_challenge_buys_one_send(kind: Kind) {
    let (world, spent) = (world(kind).await, "select count(*) from spent_proofs");
    let person = world.browser();
    let asked = person.asks(NUMBER).await;
    assert_eq!((asked.header("retry-after"), asked.state().as_str()), ("60", "none"));
    let challenge = challenge_of(&asked);
    assert!(!asked.body.contains("12345678"), "the number is not in it: {}", asked.body);
    assert_eq!((world.sms().len(), count(world.database_url(), spent).await), (0, 0));
    let proof = solve(&challenge);
    world.advance(599);
    assert_eq!(asks_with(&person, NUMBER, &proof).await.outcome(), "code_sent");
    assert_eq!((world.sms().len(), count(world.database_url(), spent).await), (1, 1));
    world.advance(60);
    world.sweep().await;
    assert_eq!(count(world.database_url(), spent).await, 0, "what is over is forgotten, and no longer good");
    challenge_of(&asks_with(&person, NUMBER, &proof).await);
    assert_eq!(world.sms().len(), 1);
}

async fn a_proof_is_worth_nothing_for_another_send(kind: Kind) {
    let world = world(kind).await;
    let (person, stranger) = (world.browser(), world.browser());
    let proof = solve(&is_asked_for_work(&person, NUMBER).await);
    challenge_of(&asks_with(&person, OTHER_NUMBER, &proof).await);
    let sign_in = json!({"phone_number": NUMBER, "proof": proof, "purpose": "sign_in"});
    challenge_of(&person.json("/v1/verification", &sign_in).await);
    assert_eq!(asks_with(&person, NUMBER, &proof).await.outcome(), "code_sent");
    world.advance(60);
    challenge_of(&asks_with(&person, NUMBER, &proof).await);
    challenge_of(&asks_with(&stranger, NUMBER, &proof).await);
    assert_eq!(world.sms().len(), 1);
}

async fn what_is_no_proof_is_asked_for_one(kind: Kind) {
    let world = world(kind).await;
    let person = world.browser();
    let challenge = is_asked_for_work(&person, NUMBER).await;
    let solution = json!({"counter": 300, "derivedKey": "00".repeat(32)});
    let changed = |name: &str, value: Value| {
        let mut challenge = challenge.clone();
        challenge["parameters"][name] = value;
        payload(&challenge, &solution)
    };
    let bare = json!({"parameters": challenge["parameters"]});
    for wrong in [
        "x".to_owned(),
        "!".repeat(12_000),
        BASE64_STANDARD.encode("{}"),
        BASE64_STANDARD.encode("[".repeat(3_000)),
        "wait.".to_owned(),
        "wait.AAAA".to_owned(),
        payload(&challenge, &solution),
        payload(&challenge, &json!({"counter": 300, "derivedKey": ""})),
        payload(&bare, &solution),
        changed("cost", json!(1)),
        changed("cost", json!(u32::MAX)),
        changed("keyLength", json!(1_u64 << 40)),
        changed("keySignature", Value::Null),
        changed("expiresAt", Value::Null),
        changed("expiresAt", json!(i64::MAX)),
        changed("algorithm", json!("SHA-256")),
    ] {
        challenge_of(&asks_with(&person, NUMBER, &wrong).await);
    }
    let proof = solve(&challenge);
    world.advance(600);
    challenge_of(&asks_with(&person, NUMBER, &proof).await);
    assert!(world.sms().is_empty());
    let number = json!({"phone_number": NUMBER, "proof": 1});
    assert_eq!(person.json("/v1/verification", &number).await.outcome(), "invalid_request");
}

async fn one_proof_given_many_times_at_once_sends_one_sms(kind: Kind) {
    let world = world(kind).await;
    let person = world.browser();
    let proof = solve(&is_asked_for_work(&person, NUMBER).await);
    let twice = [person.twin(), person.twin()];
    let both = futures::future::join_all(twice.iter().map(|person| asks_with(person, NUMBER, &proof))).await;
    assert_eq!(sorted(both.iter().map(Answered::outcome)), ["code_sent", "pending"]);
    let other = solve(&is_asked_for_work(&world.browser(), OTHER_NUMBER).await);
    let strangers: Vec<_> = (0..10).map(|_| world.browser()).collect();
    let all = futures::future::join_all(strangers.iter().map(|person| asks_with(person, OTHER_NUMBER, &other))).await;
    let told = sorted(all.iter().map(Answered::outcome));
    assert_eq!((told[0].as_str(), told[1..].iter().all(|outcome| outcome == "try_later")), ("code_sent", true), "{told:?}");
    assert_eq!(world.sms().len(), 2);
}

async fn a_send_that_is_refused_spends_no_proof(kind: Kind) {
    let world = world(kind).await;
    let (first, second) = (world.browser(), world.browser());
    let asked = [is_asked_for_work(&first, NUMBER).await, is_asked_for_work(&second, NUMBER).await];
    let [early, late] = asked.map(|challenge| solve(&challenge));
    assert_eq!(asks_with(&first, NUMBER, &early).await.outcome(), "code_sent");
    assert_eq!(asks_with(&second, NUMBER, &late).await.outcome(), "try_later");
    world.advance(60);
    assert_eq!(asks_with(&second, NUMBER, &late).await.outcome(), "code_sent");
}

async fn an_island_and_a_resend_bring_their_proof(kind: Kind) {
    let world = world(kind).await;
    let person = world.browser();
    person.page("/").await;
    let fields = |proof: &str| [("phone_number", NUMBER.to_owned()), ("purpose", "sign_up".into()), ("proof", proof.to_owned())];
    let asked = person.island("/api/start", &fields("")).await;
    let answer = asked.compact();
    assert_eq!((asked.status, asked.header("retry-after"), answer.outcome.as_str()), (200, "60", "challenge_required"));
    assert!(answer.message.contains("there is nothing to do"), "{answer:?}");
    let proof = solve(&serde_json::from_str(&answer.challenge).unwrap());
    let sent = person.island("/api/start", &fields(&proof)).await.compact();
    assert_eq!((sent.outcome.as_str(), sent.challenge.as_str()), ("code_sent", ""));
    world.advance(60);
    let asked = person.island("/api/resend", &fields("")).await.compact();
    assert_eq!((asked.outcome.as_str(), asked.state.as_str()), ("challenge_required", "pending"));
    let proof = solve(&serde_json::from_str(&asked.challenge).unwrap());
    assert_eq!(person.island("/api/resend", &fields(&proof)).await.compact().outcome, "code_sent");
    assert_eq!(world.sms().len(), 2);
}

async fn a_challenge_is_dearer_with_each_before_it(kind: Kind) {
    let world = world(kind).await;
    let mut costs = Vec::new();
    for number in [NUMBER, OTHER_NUMBER, NUMBER, NUMBER] {
        costs.push(is_asked_for_work(&world.browser(), number).await["parameters"]["cost"].clone());
    }
    assert_eq!(costs, [5_000, 10_000, 20_000, 20_000]);
    world.advance(3_600);
    assert_eq!(is_asked_for_work(&world.browser(), NUMBER).await["parameters"]["cost"], 5_000);
}

async fn work_is_asked_for_before_it_is_told_who_has_an_account(kind: Kind) {
    let world = world(kind).await;
    let owner = world.browser();
    let proof = solve(&is_asked_for_work(&owner, NUMBER).await);
    assert_eq!(asks_with(&owner, NUMBER, &proof).await.outcome(), "code_sent");
    assert_eq!(owner.checks(&world.code()).await.outcome(), "verified");
    assert_eq!(owner.signs_up("먼저").await.outcome(), "signed_up");
    world.advance(60);
    let stranger = world.browser();
    let taken = is_asked_for_work(&stranger, NUMBER).await;
    is_asked_for_work(&stranger, OTHER_NUMBER).await;
    assert_eq!(asks_with(&stranger, NUMBER, &solve(&taken)).await.outcome(), "phone_number_taken");
}

async fn keys_are_rotated_without_losing_work(kind: Kind) {
    let world = world(kind).await;
    let proof = solve(&is_asked_for_work(&world.browser(), NUMBER).await);
    let keys = format!("{},{SECRET_KEY}", "ab".repeat(32));
    let world = world.restart(outbox::NAME, vec![("SECRET_KEY", keys)], &[("CHALLENGE", "always")]).await;
    assert_eq!(asks_with(&world.browser(), NUMBER, &proof).await.outcome(), "code_sent");
}

async fn nobody_works_unless_a_send_is_doubtful(kind: Kind) {
    for settings in [&[][..], &[("CHALLENGE", "off")], &[("CHALLENGE", "doubtful")]] {
        let world = World::with(kind, outbox::NAME, settings).await;
        assert_eq!(asks_with(&world.browser(), NUMBER, "no proof").await.outcome(), "code_sent");
    }
}
