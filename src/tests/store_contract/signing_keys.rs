//! The keys that sign ID tokens.

use beonho::server::store::{Audited, StoredKey};

use super::{Shelf, at, deed};
use crate::databases::{Kind, on_both_databases};

on_both_databases!(of_many_replicas_one_adds_a_generation, a_key_by_hand_stands_in_the_audit, a_key_is_sealed_anew_and_removed);

fn key(kid: &str, algorithm: &str, generation: i64) -> StoredKey {
    let (kid, algorithm, sealed) = (kid.to_owned(), algorithm.to_owned(), format!("{kid} sealed"));
    StoredKey { kid, algorithm, generation, sealed, made_at: at(0), signs_from: at(generation * 60) }
}

async fn of_many_replicas_one_adds_a_generation(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let keys: Vec<_> = (0..8).map(|place| key(&format!("key {place}"), "RS256", 0)).collect();
    let added = futures::future::join_all(keys.iter().map(|key| shelf.store.add_signing_key(key, None))).await;
    let winners: Vec<_> = keys.iter().zip(added).filter_map(|(key, added)| added.expect("asked").then_some(key)).collect();
    assert_eq!(winners.len(), 1);
    let others = [key("ec", "ES256", 0), key("next", "RS256", 1)];
    for other in &others {
        assert!(shelf.store.add_signing_key(other, None).await.expect("added"));
    }
    let [ec, next] = others;
    assert_eq!(shelf.store.find_signing_keys().await.expect("found"), [ec, winners[0].clone(), next]);
}

async fn a_key_by_hand_stands_in_the_audit(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let keys = [key("at once", "RS256", 0), key("lost", "RS256", 0), key("later", "RS256", 1)];
    for (key, is_added) in keys.iter().zip([true, false, true]) {
        assert_eq!(shelf.store.add_signing_key(key, Some(&deed(1 + key.generation))).await.expect("asked"), is_added);
    }
    let lines = shelf.store.find_audit(None, 9).await.expect("found").into_iter().map(|line| (line.audited, line.target));
    let line = |secs, action: &str, kid: &str| (Audited { deed: deed(secs), action: action.into() }, kid.to_owned());
    let told = [line(2, "keys rotate", "later"), line(1, "keys rotate --now", "at once")];
    assert_eq!(lines.collect::<Vec<_>>(), told);
}

async fn a_key_is_sealed_anew_and_removed(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    shelf.store.add_signing_key(&key("first", "ES256", 0), None).await.expect("added");
    shelf.store.mark_signing_key("first", "sealed anew").await.expect("marked");
    shelf.store.mark_signing_key("another", "sealed anew").await.expect("none is none");
    let found = shelf.store.find_signing_keys().await.expect("found");
    assert_eq!(found, [StoredKey { sealed: "sealed anew".into(), ..key("first", "ES256", 0) }]);
    for _ in 0..2 {
        shelf.store.remove_signing_key("first").await.expect("removed");
    }
    assert!(shelf.store.find_signing_keys().await.expect("found").is_empty());
}
