//! What counts for sends that are asked for at once; read under the locks.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Connection;
use super::history::{Limits, challenge, hour_of, number_sends, requester_spent, subject_sends, windows};
use super::statement::Statement;
use crate::server::store::batch::Asked;
use crate::server::store::rows::AskedRow;
use crate::server::store::set::{Set, row};
use crate::server::store::{DecideSend, SendRequest};
use crate::verification::policy::DAY;
use crate::verification::{DaySpent, Policy, SendHistory};

/// The budgets of the number that is asked for, of the requester (there only when it is spent) and of the whole service too, and whether the
/// proof that is to buy the send was spent.
const ASKED: &str = concat!(
    "select ",
    challenge!(),
    ", ",
    subject_sends!("asked.subject"),
    ", ",
    number_sends!("asked.number"),
    ", ",
    requester_spent!(),
    ", (select cast(sum(sends) as bigint) from hourly_sends where hour >= :since_hour) as service_sends,
       (select created_at from accounts where phone_number = asked.number) as taken_at,
       (select expires_at from spent_proofs where id = asked.proof) as proof_expired_at
     from asked
     left join challenges c on c.subject = asked.subject and c.closed_at is null
     order by asked.i"
);

/// A send to reserve, and how that is decided.
pub(super) struct AskedSend {
    pub(super) request: SendRequest,
    pub(super) policy: Policy,
    pub(super) now: Timestamp,
    pub(super) decide: DecideSend,
}

impl AskedSend {
    fn since_hour(&self) -> i64 {
        hour_of(self.now - DAY)
    }

    /// The rows that serialise sends across replicas, in the order in which everybody locks them.
    pub(super) fn locks(&self) -> [String; 3] {
        let SendRequest { requester, subject, phone_number, .. } = &self.request;
        [format!("requester:{requester}"), format!("subject:{}", subject.as_str()), format!("number:{}", phone_number.as_e164())]
    }
}

impl Asked for AskedSend {
    fn keys(&self) -> Vec<String> {
        let proof = self.request.proof.iter().map(|proof| format!("proof:{}", proof.id));
        self.locks().into_iter().chain(proof).collect()
    }

    fn goes_with(&self, first: &Self) -> bool {
        Limits::of(&self.policy) == Limits::of(&first.policy)
            && self.since_hour() == first.since_hour()
            && self.policy.tariff == first.policy.tariff
    }
}

/// What is known of one of them.
pub(super) struct Known {
    pub(super) history: SendHistory,
    pub(super) is_proof_spent: bool,
}

row! {
    struct AskedOf<'a> {
        i: i64,
        subject: &'a str,
        number: &'a str,
        requester: &'a str,
        proof: Option<&'a str>,
        day_ago: i64,
        hour_ago: i64,
    }
}

impl<'a> AskedOf<'a> {
    fn of(i: i64, asked: &'a AskedSend) -> Self {
        let (day_ago, hour_ago) = windows(asked.now);
        let SendRequest { subject, phone_number, requester, proof, .. } = &asked.request;
        let proof = proof.as_ref().map(|proof| proof.id.as_str());
        Self { i, subject: subject.as_str(), number: phone_number.as_e164(), requester, proof, day_ago, hour_ago }
    }
}

pub(super) async fn find(db: &mut Connection, asked: &[&AskedSend]) -> Result<Vec<Known>, sqlx::Error> {
    let since_hour = asked[0].since_hour().to_string();
    let text = Limits::of(&asked[0].policy).write_into(ASKED).replace(":since_hour", &since_hour);
    let sends = Set::of((0..).zip(asked).map(|(i, asked)| AskedOf::of(i, asked)));
    let rows: Vec<AskedRow> = Statement::about(sends, &text)?.fetch_all(db).await?;
    let known = |row: AskedRow| Known { is_proof_spent: row.proof_expired_at.is_some(), history: row.into_history() };
    Ok(rows.into_iter().map(known).collect())
}

/// What a day's sends cost, those of a group included that were decided so far.
#[derive(Default)]
pub(super) struct Spent {
    by_country: BTreeMap<String, i64>,
    sends: u64,
}

impl Spent {
    pub(super) async fn find(db: &mut Connection, asked: &AskedSend) -> Result<Self, sqlx::Error> {
        let Some(tariff) = &asked.policy.tariff else { return Ok(Self::default()) };
        let sql =
            "select country, cast(sum(micros) as bigint) from hourly_costs where hour >= $1 and currency = $2 group by country";
        let rows: Vec<(String, i64)> = sqlx::query_as(sql).bind(asked.since_hour()).bind(&tariff.currency).fetch_all(db).await?;
        Ok(Self { by_country: rows.into_iter().collect(), sends: 0 })
    }

    /// What is spent before this send; `sends` were made before the group.
    pub(super) fn before(&self, asked: &AskedSend, sends: u64) -> DaySpent {
        let home = asked.policy.tariff.as_ref().map(|tariff| tariff.home_list()).unwrap_or_default();
        let is_abroad = |country: &str| !home.contains(&format!(",{country},"));
        DaySpent {
            sends: sends + self.sends,
            micros: self.by_country.values().sum(),
            abroad: self.by_country.iter().filter(|(country, _)| is_abroad(country)).map(|(_, micros)| micros).sum(),
            country: self.by_country.get(&asked.request.country).copied().unwrap_or(0),
        }
    }

    pub(super) fn add(&mut self, request: &SendRequest) {
        self.sends += 1;
        if let Some(price) = &request.price {
            *self.by_country.entry(request.country.clone()).or_default() += price.micros;
        }
    }
}
