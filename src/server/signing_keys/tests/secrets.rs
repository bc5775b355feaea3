//! What becomes of the keys when `SECRET_KEY` does not stay.

use super::*;

const NEW: &str = "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

#[tokio::test]
async fn a_key_is_sealed_anew_when_secret_key_is_rotated() {
    let (desk, old, both) = (Desk::new().await, replica(SECRET), replica(&format!("{NEW},{SECRET}")));
    let token = desk.sign(&old, Es256, day(0)).await;
    let before = desk.rows().await;
    assert!(desk.is_good(&both, &token, day(0)).await);
    desk.keep(&old, day(1)).await;
    assert_eq!(desk.rows().await, before, "it is sealed under the newest");
    desk.keep(&both, day(1)).await;
    assert_ne!(desk.rows().await[0].sealed, before[0].sealed);
    let new = replica(NEW);
    assert!(desk.is_good(&new, &token, day(1)).await);
    assert_eq!(kid_of(&desk.sign(&new, Es256, day(1)).await), kid_of(&token));
    // A replica of the old setting that still runs has the key in mind.
    assert_eq!(kid_of(&desk.sign(&old, Es256, day(2)).await), kid_of(&token));
    assert_eq!(desk.rows().await.len(), 1);
}

#[tokio::test]
async fn who_lost_secret_key_signs_with_another_key_at_once() {
    let (desk, old, new) = (Desk::new().await, replica(SECRET), replica(NEW));
    let lost = desk.sign(&old, Es256, day(0)).await;
    assert!(new.rotate(&*desk.store, true, &deed(day(1))).await.expect("asked").is_empty(), "it is not this one's to replace");
    let token = desk.sign(&new, Es256, day(1)).await;
    assert!(desk.is_good(&new, &token, day(1)).await && !desk.is_good(&new, &lost, day(1)).await);
    assert_eq!(desk.published(&new, day(1)).await[1..], [kid_of(&token)]);
    assert_eq!(
        desk.rows().await.iter().filter(|row| row.algorithm == "ES256").map(|row| row.generation).collect::<Vec<_>>(),
        [0, 1]
    );
    desk.keep(&new, day(1)).await;
    assert_eq!(desk.rows().await.len(), 3, "who finds the old SECRET_KEY again has not lost it");
    desk.keep(&new, day(102)).await;
    assert!(desk.rows().await.iter().all(|row| row.kid != kid_of(&lost)));
}

#[tokio::test]
async fn a_sealed_key_that_was_touched_is_lost() {
    let desk = Desk::new().await;
    desk.sign(&replica(SECRET), Es256, day(0)).await;
    let first = desk.rows().await.remove(0);
    let flipped = first.sealed.replacen(['A', 'B'], "C", 1);
    let cut = first.sealed[..12].to_owned();
    for sealed in [flipped, cut, String::new(), "no base64 !".to_owned()] {
        desk.store.mark_signing_key(&first.kid, &sealed).await.expect("marked");
        let token = desk.sign(&replica(SECRET), Es256, day(0)).await;
        assert_ne!(kid_of(&token), first.kid, "{sealed}");
    }
    // What was sealed under another name is none of this name.
    let other = desk.rows().await.pop().expect("a second");
    desk.store.mark_signing_key(&first.kid, &other.sealed).await.expect("marked");
    desk.store.remove_signing_key(&other.kid).await.expect("removed");
    assert_ne!(kid_of(&desk.sign(&replica(SECRET), Es256, day(0)).await), first.kid);
}

#[tokio::test]
async fn a_key_of_an_algorithm_of_another_release_is_left_alone() {
    let (desk, keys) = (Desk::new().await, replica(SECRET));
    let row = StoredKey {
        kid: "tomorrow's".into(),
        algorithm: "EdDSA".into(),
        generation: 0,
        sealed: "?".into(),
        made_at: day(-1000),
        signs_from: day(-999),
    };
    desk.store.add_signing_key(&row, None).await.expect("added");
    desk.keep(&keys, day(0)).await;
    desk.sign(&keys, Es256, day(0)).await;
    assert_eq!(desk.rows().await.len(), 2);
}
