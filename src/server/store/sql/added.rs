//! What reservations write, for many at once.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::super::together;
use super::Connection;
use super::history::hour_of;
use super::reserving::Made;
use super::sends::shard_of;
use super::statement::Statement;
use crate::server::store::SendRequest;
use crate::server::store::set::{Set, row};
use crate::verification::{CodeDigest, SendPlan};

const OPEN: &str =
    "insert into challenges (id, subject, phone_number, purpose, provider, judge, attempts, opened_at, sent_at, expires_at)
    select id, subject, phone_number, purpose, provider, judge, 0, at, at, expires_at from asked";

const COUNT: &str =
    "insert into hourly_sends (hour, shard, sends) select hour, shard, sends from asked where true order by hour, shard
     on conflict (hour, shard) do update set sends = hourly_sends.sends + excluded.sends";

/// Nothing, where nobody told a price.
const COST: &str =
    "insert into hourly_costs (hour, shard, currency, country, micros) select hour, shard, currency, country, micros from asked
     where true order by hour, shard, currency, country
     on conflict (hour, shard, currency, country) do update set micros = hourly_costs.micros + excluded.micros";

const SEND: &str =
    "insert into sends (id, challenge_id, subject, requester, phone_number, code_digest, reserved_at, expires_at, result, given_back,
         country, currency, price_micros, provider)
     select id, challenge_id, subject, requester, phone_number, code_digest, reserved_at, expires_at, result, 0, country, currency,
         price_micros, provider from asked";

row! {
    struct Opened<'a> {
        id: &'a str,
        subject: &'a str,
        phone_number: &'a str,
        purpose: &'a str,
        provider: &'a str,
        judge: &'a str,
        at: i64,
        expires_at: i64,
    }
}

impl<'a> Opened<'a> {
    fn of(Made { request, reservation, now, .. }: &Made<'a>) -> Option<Self> {
        (reservation.plan == SendPlan::OpenChallenge).then(|| Self {
            id: reservation.challenge.as_str(),
            subject: request.subject.as_str(),
            phone_number: request.phone_number.as_e164(),
            purpose: request.purpose.as_str(),
            provider: request.provider,
            judge: request.judge.as_str(),
            at: now.as_millisecond(),
            expires_at: reservation.expires_at.as_millisecond(),
        })
    }
}

row! {
    struct Counted {
        hour: i64,
        shard: i64,
        sends: i64,
    }
}

row! {
    struct Costing<'a> {
        hour: i64,
        shard: i64,
        currency: &'a str,
        country: &'a str,
        micros: i64,
    }
}

row! {
    struct Added<'a> {
        id: &'a str,
        challenge_id: Option<&'a str>,
        subject: &'a str,
        requester: &'a str,
        phone_number: Option<&'a str>,
        code_digest: Option<&'a str>,
        reserved_at: i64,
        expires_at: i64,
        result: &'a str,
        country: Option<&'a str>,
        currency: Option<&'a str>,
        price_micros: Option<i64>,
        provider: Option<&'a str>,
    }
}

impl<'a> Added<'a> {
    fn of(Made { request, reservation, now, .. }: &Made<'a>) -> Self {
        Self {
            id: &reservation.send_id,
            challenge_id: Some(reservation.challenge.as_str()),
            subject: request.subject.as_str(),
            requester: &request.requester,
            phone_number: Some(request.phone_number.as_e164()),
            code_digest: reservation.code_digest.as_ref().map(CodeDigest::as_str),
            reserved_at: now.as_millisecond(),
            expires_at: reservation.expires_at.as_millisecond(),
            result: "reserved",
            country: Some(&request.country),
            currency: request.price.as_ref().map(|price| price.currency.as_str()),
            price_micros: request.price.as_ref().map(|price| price.micros),
            provider: Some(request.provider),
        }
    }

    /// An answer that tells who has an account counts for subject and requester, not for the number.
    fn taken(id: &'a str, request: &'a SendRequest, now: Timestamp) -> Self {
        let at = now.as_millisecond();
        Self {
            id,
            challenge_id: None,
            subject: request.subject.as_str(),
            requester: &request.requester,
            phone_number: None,
            code_digest: None,
            reserved_at: at,
            expires_at: at,
            result: "taken",
            country: None,
            currency: None,
            price_micros: None,
            provider: None,
        }
    }
}

/// Writes reservations, and answers that are charged. False where there is neither.
pub(super) async fn add<'a>(
    db: &mut Connection,
    made: &[Made<'a>],
    taken: impl Iterator<Item = (&'a SendRequest, Timestamp)>,
) -> Result<bool, sqlx::Error> {
    let taken: Vec<_> = taken.map(|(request, now)| (crate::server::entropy::new_id(), request, now)).collect();
    if made.is_empty() && taken.is_empty() {
        return Ok(false);
    }
    let (mut counts, mut costs) = (BTreeMap::new(), BTreeMap::new());
    for Made { request, reservation, now, .. } in made {
        let place = (hour_of(*now), shard_of(&reservation.send_id));
        *counts.entry(place).or_insert(0) += 1;
        if let Some(price) = &request.price {
            *costs.entry((place, &*price.currency, &*request.country)).or_insert(0) += price.micros;
        }
    }
    let counts = counts.into_iter().map(|((hour, shard), sends)| Counted { hour, shard, sends });
    let costs = costs.into_iter();
    let costs = costs.map(|(((hour, shard), currency, country), micros)| Costing { hour, shard, currency, country, micros });
    let sends = made.iter().map(Added::of).chain(taken.iter().map(|(id, request, now)| Added::taken(id, request, *now)));
    let sets = [Set::of(made.iter().filter_map(Opened::of)), Set::of(counts), Set::of(costs), Set::of(sends)];
    let add = Statement::about_all(&sets, |[opened, counted, paid, sent]| {
        together(&[opened + OPEN, counted + COUNT, paid + COST, sent + SEND])
    });
    add?.execute(db).await?;
    Ok(true)
}
