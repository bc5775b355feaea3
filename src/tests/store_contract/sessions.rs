//! Sessions: flashes, rotations, ends.

use beonho::server::store::{Consumed, Rotated};

use super::{Shelf, at, rotation, subject};
use crate::databases::{Kind, on_both_databases};

on_both_databases!(
    a_flash_makes_a_session_and_goes_when_it_was_shown,
    a_rotation_leaves_a_grave_and_a_new_session,
    a_session_is_replaced_once,
    a_removed_session_takes_its_challenge_with_it,
);

async fn a_flash_makes_a_session_and_goes_when_it_was_shown(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    assert_eq!(shelf.session("d").await, None);
    shelf.store.add_flash("d", &subject("a"), "first", at(100)).await.expect("kept");
    shelf.store.add_flash("d", &subject("a"), "second", at(200)).await.expect("kept");
    let session = shelf.session("d").await.expect("a session");
    assert_eq!((session.flash.as_deref(), session.subject, session.expires_at), (Some("second"), subject("a"), at(100)));
    shelf.store.remove_flash("d", "first").await.expect("removed");
    assert!(shelf.session("d").await.expect("a session").flash.is_some(), "another one came meanwhile");
    shelf.store.remove_flash("d", "second").await.expect("removed");
    assert_eq!(shelf.session("d").await.expect("a session").flash, None);
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
    assert_eq!(shelf.store.mark_verified(&other, &from_the_grave).await.expect("asked"), Consumed::Lost);
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
