//! Whom a day's sends came from, where they went, and what came of them.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Connection;
use crate::server::store::{AbuseFacts, TalliedSource};
use crate::verification::{PhoneNumber, Tally};

/// How many sources of a kind are looked at, those with the most sends first.
const MAX_SOURCES: i64 = 100_000;

type Row = (String, i64, i64, i64, i64, Option<String>);

/// What certainly was not sent, and answers that a number is taken, cost nothing.
macro_rules! tallied_by {
    ($source:literal) => {
        concat!(
            "select ",
            $source,
            " as source, count(*) as sends, count(distinct s.phone_number), count(distinct s.subject),
                 count(distinct case when c.verified_at is not null then c.id end), min(s.phone_number)
             from sends s left join challenges c on c.id = s.challenge_id
             where s.reserved_at > $1 and s.result in ('reserved', 'accepted', 'unknown') and s.phone_number is not null
             group by 1 order by sends desc, source limit $2 + 0"
        )
    };
}

fn count(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or(0)
}

async fn tally(db: &mut Connection, sql: &'static str, since: Timestamp) -> Result<Vec<TalliedSource>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as(sql).bind(since.as_millisecond()).bind(MAX_SOURCES).fetch_all(db).await?;
    let tallied = |(source, sends, numbers, browsers, proven, sample): Row| TalliedSource {
        source,
        tally: Tally { sends: count(sends), numbers: count(numbers), browsers: count(browsers), proven: count(proven) },
        sample: sample.map(PhoneNumber::from_stored),
    };
    Ok(rows.into_iter().map(tallied).collect())
}

pub(super) async fn find(db: &mut Connection, since: Timestamp) -> Result<AbuseFacts, sqlx::Error> {
    let browsers = tally(db, tallied_by!("s.subject"), since).await?;
    let addresses = tally(db, tallied_by!("s.requester"), since).await?;
    let prefixes = tally(db, tallied_by!("substr(s.phone_number, 1, length(s.phone_number) - 4)"), since).await?;
    let sql = "select created_at / 3600000 as hour, count(*) from accounts where created_at > $1 group by 1 order by 1";
    let hours: Vec<(i64, i64)> = sqlx::query_as(sql).bind(since.as_millisecond()).fetch_all(&mut *db).await?;
    let sql = "select target, count(*) as times from audit where action = 'account remove' group by target having count(*) > 1
               order by times desc, target limit $1 + 0";
    let removed: Vec<(String, i64)> = sqlx::query_as(sql).bind(MAX_SOURCES).fetch_all(db).await?;
    Ok(AbuseFacts {
        browsers,
        addresses,
        prefixes,
        accounts_by_hour: hours.into_iter().map(|(hour, accounts)| (hour, count(accounts))).collect::<BTreeMap<_, _>>(),
        removed: removed.into_iter().map(|(number, times)| (number, count(times))).collect(),
    })
}
