//! What is known when somebody comes: their session, their challenge, and what counts against the budgets. One statement for all who come at
//! once.

use async_trait::async_trait;
use jiff::Timestamp;

use super::Connection;
use super::statement::Statement;
use crate::server::store::StoredSession;
use crate::server::store::batch::{Asked, Verb, Written};
use crate::server::store::rows::VisitorRow;
use crate::server::store::set::{Set, row};
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

pub(super) use challenge;

/// What counts against the budget of a subject (an SQL expression), in one text. It stops at the budget's size. What certainly was not sent
/// is nobody's waste of sends but the number's.
macro_rules! subject_sends {
    ($subject:literal) => {
        concat!(
            "(select string_agg(reserved_at || ' ' || result, ',') from (
                  select reserved_at, result from sends where subject = ",
            $subject,
            " and given_back = 0 and result <> 'failed' and reserved_at > asked.day_ago order by reserved_at desc limit :subject_limit) as counted)
             as subject_sends"
        )
    };
}
pub(super) use subject_sends;

/// The same for a number.
macro_rules! number_sends {
    ($number:literal) => {
        concat!(
            "(select string_agg(reserved_at || ' ' || result, ',') from (
                  select reserved_at, result from sends where phone_number = ",
            $number,
            " and given_back = 0 and reserved_at > asked.day_ago
                and reserved_at > coalesce((select lifted_at from budgets where key = 'number:' || ",
            $number,
            "), 0) order by reserved_at desc limit :number_limit) as counted) as number_sends"
        )
    };
}
pub(super) use number_sends;

/// The oldest of the requester's last sends within an hour: there only when the budget is spent.
macro_rules! requester_spent {
    () => {
        "(select reserved_at from sends where requester = asked.requester and reserved_at > asked.hour_ago
          order by reserved_at desc limit 1 offset :requester_limit) as requester_spent_at"
    };
}
pub(super) use requester_spent;

/// A cookie that has posted nothing has no session, and is its own subject.
const VISITORS: &str = concat!(
    "select s.subject as session_subject, s.account_id, s.authenticated_at, s.sid, s.expires_at as session_expires_at, s.rotated_at,
            s.rotated_by, s.rotated_outcome, ",
    challenge!(),
    ", ",
    subject_sends!("coalesce(s.subject, asked.own_subject)"),
    ", ",
    number_sends!("c.phone_number"),
    ", ",
    requester_spent!(),
    " from asked
      left join sessions s on s.digest = asked.digest
      left join challenges c on c.subject = coalesce(s.subject, asked.own_subject) and c.closed_at is null
     order by asked.i"
);

/// How far the budgets are counted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Limits {
    pub(super) subject: i64,
    pub(super) number: i64,
    /// One less than the budget: as many are skipped.
    pub(super) requester: i64,
}

impl Limits {
    pub(super) fn of(policy: &Policy) -> Self {
        Self {
            subject: i64::from(policy.max_sends_per_subject),
            number: i64::from(policy.max_sends_per_number),
            requester: i64::from(policy.max_sends_per_requester.saturating_sub(1)),
        }
    }

    /// Puts them in the places that `subject_sends!` and its like left for them: they are the same for as long as the server runs, and SQLite
    /// would plan a statement anew for each value of a bound limit (`sqlite3VdbeSetVarmask`).
    pub(super) fn write_into(self, text: &str) -> String {
        let limits = [(":subject_limit", self.subject), (":number_limit", self.number), (":requester_limit", self.requester)];
        limits.iter().fold(text.to_owned(), |text, (place, limit)| text.replace(place, &limit.to_string()))
    }
}

/// Since when sends count.
pub(super) fn windows(now: Timestamp) -> (i64, i64) {
    ((now - DAY).as_millisecond(), (now - HOUR).as_millisecond())
}

/// Somebody who comes with a cookie.
pub(super) struct Visit {
    digest: String,
    own_subject: SubjectId,
    requester: String,
    limits: Limits,
    now: Timestamp,
}

impl Visit {
    pub(super) fn of(digest: &str, subject: &SubjectId, requester: &str, policy: &Policy, now: Timestamp) -> Self {
        Self {
            digest: digest.to_owned(),
            own_subject: subject.clone(),
            requester: requester.to_owned(),
            limits: Limits::of(policy),
            now,
        }
    }
}

impl Asked for Visit {
    fn goes_with(&self, first: &Self) -> bool {
        self.limits == first.limits
    }
}

row! {
    struct VisitOf<'a> {
        i: i64,
        digest: &'a str,
        own_subject: &'a str,
        requester: &'a str,
        day_ago: i64,
        hour_ago: i64,
    }
}

pub(super) struct FindVisitors;

#[async_trait]
impl Verb<Connection> for FindVisitors {
    type Asked = Visit;
    type Answer = (Option<StoredSession>, SendHistory);

    const HAS_STEPS: bool = false;

    async fn run(db: &mut Connection, asked: &[&Visit]) -> Result<Written<Self::Answer>, sqlx::Error> {
        let visits = (0..).zip(asked).map(|(i, visit)| {
            let (day_ago, hour_ago) = windows(visit.now);
            VisitOf {
                i,
                digest: &visit.digest,
                own_subject: visit.own_subject.as_str(),
                requester: &visit.requester,
                day_ago,
                hour_ago,
            }
        });
        let text = asked[0].limits.write_into(VISITORS);
        let rows: Vec<VisitorRow> = Statement::about(Set::of(visits), &text)?.fetch_all(db).await?;
        Ok(Written::Kept(rows.into_iter().map(VisitorRow::into_parts).collect()))
    }
}

/// The hour of an instant, counted from the Unix epoch.
pub(super) fn hour_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(3600)
}
