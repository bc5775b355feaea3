//! A send that its vendor tells of by itself.

use beonho::server::store::{DeliveryResult, SendResult};
use beonho::verification::Delivered;

use super::{Shelf, ask, at, number};
use crate::databases::{Kind, on_both_databases};

on_both_databases!(a_send_is_found_while_its_vendor_may_have_it, a_result_is_news_once, a_result_may_be_here_before_the_answer,);

async fn a_send_is_found_while_its_vendor_may_have_it(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let reserved = shelf.reserve(&ask("a", 1), at(0)).await.expect("allowed");
    let id = reserved.send_id.as_str();
    let text = shelf.store.find_send(id).await.expect("asked").expect("a send");
    assert_eq!((text.send_id.as_str(), text.provider, text.reference), (id, None, None), "nobody has said who has it");
    assert_eq!((text.phone_number, text.requester.as_str(), text.reserved_at), (Some(number(1)), "192.0.2.1", at(0)));
    let found = async |result: SendResult| {
        shelf.store.mark_send(id, &result, at(1)).await.expect("marked");
        shelf.store.find_send(id).await.expect("asked").map(|text| (text.provider, text.reference))
    };
    let http = Some("http".to_owned());
    assert_eq!(found(SendResult::Unknown { provider: "http" }).await, Some((http.clone(), None)));
    let accepted = SendResult::Accepted { provider: "http", reference: Some("r".into()), poll_at: None };
    assert_eq!(found(accepted).await, Some((http, Some("r".into()))));
    assert_eq!(found(SendResult::Failed).await, None, "it certainly was not sent");
    for unknown in ["", "nothing like that", "' or 1=1 --", "가"] {
        assert_eq!(shelf.store.find_send(unknown).await.expect("asked"), None, "{unknown}");
    }
}

async fn a_result_is_news_once(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let mut results = Vec::new();
    for n in 0..4 {
        let reserved = shelf.reserve(&ask(&format!("{n}"), n), at(0)).await.expect("allowed");
        let accepted = SendResult::Accepted { provider: "http", reference: None, poll_at: None };
        shelf.store.mark_send(&reserved.send_id, &accepted, at(0)).await.expect("marked");
        let delivered = if n % 2 == 0 { Delivered::Yes } else { Delivered::No };
        results.push(DeliveryResult { send_id: reserved.send_id, delivered, reason: delivered.as_str().into() });
    }
    let of_nobody = DeliveryResult { send_id: "nobody's".into(), ..results[0].clone() };
    let first = [results[0].clone(), results[1].clone(), of_nobody];
    let news = |results: Vec<DeliveryResult>| {
        let store = shelf.store.clone();
        async move {
            let mut news = store.mark_deliveries(&results, at(5)).await.expect("marked");
            news.sort();
            news
        }
    };
    let sorted = |of: &[DeliveryResult]| {
        let mut names: Vec<_> = of.iter().map(|result| result.send_id.clone()).collect();
        names.sort();
        names
    };
    assert_eq!(news(first.into()).await, sorted(&results[..2]));
    assert_eq!(news(results.clone()).await, sorted(&results[2..]));
    let opposite = results.iter().map(|result| DeliveryResult { delivered: Delivered::No, ..result.clone() });
    assert_eq!(news(opposite.collect()).await, Vec::<String>::new());
    assert_eq!(shelf.spent("0", at(5)).await, (1, 1), "what was delivered stays so");
}

async fn a_result_may_be_here_before_the_answer(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let reserved = shelf.reserve(&ask("a", 1), at(0)).await.expect("allowed");
    shelf.mark_delivery(&reserved.send_id, Delivered::Yes, "delivered", at(1)).await;
    let accepted = SendResult::Accepted { provider: "http", reference: Some("r".into()), poll_at: Some(at(2)) };
    shelf.store.mark_send(&reserved.send_id, &accepted, at(1)).await.expect("marked");
    assert_eq!(shelf.challenge(&reserved.challenge).await.delivery, Some(Delivered::Yes));
    assert!(shelf.store.claim_polls(at(60), 9).await.expect("asked").is_empty(), "nobody needs to be asked");
}
