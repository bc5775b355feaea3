//! Accounts: made of a verified challenge, one for a number.

use beonho::server::entropy;
use beonho::server::store::{AddedAccount, Consumed, NewAccount, SendRequest};
use beonho::verification::{Challenge, Purpose, State};
use jiff::Timestamp;

use super::{Shelf, ask, at, number, rotation};
use crate::databases::{Kind, on_both_databases};

on_both_databases!(
    an_account_takes_its_number_from_the_challenge,
    a_challenge_makes_one_account,
    a_second_account_for_a_number_is_refused_and_the_challenge_closed,
    a_proof_that_is_missing_or_too_old_makes_no_account,
    a_sign_in_gets_the_session_of_the_account,
);

pub fn new_account(challenge: &Challenge, now: Timestamp) -> NewAccount {
    NewAccount {
        id: entropy::new_id(),
        challenge: challenge.id.clone(),
        nickname: "준호".into(),
        consented_at: Some(now),
        verified_after: now - jiff::SignedDuration::from_secs(1800),
    }
}

/// An account of a number, and its name.
pub async fn account(shelf: &Shelf, who: &str, last: u32, now: Timestamp) -> String {
    let challenge = shelf.verified(who, last, now).await;
    let account = new_account(&challenge, now);
    let rotation = rotation(who, &format!("{who} new"), &format!("{who} account"), now);
    assert_eq!(shelf.store.add_account(&account, &rotation).await.expect("asked"), AddedAccount::Added);
    account.id
}

async fn an_account_takes_its_number_from_the_challenge(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let id = account(&shelf, "a", 1, at(0)).await;
    let found = shelf.store.find_account(&id).await.expect("found").expect("an account");
    assert_eq!((found.phone_number, found.nickname.as_str()), (number(1), "준호"));
    assert_eq!((found.consented_at, found.created_at), (Some(at(0)), at(0)));
    let session = shelf.session("a account").await.expect("a session");
    assert_eq!((session.account_id, session.expires_at), (Some(id), at(720 * 3600)));
    assert_eq!(shelf.store.find_account("nobody").await.expect("found"), None);
}

async fn a_challenge_makes_one_account(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let challenge = shelf.verified("a", 1, at(0)).await;
    let add = async |old: &str, new: &str| {
        let rotation = rotation("a", old, new, at(1));
        shelf.store.add_account(&new_account(&challenge, at(1)), &rotation).await.expect("asked")
    };
    assert_eq!(add("a new", "first").await, AddedAccount::Added);
    assert_eq!(add("first", "second").await, AddedAccount::NotVerified);
    assert_eq!(shelf.session("second").await, None);
}

async fn a_second_account_for_a_number_is_refused_and_the_challenge_closed(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let second = shelf.verified("b", 1, at(0)).await;
    account(&shelf, "a", 1, at(60)).await;
    let rotation = rotation("b", "b new", "b account", at(61));
    let added = shelf.store.add_account(&new_account(&second, at(61)), &rotation).await.expect("asked");
    assert_eq!((added, shelf.challenge(&second.id).await.state), (AddedAccount::NumberTaken, State::Closed));
    assert_eq!(shelf.session("b account").await, None);
    assert_eq!(shelf.session("b new").await.expect("a session").rotated, None);
}

async fn a_proof_that_is_missing_or_too_old_makes_no_account(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let (pending, verified) = (shelf.pending("a", 1, at(0)).await, shelf.verified("b", 2, at(0)).await);
    for (challenge, who, now) in [(&pending, "a", 1), (&verified, "somebody else", 1), (&verified, "b", 1800)] {
        let rotation = rotation(who, &format!("{who} new"), "account", at(now));
        let added = shelf.store.add_account(&new_account(challenge, at(now)), &rotation).await.expect("asked");
        assert_eq!(added, AddedAccount::NotVerified, "{who}");
    }
    assert_eq!(shelf.challenge(&verified.id).await, verified);
}

async fn a_sign_in_gets_the_session_of_the_account(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let id = account(&shelf, "a", 1, at(0)).await;
    let request = SendRequest { purpose: Purpose::SignIn, ..ask("b", 1) };
    let challenge = shelf.reserve(&request, at(60)).await.expect("allowed").challenge;
    let challenge = shelf.challenge(&challenge).await;
    let consumed = shelf.store.mark_verified(&challenge, &rotation("b", "b old", "b new", at(61))).await.expect("asked").consumed;
    assert_eq!((consumed, shelf.challenge(&challenge.id).await.state), (Consumed::SignedIn, State::Closed));
    let session = shelf.session("b new").await.expect("a session");
    assert_eq!(session.account_id, Some(id));
}
