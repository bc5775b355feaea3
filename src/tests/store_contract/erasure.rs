//! What is forgotten: a person on demand, and everything whose time is over.

use beonho::server::store::AskedKey;

use super::{Shelf, ask, at, deed, number, subject};
use crate::databases::{Kind, on_both_databases};

on_both_databases!(
    a_removed_account_leaves_counts_only,
    what_is_over_is_swept_and_nothing_else,
    a_sweep_says_whether_there_may_be_more,
);

async fn a_removed_account_leaves_counts_only(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let id = super::accounts::account(&shelf, "a", 1, at(0)).await;
    assert!(shelf.store.remove_account(&number(1), &deed(0)).await.expect("removed"));
    assert_eq!(shelf.store.find_account(&id).await.expect("found"), None);
    assert_eq!(shelf.session("a account").await, None);
    assert_eq!(shelf.history("a", at(1)).await.subject_sends.len(), 1);
    assert!(!shelf.store.remove_account(&number(1), &deed(0)).await.expect("asked"));
    assert!(shelf.reserve(&ask("b", 1), at(1)).await.is_ok(), "the number is nobody's again");
}

async fn what_is_over_is_swept_and_nothing_else(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let old = shelf.pending("old", 1, at(0)).await;
    let kept = super::accounts::account(&shelf, "owner", 2, at(0)).await;
    shelf.store.close_challenges(&subject("old"), at(1)).await.expect("closed");
    let asked = AskedKey { subject: subject("old"), key: "k".into(), request: "r".into() };
    assert!(shelf.store.claim_key(&asked, at(0), at(0)).await.expect("claimed"));
    let young = shelf.pending("young", 3, at(80_000)).await;
    assert!(!shelf.store.sweep(&shelf.policy, at(86_401), 500).await.expect("swept"));
    assert_eq!(shelf.store.find_challenge(&old.id).await.expect("found"), None);
    assert_eq!(shelf.store.find_kept(&asked).await.expect("found"), None);
    assert_eq!(shelf.challenge(&young.id).await, young);
    assert!(shelf.store.find_account(&kept).await.expect("found").is_some());
    assert!(shelf.session("owner account").await.is_some());
}

async fn a_sweep_says_whether_there_may_be_more(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    for n in 0..3 {
        shelf.pending(&format!("{n}"), n, at(0)).await;
    }
    assert!(shelf.store.sweep(&shelf.policy, at(90_000), 2).await.expect("swept"));
    let mut rounds = 0;
    while shelf.store.sweep(&shelf.policy, at(90_000), 2).await.expect("swept") {
        rounds += 1;
        assert!(rounds < 20, "it ends");
    }
    assert_eq!(shelf.history("0", at(90_000)).await.current, None);
}
