//! What is remembered for the operator.

use beonho::server::store::oversight::{MAX_REFUSALS, MAX_REFUSALS_PER_NUMBER};
use beonho::server::store::{Audited, DeliveryResult, Refused, SendResult};
use beonho::verification::Delivered;

use super::{Shelf, ask, at, deed, number, subject};
use crate::databases::{Kind, on_both_databases, rows_of_all_tables};

on_both_databases!(
    a_number_has_its_whole_story,
    of_a_number_the_last_refusals_are_kept_for_a_day,
    a_flood_of_refusals_leaves_bounded_rows,
    what_operators_do_is_written_down,
    whoever_is_erased_has_no_story,
);

fn refused(last: u32, secs: i64) -> Refused {
    let (rule, requester) = ("number_resting".to_owned(), "192.0.2.1".to_owned());
    Refused { phone_number: number(last), rule, subject: subject("b"), requester, at: at(secs), times: 3 }
}

async fn a_number_has_its_whole_story(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let failed = shelf.reserve(&ask("a", 1), at(0)).await.expect("reserved");
    shelf.store.mark_send(&failed.send_id, &SendResult::Failed, at(1)).await.expect("marked");
    shelf.store.note_fault(&failed.send_id, "the vendor is unavailable: 503").await.expect("noted");
    let sent = shelf.reserve(&ask("b", 1), at(60)).await.expect("reserved");
    let accepted = SendResult::Accepted { provider: "sens", reference: Some("r".into()), poll_at: None };
    shelf.store.mark_send(&sent.send_id, &accepted, at(61)).await.expect("marked");
    let lost = DeliveryResult { send_id: sent.send_id, delivered: Delivered::No, reason: "3018 off".into() };
    shelf.store.mark_deliveries(&[lost], at(70)).await.expect("marked");
    shelf.store.add_refusals(&[refused(1, 61), refused(2, 62)], &[("number_resting".into(), 6)], at(63)).await.expect("added");

    let story = shelf.store.tell_of(&number(1), at(80)).await.expect("told");
    let [second, first] = &story.sends[..] else { panic!("two sends: {story:?}") };
    assert_eq!((first.result.as_str(), first.fault.as_deref()), ("failed", Some("the vendor is unavailable: 503")));
    assert_eq!((second.result.as_str(), second.delivery.as_deref()), ("accepted", Some("3018 off")));
    assert_eq!((second.at, second.subject.as_str(), second.requester.as_str()), (at(60), "b", "192.0.2.1"));
    assert_eq!((second.provider.as_deref(), second.purpose.as_deref()), (Some("sens"), Some("sign_up")));
    assert!(!first.is_counted && !second.is_counted, "both were given back");
    assert_eq!((story.refusals, story.account_made_at, story.service_sends), (vec![refused(1, 61)], None, 1));
    assert_eq!(shelf.store.find_service_sends(at(80)).await.expect("found"), 1);
    assert_eq!(shelf.store.find_service_sends(at(100_000)).await.expect("found"), 0, "a day later");
    let none = shelf.store.tell_of(&number(1), at(90_000)).await.expect("told");
    assert!(none.sends.is_empty() && none.refusals.is_empty(), "a day later: {none:?}");
}

async fn of_a_number_the_last_refusals_are_kept_for_a_day(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    for secs in 0..20 {
        shelf.store.add_refusals(&[refused(1, secs)], &[("number_resting".into(), 3)], at(secs)).await.expect("added");
    }
    let story = shelf.store.tell_of(&number(1), at(20)).await.expect("told");
    let kept: Vec<_> = (0..i64::from(MAX_REFUSALS_PER_NUMBER)).map(|n| refused(1, 19 - n)).collect();
    assert_eq!(story.refusals, kept);
    assert!(!shelf.store.sweep(&shelf.policy, at(86_500), 500).await.expect("swept"));
    let rows = rows_of_all_tables(&shelf.database.url).await;
    assert_eq!((rows["refusals"], rows["hourly_refusals"]), (0, 1), "the hour is within the day");
    shelf.store.sweep(&shelf.policy, at(100_000), 500).await.expect("swept");
    assert_eq!(rows_of_all_tables(&shelf.database.url).await["hourly_refusals"], 0);
}

async fn a_flood_of_refusals_leaves_bounded_rows(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let most = i64::from(MAX_REFUSALS);
    for round in 0..25 {
        let flood: Vec<_> = (0..512).map(|n| refused(u32::try_from(round * 512 + n).expect("small"), round * 512 + n)).collect();
        shelf.store.add_refusals(&flood, &[("number_resting".into(), 512)], at(round * 512)).await.expect("added");
        assert!(rows_of_all_tables(&shelf.database.url).await["refusals"] <= most);
    }
    assert_eq!(rows_of_all_tables(&shelf.database.url).await["refusals"], most, "it was a flood");
    let newest = shelf.store.tell_of(&number(25 * 512 - 1), at(25 * 512)).await.expect("told");
    assert_eq!(newest.refusals.len(), 1);
}

async fn what_operators_do_is_written_down(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    shelf.store.lift_budgets(Some(&number(1)), &deed(1)).await.expect("lifted");
    shelf.store.lift_budgets(None, &deed(2)).await.expect("lifted for all");
    shelf.store.lift_budgets(Some(&number(9999)), &deed(3)).await.expect("lifted for another");
    let lines = shelf.store.tell_of(&number(1), at(4)).await.expect("told").audit;
    assert_eq!(lines, [2, 1].map(|secs| Audited { deed: deed(secs), action: "unlock".into() }));
}

async fn whoever_is_erased_has_no_story(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    super::accounts::account(&shelf, "a", 1, at(0)).await;
    assert_eq!(shelf.store.tell_of(&number(1), at(1)).await.expect("told").account_made_at, Some(at(0)));
    shelf.store.add_refusals(&[refused(1, 1)], &[("number_resting".into(), 1)], at(1)).await.expect("added");
    assert!(shelf.store.remove_account(&number(1), &deed(2)).await.expect("removed"));
    let story = shelf.store.tell_of(&number(1), at(3)).await.expect("told");
    assert!(story.account_made_at.is_none() && story.sends.is_empty() && story.refusals.is_empty(), "{story:?}");
    assert_eq!(story.audit, [Audited { deed: deed(2), action: "account remove".into() }]);
}
