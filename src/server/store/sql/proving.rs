//! Right codes: challenges are consumed, and sessions replaced with them, as many at once as there are.

use std::collections::HashMap;

use async_trait::async_trait;

use super::statement::Statement;
use super::{Connection, sessions};
use crate::server::store::batch::{Asked, Verb, Written};
use crate::server::store::rows::instant;
use crate::server::store::set::{Set, row};
use crate::server::store::{Consumed, CountedOf, Proven, Rotation};
use crate::verification::{Challenge, PhoneNumber, Purpose};

const VERIFY: &str = concat!(
    locked_challenges!(),
    "update challenges set verified_at = asked.verified_at, closed_at = asked.closed_at from asked join mine on mine.id = asked.id
     where challenges.id = asked.id and challenges.subject = asked.subject and challenges.verified_at is null
       and challenges.closed_at is null
     returning challenges.id,
       (select string_agg(sends.phone_number || ' ' || reserved_at || ' ' || requester, ',') from sends
        where challenge_id = challenges.id and result <> 'failed' and sends.phone_number is not null
          and coalesce(sends.delivery, 'delivered') = 'delivered') as sends"
);

/// A challenge whose right code was typed, and the session that goes with it.
pub(super) struct Proof {
    pub(super) challenge: Challenge,
    pub(super) rotation: Rotation,
}

impl Asked for Proof {
    fn keys(&self) -> Vec<String> {
        let Rotation { old_digest, new_digest, .. } = &self.rotation;
        vec![format!("challenge:{}", self.challenge.id.as_str()), format!("session:{old_digest}"), format!("session:{new_digest}")]
    }
}

row! {
    struct Right<'a> {
        id: &'a str,
        subject: &'a str,
        verified_at: i64,
        closed_at: Option<i64>,
    }
}

pub(super) struct MarkVerified;

#[async_trait]
impl Verb<Connection> for MarkVerified {
    type Asked = Proof;
    type Answer = Proven;

    const HAS_STEPS: bool = true;

    /// A sign-in of a number that has an account closes its challenge at once.
    async fn run(db: &mut Connection, asked: &[&Proof]) -> Result<Written<Proven>, sqlx::Error> {
        let accounts = find_accounts(db, asked).await?;
        let account_of = |proof: &Proof| accounts.get(proof.challenge.phone_number.as_e164()).filter(|_| is_sign_in(proof));
        let rows = asked.iter().map(|proof| {
            let at = proof.rotation.at.as_millisecond();
            let (id, subject) = (proof.challenge.id.as_str(), proof.challenge.subject.as_str());
            Right { id, subject, verified_at: at, closed_at: account_of(proof).map(|_| at) }
        });
        let verified: Vec<(String, Option<String>)> = Statement::about(Set::of(rows), VERIFY)?.fetch_all(db).await?;
        let verified: HashMap<String, Option<String>> = verified.into_iter().collect();
        let is_verified = |proof: &Proof| verified.contains_key(proof.challenge.id.as_str());
        let rotations: Vec<_> = asked.iter().filter(|proof| is_verified(proof)).collect();
        let rotations: Vec<_> = rotations.iter().map(|proof| (&proof.rotation, account_of(proof).map(String::as_str))).collect();
        if !sessions::rotate_all(db, &rotations, "verified").await? {
            // The session was replaced already: what was just written of its challenge is taken back.
            return Ok(if asked.len() == 1 {
                Written::TakenBack(vec![Proven { consumed: Consumed::Lost, sends: Vec::new() }])
            } else {
                Written::Apart
            });
        }
        let answer = |proof: &&Proof| {
            let sends = verified.get(proof.challenge.id.as_str());
            let consumed = match (sends, account_of(proof)) {
                (None, _) => Consumed::Lost,
                (Some(_), Some(_)) => Consumed::SignedIn,
                (Some(_), None) => Consumed::Verified,
            };
            Proven { consumed, sends: sends.map(|sends| counted(sends.as_deref())).unwrap_or_default() }
        };
        Ok(Written::Kept(asked.iter().map(answer).collect()))
    }
}

/// Reads sends as the statement puts them together, `number instant requester,…`, in whatever order.
fn counted(sends: Option<&str>) -> Vec<CountedOf> {
    let read = |send: &str| {
        let mut words = send.splitn(3, ' ');
        let (number, at, requester) = (words.next()?, words.next()?.parse().ok()?, words.next()?);
        let phone_number = PhoneNumber::from_stored(number.to_owned());
        Some(CountedOf { phone_number, requester: requester.to_owned(), at: instant(at) })
    };
    let mut sends: Vec<_> = sends.unwrap_or_default().split(',').filter_map(read).collect();
    sends.sort_by_key(|send| send.at);
    sends
}

fn is_sign_in(proof: &Proof) -> bool {
    proof.challenge.purpose == Purpose::SignIn
}

row! {
    struct Number<'a> {
        number: &'a str,
    }
}

/// The accounts of the numbers that somebody signs in with.
async fn find_accounts(db: &mut Connection, asked: &[&Proof]) -> Result<HashMap<String, String>, sqlx::Error> {
    let numbers: Vec<_> = asked.iter().filter(|proof| is_sign_in(proof)).collect();
    if numbers.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = "select phone_number, id from accounts where phone_number in (select number from asked)";
    let numbers = Set::of(numbers.iter().map(|proof| Number { number: proof.challenge.phone_number.as_e164() }));
    let rows: Vec<(String, String)> = Statement::about(numbers, sql)?.fetch_all(db).await?;
    Ok(rows.into_iter().collect())
}
