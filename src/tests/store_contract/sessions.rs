//! Sessions: rotations, ends, and the answers that are kept for them.

use beonho::server::store::{AskedKey, Consumed, Kept, KeptAnswer, Rotated};

use super::{Shelf, at, rotation, subject};
use crate::databases::{Kind, on_both_databases};

on_both_databases!(
    a_session_that_is_used_ends_later_and_one_that_was_replaced_does_not,
    a_grave_is_asked_for_its_successor_a_few_times,
    a_removed_grave_stays_and_its_successor_goes_on,
    a_key_is_claimed_once_and_its_answer_is_kept,
    a_rotation_leaves_a_grave_and_a_new_session,
    a_session_is_replaced_once,
    a_removed_session_takes_its_challenge_with_it,
);

async fn a_session_that_is_used_ends_later_and_one_that_was_replaced_does_not(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    shelf.verified("a", 1, at(0)).await;
    for (digest, expires_at) in [("a new", at(90_000)), ("a old", at(86_400))] {
        shelf.store.prolong_session(digest, at(90_000)).await.expect("asked");
        shelf.store.prolong_session(digest, at(10)).await.expect("never sooner");
        assert_eq!(shelf.session(digest).await.expect("a session").expires_at, expires_at, "{digest}");
    }
    shelf.store.prolong_session("nobody", at(90_000)).await.expect("a cookie without a row needs none");
}

async fn a_grave_is_asked_for_its_successor_a_few_times(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    shelf.verified("a", 1, at(0)).await;
    for _ in 0..3 {
        assert!(shelf.store.count_repeat("a old", 3).await.expect("counted"));
    }
    for digest in ["a old", "a new", "nobody"] {
        assert!(!shelf.store.count_repeat(digest, 3).await.expect("asked"), "{digest}");
    }
}

async fn a_removed_grave_stays_and_its_successor_goes_on(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let challenge = shelf.verified("a", 1, at(0)).await;
    shelf.store.remove_session("a old", &subject("a"), at(1)).await.expect("removed");
    assert!(shelf.session("a old").await.is_some_and(|session| session.rotated.is_some()), "a planted cookie does not live again");
    assert_eq!(shelf.history("a", at(1)).await.current, Some(challenge));
}

async fn a_key_is_claimed_once_and_its_answer_is_kept(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let asked = AskedKey { subject: subject("a"), key: "k".into(), request: "r".into() };
    let (other_request, other_subject) =
        (AskedKey { request: "other".into(), ..asked.clone() }, AskedKey { subject: subject("b"), ..asked.clone() });
    let claims = async |asked: &AskedKey, secs| shelf.store.claim_key(asked, at(secs), at(secs - 30)).await.expect("asked");
    assert!(claims(&asked, 0).await);
    assert_eq!(shelf.store.find_kept(&asked).await.expect("found"), Some(Kept::UnderWay { since: at(0) }));
    assert!(!claims(&asked, 29).await && !claims(&other_request, 99).await);
    assert!(claims(&asked, 31).await, "the process that had it is gone");
    let answer = KeptAnswer { status: 202, body: "{}".into(), retry_after_secs: Some(7) };
    shelf.store.keep_answer(&asked, &answer).await.expect("kept");
    shelf.store.give_key_up(&asked).await.expect("an answer stays");
    assert!(!claims(&asked, 99).await);
    assert_eq!(shelf.store.find_kept(&asked).await.expect("found"), Some(Kept::Answer(answer)));
    assert_eq!(shelf.store.find_kept(&other_request).await.expect("found"), Some(Kept::OfAnotherRequest));
    assert_eq!(shelf.store.find_kept(&other_subject).await.expect("found"), None);
    assert!(claims(&other_subject, 0).await);
    shelf.store.give_key_up(&other_subject).await.expect("given up");
    assert_eq!(shelf.store.find_kept(&other_subject).await.expect("found"), None);
}

async fn a_rotation_leaves_a_grave_and_a_new_session(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    shelf.verified("a", 1, at(5)).await;
    let old = shelf.session("a old").await.expect("a grave");
    assert_eq!(old.rotated, Some(Rotated { at: at(5), by: "once".into(), outcome: "verified".into() }));
    let new = shelf.session("a new").await.expect("a session");
    assert_eq!((new.subject, new.account_id, new.rotated), (subject("a"), None, None));
    assert_eq!(new.expires_at, at(5 + 86_400));
}

async fn a_session_is_replaced_once(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    shelf.verified("a", 1, at(0)).await;
    let other = shelf.pending("a2", 2, at(0)).await;
    let from_the_grave = rotation("a2", "a old", "stolen", at(1));
    assert_eq!(shelf.store.mark_verified(&other, &from_the_grave).await.expect("asked").consumed, Consumed::Lost);
    assert_eq!(shelf.session("stolen").await, None);
    assert_eq!(shelf.challenge(&other.id).await, other, "nothing is half-written");
}

async fn a_removed_session_takes_its_challenge_with_it(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    shelf.verified("a", 1, at(0)).await;
    shelf.store.remove_session("a new", &subject("a"), at(1)).await.expect("removed");
    assert_eq!(shelf.session("a new").await, None);
    assert_eq!(shelf.history("a", at(1)).await.current, None);
}
