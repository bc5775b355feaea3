//! What an operator asks for that reads many rows, on a busy day.

use std::time::Duration;

use beonho::verification::policy::DAY;
use sqlx::Connection;
use tokio::time::timeout;

use super::{Shelf, at};
use crate::database_faults::execute;
use crate::databases::{Kind, on_both_databases};

on_both_databases!(a_look_for_abuse_has_a_bound,);

/// Ten more than are looked at, one a second.
const SENDS: i64 = 100_010;

async fn a_look_for_abuse_has_a_bound(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let series = if kind == Kind::Sqlite {
        format!("with recursive series (n) as (select 1 union all select n + 1 from series where n < {SENDS})")
    } else {
        format!("with series (n) as (select generate_series(1, {SENDS}::bigint))")
    };
    let now = at(SENDS + 1);
    let sends = format!(
        "{series} insert into sends (id, subject, requester, phone_number, reserved_at, expires_at, result, given_back)
         select 'send ' || n, 'somebody', '192.0.2.1', '+821012340000', {0} + n * 1000, 0, 'accepted', 0 from series",
        at(0).as_millisecond()
    );
    execute(&shelf.database.url, &sends).await;
    let facts = shelf.store.find_abuse(at(0) - DAY).await.expect("found");
    assert_eq!(facts.since, at(10), "it says from when on");
    assert_eq!(facts.addresses.iter().map(|source| source.tally.sends).collect::<Vec<_>>(), [100_000]);
    let facts = shelf.store.find_abuse(now - DAY / 24).await.expect("found");
    assert_eq!((facts.since, facts.addresses[0].tally.sends), (now - DAY / 24, 3599), "an hour is shorter");
}

/// A reader that goes on would keep the log from being emptied.
#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_nobody_waits_for_ends() {
    let shelf = Shelf::new(Kind::Sqlite).await;
    let url = &shelf.database.url;
    execute(url, "drop table hourly_refusals").await;
    let endless = "create view hourly_refusals as select 'rule' as rule, count(*) as refusals, 9e15 as hour
                   from sqlite_master a, sqlite_master b, sqlite_master c, sqlite_master d, sqlite_master e, sqlite_master f";
    execute(url, endless).await;
    assert!(timeout(Duration::from_millis(300), shelf.store.find_day(at(0))).await.is_err(), "it takes very long");
    let mut db = sqlx::SqliteConnection::connect(url).await.expect("the file opens");
    for tries in 1.. {
        sqlx::query("insert into budgets (key, touched_at, lifted_at) values ($1, 0, 0)")
            .bind(tries)
            .execute(&mut db)
            .await
            .expect("written");
        let (is_busy, log, emptied): (i64, i64, i64) =
            sqlx::query_as("pragma wal_checkpoint(passive)").fetch_one(&mut db).await.expect("looked at");
        if is_busy == 0 && log == emptied {
            return;
        }
        assert!(tries < 100, "{log} pages wait, and {emptied} are in the file");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
