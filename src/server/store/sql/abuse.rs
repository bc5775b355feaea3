//! Whom a day's sends came from, where they went, and what came of them.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Connection;
use crate::server::store::rows::instant;
use crate::server::store::{AbuseFacts, TalliedSource};
use crate::verification::{PhoneNumber, Tally};

/// How many sends are looked at, the last ones: a look takes no longer on a busier day.
const MAX_SENDS: i64 = 100_000;
/// How many numbers are told that were erased more than once.
const MAX_REMOVED: i64 = 1000;

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
             group by 1 order by sends desc, source"
        )
    };
}

fn count(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or(0)
}

async fn tally(db: &mut Connection, sql: &'static str, since: Timestamp) -> Result<Vec<TalliedSource>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as(sql).bind(since.as_millisecond()).fetch_all(db).await?;
    let tallied = |(source, sends, numbers, browsers, proven, sample): Row| TalliedSource {
        source,
        tally: Tally { sends: count(sends), numbers: count(numbers), browsers: count(browsers), proven: count(proven) },
        sample: sample.map(PhoneNumber::from_stored),
    };
    Ok(rows.into_iter().map(tallied).collect())
}

/// The instant, or the last before the sends that are looked at.
async fn shorten(db: &mut Connection, since: Timestamp) -> Result<Timestamp, sqlx::Error> {
    let sql = "select reserved_at from sends where reserved_at > $1 order by reserved_at desc limit 1 offset $2 + 0";
    let before = sqlx::query_scalar(sql).bind(since.as_millisecond()).bind(MAX_SENDS).fetch_optional(db).await?;
    Ok(before.map_or(since, instant))
}

pub(super) async fn find(db: &mut Connection, since: Timestamp) -> Result<AbuseFacts, sqlx::Error> {
    let since = shorten(db, since).await?;
    let browsers = tally(db, tallied_by!("s.subject"), since).await?;
    let addresses = tally(db, tallied_by!("s.requester"), since).await?;
    let prefixes = tally(db, tallied_by!("substr(s.phone_number, 1, length(s.phone_number) - 4)"), since).await?;
    let sql = "select created_at / 3600000 as hour, count(*) from accounts where created_at > $1 group by 1 order by 1";
    let hours: Vec<(i64, i64)> = sqlx::query_as(sql).bind(since.as_millisecond()).fetch_all(&mut *db).await?;
    let sql = "select target, count(*) as times from audit where action = 'account remove' group by target having count(*) > 1
               order by times desc, target limit $1 + 0";
    let removed: Vec<(String, i64)> = sqlx::query_as(sql).bind(MAX_REMOVED).fetch_all(db).await?;
    Ok(AbuseFacts {
        since,
        browsers,
        addresses,
        prefixes,
        accounts_by_hour: hours.into_iter().map(|(hour, accounts)| (hour, count(accounts))).collect::<BTreeMap<_, _>>(),
        removed: removed.into_iter().map(|(number, times)| (number, count(times))).collect(),
    })
}
