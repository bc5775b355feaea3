//! What became of accepted texts: asked of the vendor by whichever replica is first.

use jiff::{SignedDuration, Timestamp};

use super::{Connection, results};
use crate::server::store::rows::instant;
use crate::server::store::{DeliveryResult, SentText};
use crate::verification::{Delivered, PhoneNumber};

/// How often a vendor is asked about one text. With the waits below that is for about ten minutes.
const MAX_POLLS: i64 = 12;
/// The wait after the first question; each further one doubles it.
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(2);
const LONGEST_WAIT: SignedDuration = SignedDuration::from_secs(60);

/// A send, its provider, that one's name for it, the number, who asked and when.
type TextRow = (String, Option<String>, Option<String>, Option<String>, String, i64);

fn text((send_id, provider, reference, number, requester, at): TextRow) -> SentText {
    let (phone_number, reserved_at) = (number.map(PhoneNumber::from_stored), instant(at));
    SentText { send_id, provider, reference, phone_number, requester, reserved_at }
}

/// Before the vendor answered, nobody knows which of several senders has it.
pub(super) async fn find(db: &mut Connection, id: &str) -> Result<Option<SentText>, sqlx::Error> {
    let sql = "select s.id, case when s.result <> 'reserved' then coalesce(s.provider, c.provider) end, s.provider_reference, s.phone_number,
                   s.requester, s.reserved_at
               from sends s join challenges c on c.id = s.challenge_id
               where s.id = $1 and s.result in ('reserved', 'accepted', 'unknown')";
    let row: Option<TextRow> = sqlx::query_as(sql).bind(id).fetch_optional(db).await?;
    Ok(row.map(text))
}

/// The guard stands outside the inner select too: PostgreSQL looks at it again once it has the row's lock, so that of two replicas that saw
/// the same row one finds it claimed.
pub(super) async fn claim(db: &mut Connection, now: Timestamp, batch: u32) -> Result<Vec<SentText>, sqlx::Error> {
    let sql = "update sends set polls = polls + 1,
                   poll_at = case when polls + 1 >= $3 then null
                             when polls >= 5 then $1 + $5
                             else $1 + $4 * (case polls when 0 then 1 when 1 then 2 when 2 then 4 when 3 then 8 else 16 end) end
               where poll_at <= $1 and id in (select id from sends where poll_at <= $1 order by poll_at limit $2)
               returning id, coalesce(provider, (select c.provider from challenges c where c.id = sends.challenge_id)), provider_reference, phone_number,
                   requester, reserved_at";
    let update = sqlx::query_as(sql).bind(now.as_millisecond()).bind(i64::from(batch)).bind(MAX_POLLS);
    let update = update.bind(millis(FIRST_WAIT)).bind(millis(LONGEST_WAIT));
    let rows: Vec<TextRow> = update.fetch_all(db).await?;
    Ok(rows.into_iter().map(text).collect())
}

fn millis(wait: SignedDuration) -> i64 {
    i64::try_from(wait.as_millis()).unwrap_or(i64::MAX)
}

/// One transaction for all: they came in together. Says of which it was not known before.
pub(super) async fn mark_all(db: &mut Connection, results: &[DeliveryResult], now: Timestamp) -> Result<Vec<String>, sqlx::Error> {
    let mut news = Vec::new();
    for result in results {
        if mark(db, result, now).await? {
            news.push(result.send_id.clone());
        }
    }
    Ok(news)
}

/// The first result counts: whoever comes with another finds it written.
async fn mark(db: &mut Connection, result: &DeliveryResult, now: Timestamp) -> Result<bool, sqlx::Error> {
    let (id, is_lost) = (&result.send_id, result.delivered == Delivered::No);
    if is_lost {
        results::lock_number_of(db, id, now).await?;
    }
    let sql = "update sends set delivery = $1, poll_at = null where id = $2 and delivery is null
               returning challenge_id, reserved_at";
    let update = sqlx::query_as(sql).bind(&result.reason).bind(id);
    let row: Option<(Option<String>, i64)> = update.fetch_optional(&mut *db).await?;
    let Some((Some(challenge), reserved_at)) = row else { return Ok(false) };
    if is_lost {
        // Back to the person: the vendor took it, so the service paid for it.
        results::give_back(db, id, now).await?;
    }
    // A newer code of the challenge has a story of its own.
    let sql = "update challenges set delivery = $1 where id = $2
                 and not exists (select 1 from sends where challenge_id = $2 and reserved_at > $3 and result <> 'failed')";
    let update = sqlx::query(sql).bind(result.delivered.as_str()).bind(challenge).bind(reserved_at);
    update.execute(db).await?;
    Ok(true)
}
