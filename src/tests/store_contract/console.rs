//! The console's rows: the figures of a day, the audit in pages, and what is forgotten.

use beonho::server::store::{HourFigures, NewConsoleSession, SendResult, VendorFigures};

use super::{Shelf, ask, at, deed, number};
use crate::databases::{Kind, on_both_databases, rows_of_all_tables};

on_both_databases!(
    a_day_is_counted_by_hour_rule_and_vendor,
    the_audit_is_read_in_pages,
    an_unmasking_is_written_down,
    what_is_over_at_the_console_is_swept,
);

async fn a_day_is_counted_by_hour_rule_and_vendor(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    shelf.verified("a", 1, at(0)).await;
    let failed = shelf.reserve(&ask("b", 2), at(3600)).await.expect("reserved");
    shelf.store.mark_send(&failed.send_id, &SendResult::Failed, at(3601)).await.expect("marked");
    shelf.pending("c", 3, at(3602)).await;
    shelf.store.add_refusals(&[], &[("cooldown".into(), 2)], at(10)).await.expect("added");
    shelf.store.add_refusals(&[], &[("cooldown".into(), 1), ("day_budget".into(), 9)], at(3700)).await.expect("added");
    let day = shelf.store.find_day(at(4000)).await.expect("found");
    let first = at(0).as_second() / 3600;
    let hours = [(first, HourFigures { sends: 1, verified: 1 }), (first + 1, HourFigures { sends: 1, verified: 0 })];
    assert_eq!(day.hours, hours, "what certainly was not sent is none");
    assert_eq!((day.tally.sends, day.tally.numbers, day.tally.proven), (2, 2, 1));
    assert_eq!(day.refusals, [("day_budget".into(), 9), ("cooldown".into(), 3)]);
    let of = |result: &str| VendorFigures { provider: Some("sens".into()), result: result.into(), sends: 1 };
    assert_eq!(day.vendors, [of("accepted"), of("failed")], "of the last hour");
    let later = shelf.store.find_day(at(200_000)).await.expect("found");
    assert!(later.hours.is_empty() && later.refusals.is_empty() && later.vendors.is_empty(), "{later:?}");
}

async fn the_audit_is_read_in_pages(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    for secs in [1, 2, 2, 2, 3] {
        shelf.store.lift_budgets(None, &deed(secs)).await.expect("lifted");
    }
    let (mut behind, mut seen) = (None, Vec::new());
    loop {
        let lines = shelf.store.find_audit(behind.as_ref(), 2).await.expect("found");
        let Some(last) = lines.last() else { break };
        behind = Some((last.audited.deed.at, last.id.clone()));
        seen.extend(lines);
    }
    let all = shelf.store.find_audit(None, 100).await.expect("found");
    assert_eq!((seen.len(), &seen), (5, &all), "each once, in the same order");
    assert_eq!((all[0].audited.deed.at, all[4].audited.deed.at, all[0].target.as_str()), (at(3), at(1), "everybody"));
}

async fn an_unmasking_is_written_down(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    shelf.store.mark_unmasked(&number(1), &deed(1)).await.expect("marked");
    let lines = shelf.store.find_audit(None, 10).await.expect("found");
    assert_eq!((lines[0].audited.action.as_str(), &lines[0].target), ("unmask", &number(1).masked()));
    assert_eq!(shelf.store.tell_of(&number(1), at(2)).await.expect("told").audit.len(), 1);
}

async fn what_is_over_at_the_console_is_swept(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let session = |name: &str, ends| NewConsoleSession { digest: name.into(), expires_at: at(ends) };
    shelf.store.add_link("a", &deed(0), at(300)).await.expect("added");
    shelf.store.add_console_session(&session("short", 100), &deed(0)).await.expect("added");
    shelf.store.add_console_session(&session("long", 9000), &deed(0)).await.expect("added");
    let rows = async |secs| {
        shelf.store.sweep(&shelf.policy, at(secs), 500).await.expect("swept");
        let rows = rows_of_all_tables(&shelf.database.url).await;
        (rows["console_links"], rows["console_sessions"])
    };
    assert_eq!(rows(100).await, (1, 2));
    assert_eq!(rows(101).await, (1, 1));
    assert_eq!(rows(3600).await, (0, 1));
    assert_eq!(shelf.store.claim_console_session("long", at(0), at(3600)).await.expect("asked"), None, "it rested");
    assert_eq!(shelf.store.claim_console_session("long", at(-1), at(3600)).await.expect("asked"), Some("mina".into()));
    assert_eq!(rows(7200).await, (0, 1), "it was seen");
    assert_eq!(rows(7201).await, (0, 0));
}
