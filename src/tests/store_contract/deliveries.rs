//! What became of texts: asked by one replica at a time, told once.

use beonho::server::store::SendResult;
use beonho::verification::{Delivered, Policy, SendRefusal};

use super::{Shelf, ask, at};
use crate::databases::{Kind, on_both_databases};

on_both_databases!(
    a_due_send_is_claimed_once_and_comes_due_again,
    an_undelivered_text_is_given_back_and_told,
    an_undelivered_text_is_not_given_back_to_the_service,
    a_number_gets_three_more_sends_for_texts_that_were_not_delivered,
    a_late_result_of_an_older_code_is_not_told,
);

/// An accepted send whose vendor is asked from two seconds on, and its name.
async fn accepted(shelf: &Shelf, secs: i64) -> (String, beonho::verification::ChallengeId) {
    let reserved = shelf.reserve(&ask("a", 1), at(secs)).await.expect("allowed");
    let result = SendResult::Accepted { provider: "sens", reference: Some(format!("request {secs}")), poll_at: Some(at(secs + 2)) };
    shelf.store.mark_send(&reserved.send_id, &result, at(secs)).await.expect("marked");
    (reserved.send_id, reserved.challenge)
}

async fn a_due_send_is_claimed_once_and_comes_due_again(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let (send_id, _) = accepted(&shelf, 0).await;
    assert!(shelf.store.claim_polls(at(1), 9).await.expect("asked").is_empty());
    let due = shelf.store.claim_polls(at(2), 9).await.expect("asked");
    let [poll] = due.as_slice() else { panic!("{due:?}") };
    let (provider, reference) = (poll.provider.as_deref(), poll.reference.as_deref());
    assert_eq!((poll.send_id.as_str(), provider, reference), (send_id.as_str(), Some("sens"), Some("request 0")));
    assert!(shelf.store.claim_polls(at(3), 9).await.expect("asked").is_empty(), "another replica has claimed it");
    let mut claims = 1;
    for now in 4..4000 {
        claims += shelf.store.claim_polls(at(now), 9).await.expect("asked").len();
        if claims == 12 {
            break;
        }
    }
    assert_eq!(claims, 12);
    assert!(shelf.store.claim_polls(at(90_000), 9).await.expect("asked").is_empty(), "it is not asked about for ever");
}

async fn an_undelivered_text_is_given_back_and_told(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let (send_id, challenge) = accepted(&shelf, 0).await;
    for _ in 0..2 {
        shelf.mark_delivery(&send_id, Delivered::No, "3001", at(5)).await;
    }
    assert_eq!(shelf.challenge(&challenge).await.delivery, Some(Delivered::No));
    assert_eq!(shelf.spent("a", at(5)).await, (0, 0));
    assert!(shelf.store.claim_polls(at(60), 9).await.expect("asked").is_empty());
    assert_eq!(shelf.codes(&challenge, at(5)).await, 1, "it may arrive all the same");
}

async fn a_number_gets_three_more_sends_for_texts_that_were_not_delivered(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let mut sent = 0;
    for n in 0..12 {
        let Ok(reserved) = shelf.reserve(&ask(&format!("{n}"), 1), at(n * 60)).await else { continue };
        let accepted = SendResult::Accepted { provider: "sens", reference: None, poll_at: None };
        shelf.store.mark_send(&reserved.send_id, &accepted, at(n * 60)).await.expect("marked");
        shelf.mark_delivery(&reserved.send_id, Delivered::No, "3001", at(n * 60)).await;
        sent += 1;
    }
    assert_eq!(sent, 8, "each with as many guesses as a challenge has");
}

/// The vendor took it: the bill of the day has it.
async fn an_undelivered_text_is_not_given_back_to_the_service(kind: Kind) {
    let shelf = Shelf { policy: Policy { max_sends_per_day: 1, ..Policy::default() }, ..Shelf::new(kind).await };
    let (send_id, _) = accepted(&shelf, 0).await;
    shelf.mark_delivery(&send_id, Delivered::No, "3001", at(5)).await;
    assert_eq!(shelf.reserve(&ask("b", 2), at(6)).await.expect_err("spent"), SendRefusal::ServiceExhausted);
}

async fn a_late_result_of_an_older_code_is_not_told(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let (older, challenge) = accepted(&shelf, 0).await;
    let (newer, _) = accepted(&shelf, 60).await;
    shelf.mark_delivery(&older, Delivered::No, "3001", at(61)).await;
    assert_eq!(shelf.challenge(&challenge).await.delivery, None);
    shelf.mark_delivery(&newer, Delivered::Yes, "delivered", at(62)).await;
    assert_eq!(shelf.challenge(&challenge).await.delivery, Some(Delivered::Yes));
}
