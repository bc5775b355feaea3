//! Challenges: counted, consumed, closed, and named by the vendor.

use beonho::server::store::Consumed;
use beonho::verification::{Purpose, State};

use super::{Shelf, ask, at, number, rotation, subject};
use crate::databases::{Kind, on_both_databases};

on_both_databases!(
    the_sixth_attempt_is_not_counted,
    an_attempt_of_somebody_else_or_too_late_is_not_counted,
    an_attempt_is_given_back_unless_the_challenge_is_verified,
    a_vendor_that_counts_no_more_exhausts_a_challenge,
    a_vendor_that_has_nothing_to_check_expires_a_challenge_unless_it_is_verified,
    codes_are_found_until_they_expire,
    a_challenge_is_consumed_once,
    a_closed_challenge_is_not_consumed,
    a_subject_closes_its_challenge_and_no_other,
    a_vendors_name_belongs_to_the_last_challenge_that_was_told_it,
    what_may_live_at_the_vendor_is_found_even_when_closed,
    a_closed_challenge_that_is_told_its_name_late_closes_nobody,
    a_vendor_is_asked_by_one_and_not_so_soon_again,
);

const MAX: u32 = 5;

async fn the_sixth_attempt_is_not_counted(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let id = shelf.pending("a", 1, at(0)).await.id;
    for attempt in 1..=MAX {
        let counted =
            shelf.store.count_attempt(Some(&id), &subject("a"), MAX, at(1)).await.expect("counted").expect("allowed").challenge;
        assert_eq!(counted.state, State::Pending { attempts: attempt, expires_at: at(300) });
    }
    assert_eq!(shelf.store.count_attempt(Some(&id), &subject("a"), MAX, at(1)).await.expect("counted"), None);
}

async fn an_attempt_of_somebody_else_or_too_late_is_not_counted(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let id = shelf.pending("a", 1, at(0)).await.id;
    assert_eq!(shelf.store.count_attempt(Some(&id), &subject("b"), MAX, at(1)).await.expect("counted"), None);
    assert_eq!(shelf.store.count_attempt(Some(&id), &subject("a"), MAX, at(300)).await.expect("counted"), None);
    assert!(shelf.store.count_attempt(Some(&id), &subject("a"), MAX, at(299)).await.expect("counted").is_some());
}

async fn an_attempt_is_given_back_unless_the_challenge_is_verified(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let id = shelf.pending("a", 1, at(0)).await.id;
    shelf.store.count_attempt(Some(&id), &subject("a"), MAX, at(1)).await.expect("counted");
    for _ in 0..2 {
        shelf.store.give_attempt_back(&id).await.expect("given back");
        assert_eq!(shelf.challenge(&id).await.state, State::Pending { attempts: 0, expires_at: at(300) });
    }
}

async fn a_vendor_that_counts_no_more_exhausts_a_challenge(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let id = shelf.pending("a", 1, at(0)).await.id;
    shelf.store.mark_exhausted(&id, MAX).await.expect("marked");
    assert_eq!(shelf.challenge(&id).await.state, State::Pending { attempts: MAX, expires_at: at(300) });
}

async fn a_vendor_that_has_nothing_to_check_expires_a_challenge_unless_it_is_verified(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let (pending, verified) = (shelf.pending("a", 1, at(0)).await, shelf.verified("b", 2, at(0)).await);
    for challenge in [&pending, &verified] {
        shelf.store.mark_expired(&challenge.id, at(5)).await.expect("marked");
    }
    assert_eq!(shelf.challenge(&pending.id).await.state, State::Pending { attempts: 0, expires_at: at(5) });
    assert_eq!(shelf.challenge(&verified.id).await, verified);
    let consumed = shelf.store.mark_verified(&pending, &rotation("a", "old", "new", at(6))).await.expect("asked").consumed;
    assert_eq!(consumed, Consumed::Verified, "the vendor's approval was on its way");
}

async fn codes_are_found_until_they_expire(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let id = shelf.pending("a", 1, at(0)).await.id;
    assert_eq!(shelf.pending("a", 1, at(60)).await.id, id);
    let mut found = Vec::new();
    for now in [60, 299, 300, 359, 360] {
        found.push(shelf.codes(&id, at(now)).await);
    }
    assert_eq!(found, [2, 2, 1, 1, 0]);
}

async fn a_challenge_is_consumed_once(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let challenge = shelf.pending("a", 1, at(0)).await;
    let consumed = shelf.store.mark_verified(&challenge, &rotation("a", "old", "new", at(1))).await.expect("consumed").consumed;
    assert_eq!(consumed, Consumed::Verified);
    assert_eq!(shelf.challenge(&challenge.id).await.state, State::Verified { verified_at: at(1) });
    let again = shelf.store.mark_verified(&challenge, &rotation("a", "new", "newer", at(2))).await.expect("asked").consumed;
    assert_eq!(again, Consumed::Lost);
    assert_eq!(shelf.session("newer").await, None);
    assert_eq!(shelf.store.count_attempt(Some(&challenge.id), &subject("a"), MAX, at(2)).await.expect("counted"), None);
}

async fn a_closed_challenge_is_not_consumed(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let challenge = shelf.pending("a", 1, at(0)).await;
    shelf.store.close_challenge(&challenge.id, at(1)).await.expect("closed");
    let consumed = shelf.store.mark_verified(&challenge, &rotation("a", "old", "new", at(2))).await.expect("asked").consumed;
    assert_eq!((consumed, shelf.challenge(&challenge.id).await.state), (Consumed::Lost, State::Closed));
    assert_eq!(shelf.session("old").await, None, "nothing is half-written");
}

async fn a_subject_closes_its_challenge_and_no_other(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let (own, other) = (shelf.pending("a", 1, at(0)).await, shelf.pending("b", 2, at(0)).await);
    shelf.store.close_challenges(&subject("a"), at(1)).await.expect("closed");
    assert_eq!(shelf.challenge(&own.id).await.state, State::Closed);
    assert_eq!(shelf.challenge(&other.id).await, other);
    assert_eq!(shelf.history("a", at(1)).await.current, None);
}

async fn a_vendors_name_belongs_to_the_last_challenge_that_was_told_it(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let (first, second) = (shelf.pending("a", 1, at(0)).await, shelf.pending("b", 1, at(60)).await);
    shelf.store.mark_reference(&first.id, "VE1", at(60)).await.expect("marked");
    shelf.store.mark_reference(&second.id, "VE1", at(61)).await.expect("marked");
    assert_eq!(shelf.challenge(&first.id).await.state, State::Closed);
    let second = shelf.challenge(&second.id).await;
    assert_eq!(second.provider_reference.as_deref(), Some("VE1"));
    assert!(matches!(second.state, State::Pending { .. }));
}

async fn what_may_live_at_the_vendor_is_found_even_when_closed(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let closed = shelf.pending("a", 1, at(0)).await;
    shelf.store.close_challenges(&subject("a"), at(1)).await.expect("closed");
    shelf.verified("b", 1, at(60)).await;
    let asked = ask("c", 1);
    assert_eq!(asked.purpose, Purpose::SignUp);
    let newest = shelf.pending("c", 1, at(120)).await;
    let found = |provider: &'static str, after| shelf.store.find_hosted(&asked.phone_number, provider, &newest.id, at(after));
    let ids: Vec<_> = found("ours", -1).await.expect("found").into_iter().map(|challenge| challenge.id).collect();
    assert_eq!(ids, [closed.id]);
    assert!(found("twilio_verify", -1).await.expect("found").is_empty());
    assert!(found("ours", 0).await.expect("found").is_empty(), "what is older lives nowhere");
    assert!(shelf.store.find_hosted(&number(2), "ours", &newest.id, at(-1)).await.expect("found").is_empty());
    let closed = shelf.challenge(&ids[0]).await;
    shelf.store.close_challenge(&closed.id, at(120)).await.expect("closed");
    assert_eq!(found("ours", -1).await.expect("found").len(), 1, "its name is yet to come");
    shelf.store.mark_reference(&closed.id, "VE1", at(121)).await.expect("marked");
    shelf.store.close_challenge(&closed.id, at(121)).await.expect("closed");
    assert!(found("ours", -1).await.expect("found").is_empty(), "nor what was ended there");
}

/// Two starts of one number get the same name; the answer to the first comes last.
async fn a_closed_challenge_that_is_told_its_name_late_closes_nobody(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let (first, second) = (shelf.pending("a", 1, at(0)).await, shelf.pending("b", 1, at(60)).await);
    shelf.store.close_challenge(&first.id, at(60)).await.expect("closed");
    shelf.store.mark_reference(&second.id, "VE1", at(61)).await.expect("marked");
    shelf.store.mark_reference(&first.id, "VE1", at(62)).await.expect("marked");
    assert!(matches!(shelf.challenge(&second.id).await.state, State::Pending { .. }));
    assert_eq!(shelf.challenge(&first.id).await.state, State::Closed);
}

async fn a_vendor_is_asked_by_one_and_not_so_soon_again(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let challenge = shelf.pending("a", 1, at(0)).await;
    let claims = async |secs| shelf.store.claim_look_up(&challenge.id, at(secs), at(secs - 10)).await.expect("asked");
    assert!(claims(5).await && !claims(5).await && !claims(14).await && claims(15).await);
    shelf.store.mark_expired(&challenge.id, at(16)).await.expect("marked");
    assert!(!claims(60).await, "it is over");
}
