//! The figures of a day.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::history::hour_of;
use super::{Connection, story};
use crate::server::store::{DayFigures, HourFigures, VendorFigures};
use crate::verification::Tally;
use crate::verification::policy::{DAY, HOUR};

fn count(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or(0)
}

pub(super) async fn find(db: &mut Connection, now: Timestamp) -> Result<DayFigures, sqlx::Error> {
    Ok(DayFigures {
        hours: hours(db, now - DAY).await?,
        tally: tally(db, now - DAY).await?,
        refusals: refusals(db, now - DAY).await?,
        vendors: vendors(db, now - HOUR).await?,
        service_sends: story::service_sends(db, now).await?,
    })
}

async fn hours(db: &mut Connection, since: Timestamp) -> Result<Vec<(i64, HourFigures)>, sqlx::Error> {
    let sends = "select reserved_at / 3600000, count(*) from sends
                 where reserved_at > $1 and result in ('reserved', 'accepted', 'unknown') group by 1";
    let verified = "select verified_at / 3600000, count(*) from challenges where verified_at > $1 group by 1";
    let sends: Vec<(i64, i64)> = sqlx::query_as(sends).bind(since.as_millisecond()).fetch_all(&mut *db).await?;
    let verified: Vec<(i64, i64)> = sqlx::query_as(verified).bind(since.as_millisecond()).fetch_all(db).await?;
    let mut hours: BTreeMap<i64, HourFigures> = BTreeMap::new();
    for (hour, sends) in sends {
        hours.entry(hour).or_default().sends = count(sends);
    }
    for (hour, verified) in verified {
        hours.entry(hour).or_default().verified = count(verified);
    }
    Ok(hours.into_iter().collect())
}

async fn tally(db: &mut Connection, since: Timestamp) -> Result<Tally, sqlx::Error> {
    let sql = "select count(*), count(distinct s.phone_number), count(distinct s.subject),
                   count(distinct case when c.verified_at is not null then c.id end)
               from sends s left join challenges c on c.id = s.challenge_id
               where s.reserved_at > $1 and s.result in ('reserved', 'accepted', 'unknown')";
    let row: (i64, i64, i64, i64) = sqlx::query_as(sql).bind(since.as_millisecond()).fetch_one(db).await?;
    let (sends, numbers, browsers, proven) = row;
    Ok(Tally { sends: count(sends), numbers: count(numbers), browsers: count(browsers), proven: count(proven) })
}

async fn refusals(db: &mut Connection, since: Timestamp) -> Result<Vec<(String, u64)>, sqlx::Error> {
    let sql = "select rule, cast(sum(refusals) as bigint) as times from hourly_refusals where hour >= $1
               group by rule order by times desc, rule";
    let rows: Vec<(String, i64)> = sqlx::query_as(sql).bind(hour_of(since)).fetch_all(db).await?;
    Ok(rows.into_iter().map(|(rule, times)| (rule, count(times))).collect())
}

async fn vendors(db: &mut Connection, since: Timestamp) -> Result<Vec<VendorFigures>, sqlx::Error> {
    let sql =
        "select coalesce(s.provider, c.provider), s.result, count(*) from sends s left join challenges c on c.id = s.challenge_id
               where s.reserved_at > $1 and s.result <> 'taken' group by 1, 2 order by 1, 2";
    let rows: Vec<(Option<String>, String, i64)> = sqlx::query_as(sql).bind(since.as_millisecond()).fetch_all(db).await?;
    Ok(rows.into_iter().map(|(provider, result, sends)| VendorFigures { provider, result, sends: count(sends) }).collect())
}
