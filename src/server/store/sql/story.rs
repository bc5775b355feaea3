//! A number's whole story.

use jiff::Timestamp;

use super::Connection;
use super::guard;
use super::history::hour_of;
use super::oversight::EVERYBODY;
use crate::server::store::rows::instant;
use crate::server::store::{Audited, Deed, NumberStory, Refused, ToldSend};
use crate::verification::policy::DAY;
use crate::verification::{PhoneNumber, SubjectId};

/// How many lines of a kind are told. A number has few sends a day, whatever the settings.
const MAX_LINES: i64 = 200;

#[derive(sqlx::FromRow)]
struct SendRow {
    reserved_at: i64,
    subject: String,
    requester: String,
    result: String,
    fault: Option<String>,
    delivery: Option<String>,
    given_back: i64,
    provider: Option<String>,
    purpose: Option<String>,
    attempts: Option<i64>,
    verified_at: Option<i64>,
}

impl From<SendRow> for ToldSend {
    fn from(row: SendRow) -> Self {
        Self {
            at: instant(row.reserved_at),
            subject: SubjectId::from_stored(row.subject),
            requester: row.requester,
            provider: row.provider,
            purpose: row.purpose,
            result: row.result,
            fault: row.fault,
            delivery: row.delivery,
            is_counted: row.given_back == 0,
            attempts: count(row.attempts.unwrap_or(0)),
            verified_at: row.verified_at.map(instant),
        }
    }
}

type RefusalRow = (String, String, String, i64, i64);
type AuditRow = (i64, String, String, String);

fn count(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or(0)
}

pub(super) async fn find(db: &mut Connection, number: &PhoneNumber, now: Timestamp) -> Result<NumberStory, sqlx::Error> {
    let sql = "select created_at from accounts where phone_number = $1";
    let made_at: Option<i64> = sqlx::query_scalar(sql).bind(number.as_e164()).fetch_optional(&mut *db).await?;
    Ok(NumberStory {
        account_made_at: made_at.map(instant),
        sends: sends(db, number, now).await?,
        refusals: refusals(db, number, now).await?,
        audit: audit(db, number).await?,
        holds: guard::find_holds_of(db, number).await?,
        service_sends: service_sends(db, now).await?,
    })
}

pub(super) async fn service_sends(db: &mut Connection, now: Timestamp) -> Result<u64, sqlx::Error> {
    let sql = "select cast(coalesce(sum(sends), 0) as bigint) from hourly_sends where hour >= $1";
    sqlx::query_scalar(sql).bind(hour_of(now - DAY)).fetch_one(db).await.map(count)
}

async fn sends(db: &mut Connection, number: &PhoneNumber, now: Timestamp) -> Result<Vec<ToldSend>, sqlx::Error> {
    let sql = "select s.reserved_at, s.subject, s.requester, s.result, s.fault, s.delivery, s.given_back,
                   coalesce(s.provider, c.provider) as provider, c.purpose, c.attempts, c.verified_at
               from sends s left join challenges c on c.id = s.challenge_id
               where s.phone_number = $1 and s.reserved_at > $2 order by s.reserved_at desc limit $3 + 0";
    let select = sqlx::query_as(sql).bind(number.as_e164()).bind((now - DAY).as_millisecond()).bind(MAX_LINES);
    let rows: Vec<SendRow> = select.fetch_all(db).await?;
    Ok(rows.into_iter().map(ToldSend::from).collect())
}

async fn refusals(db: &mut Connection, number: &PhoneNumber, now: Timestamp) -> Result<Vec<Refused>, sqlx::Error> {
    let sql = "select rule, subject, requester, refused_at, times from refusals
               where phone_number = $1 and refused_at > $2 order by refused_at desc, id limit $3 + 0";
    let select = sqlx::query_as(sql).bind(number.as_e164()).bind((now - DAY).as_millisecond()).bind(MAX_LINES);
    let rows: Vec<RefusalRow> = select.fetch_all(db).await?;
    let told = |(rule, subject, requester, at, times): RefusalRow| Refused {
        phone_number: number.clone(),
        rule,
        subject: SubjectId::from_stored(subject),
        requester,
        at: instant(at),
        times: count(times),
    };
    Ok(rows.into_iter().map(told).collect())
}

async fn audit(db: &mut Connection, number: &PhoneNumber) -> Result<Vec<Audited>, sqlx::Error> {
    let sql = "select at, actor, action, reason from audit where target in ($1, $2) order by at desc, id limit $3 + 0";
    let rows: Vec<AuditRow> = sqlx::query_as(sql).bind(number.masked()).bind(EVERYBODY).bind(MAX_LINES).fetch_all(db).await?;
    let told = |(at, actor, action, reason)| Audited { deed: Deed { actor, reason, at: instant(at) }, action };
    Ok(rows.into_iter().map(told).collect())
}
