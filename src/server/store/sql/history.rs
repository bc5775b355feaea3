//! What is known when somebody comes: their session, their challenge, and what counts against the budgets. One statement each time.
//!
//! Limits are written `$4 + 0`: SQLite plans a statement for the value of a bare `limit $4`, and so anew at each use (`sqlite3VdbeSetVarmask`).

use jiff::Timestamp;

use super::Connection;
use crate::server::store::rows::{AskedRow, VisitorRow};
use crate::server::store::{SendRequest, StoredSession};
use crate::verification::policy::{DAY, HOUR};
use crate::verification::{Policy, SendHistory, SubjectId};

/// The challenge `c` that may be missing: then every column is empty.
macro_rules! challenge {
    () => {
        "coalesce(c.id, '') as id, coalesce(c.subject, '') as subject, coalesce(c.phone_number, '') as phone_number,
         coalesce(c.purpose, '') as purpose, coalesce(c.provider, '') as provider, c.judge, c.provider_reference, c.delivery,
         coalesce(c.attempts, 0) as attempts, coalesce(c.sent_at, c.opened_at, 0) as sent_at, coalesce(c.expires_at, 0) as expires_at, c.verified_at, c.closed_at"
    };
}

/// What counts against the budget of a subject (an SQL expression), in one text. It stops at the budget's size. What certainly was not sent
/// is nobody's waste of sends but the number's.
macro_rules! subject_sends {
    ($subject:literal) => {
        concat!(
            "(select string_agg(reserved_at || ' ' || result, ',') from (
                  select reserved_at, result from sends where subject = ",
            $subject,
            " and given_back = 0 and result <> 'failed' and reserved_at > $3 order by reserved_at desc limit $4 + 0) as counted)
             as subject_sends"
        )
    };
}

/// The same for a number.
macro_rules! number_sends {
    ($number:literal) => {
        concat!(
            "(select string_agg(reserved_at || ' ' || result, ',') from (
                  select reserved_at, result from sends where phone_number = ",
            $number,
            " and given_back = 0 and reserved_at > $3
                and reserved_at > coalesce((select lifted_at from budgets where key = 'number:' || ",
            $number,
            "), 0) order by reserved_at desc limit $5 + 0) as counted) as number_sends"
        )
    };
}

/// The oldest of the requester's last sends within an hour: there only when the budget is spent.
macro_rules! requester_spent {
    () => {
        "(select reserved_at from sends where requester = $6 and reserved_at > $7
          order by reserved_at desc limit 1 offset $8 + 0) as requester_spent_at"
    };
}

/// A cookie that has posted nothing has no session, and is its own subject.
const VISITOR: &str = concat!(
    "select s.subject as session_subject, s.account_id, s.authenticated_at, s.sid, s.expires_at as session_expires_at, s.rotated_at, s.rotated_by,
            s.rotated_outcome, ",
    challenge!(),
    ", ",
    subject_sends!("coalesce(s.subject, $2)"),
    ", ",
    number_sends!("c.phone_number"),
    ", ",
    requester_spent!(),
    " from (select 1 as one) as visit
      left join sessions s on s.digest = $1
      left join challenges c on c.subject = coalesce(s.subject, $2) and c.closed_at is null"
);

/// For a send: the budgets of the number that is asked for, of the requester (there only when it is spent) and of the whole service too.
const ASKED: &str = concat!(
    "select ",
    challenge!(),
    ", ",
    subject_sends!("$1"),
    ", ",
    number_sends!("$2"),
    ", ",
    requester_spent!(),
    ", (select cast(sum(sends) as bigint) from hourly_sends where hour >= $9) as service_sends,
       money.micros as spent_micros, money.abroad as spent_abroad, money.country as spent_country,
       (select created_at from accounts where phone_number = $2) as taken_at
     from (select 1 as one) as visit
     left join challenges c on c.subject = $1 and c.closed_at is null
     cross join (select cast(sum(micros) as bigint) as micros,
                     cast(sum(case when country = $11 then micros end) as bigint) as country,
                     cast(sum(case when $12 like '%,' || country || ',%' then 0 else micros end) as bigint) as abroad
                 from hourly_costs where hour >= $9 and currency = $10) money"
);

pub(super) async fn find_visitor(
    db: &mut Connection,
    digest: &str,
    subject: &SubjectId,
    requester: &str,
    policy: &Policy,
    now: Timestamp,
) -> Result<(Option<StoredSession>, SendHistory), sqlx::Error> {
    let row: VisitorRow = sqlx::query_as(VISITOR)
        .bind(digest)
        .bind(subject.as_str())
        .bind((now - DAY).as_millisecond())
        .bind(i64::from(policy.max_sends_per_subject))
        .bind(i64::from(policy.max_sends_per_number))
        .bind(requester)
        .bind((now - HOUR).as_millisecond())
        .bind(i64::from(policy.max_sends_per_requester.saturating_sub(1)))
        .fetch_one(db)
        .await?;
    Ok(row.into_parts())
}

/// What counts for a send that is asked for; read under the locks.
pub(super) async fn find_asked(
    db: &mut Connection,
    request: &SendRequest,
    policy: &Policy,
    now: Timestamp,
) -> Result<SendHistory, sqlx::Error> {
    let row: AskedRow = sqlx::query_as(ASKED)
        .bind(request.subject.as_str())
        .bind(request.phone_number.as_e164())
        .bind((now - DAY).as_millisecond())
        .bind(i64::from(policy.max_sends_per_subject))
        .bind(i64::from(policy.max_sends_per_number))
        .bind(&request.requester)
        .bind((now - HOUR).as_millisecond())
        .bind(i64::from(policy.max_sends_per_requester.saturating_sub(1)))
        .bind(hour_of(now - DAY))
        .bind(policy.tariff.as_ref().map_or("", |tariff| &tariff.currency))
        .bind(&request.country)
        .bind(policy.tariff.as_ref().map(|tariff| tariff.home_list()).unwrap_or_default())
        .fetch_one(db)
        .await?;
    Ok(row.into_history())
}

/// The hour of an instant, counted from the Unix epoch.
pub(super) fn hour_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(3600)
}
