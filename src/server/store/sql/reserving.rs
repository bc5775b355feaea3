//! Sends are reserved: locked, read, decided one after the other, and written, as many at once as there are.

use async_trait::async_trait;
use jiff::Timestamp;

use super::super::NEEDS_ROW_LOCKS;
use super::asked::{self, AskedSend, Known, Spent};
use super::statement::Statement;
use super::{Connection, added, proofs};
use crate::server::store::batch::{Verb, Written};
use crate::server::store::set::{Set, row};
use crate::server::store::{Reservation, SendRequest};
use crate::verification::{Challenge, SendPlan, SendRefusal, State};

type Decided = Result<Reservation, SendRefusal>;

/// Prolongs challenges by one more code, as long as they still take guesses.
const PROLONG: &str = concat!(
    locked_challenges!(),
    "update challenges set expires_at = asked.expires_at, sent_at = asked.sent_at, delivery = null from asked join mine on mine.id = asked.id
     where challenges.id = asked.id and challenges.subject = asked.subject and closed_at is null and verified_at is null
       and attempts < asked.max_attempts"
);

/// Closes challenges that are still as they were read, each for another of its subject.
const CLOSE: &str = concat!(
    locked_challenges!(),
    "update challenges set closed_at = asked.at, closed_for = asked.successor from asked join mine on mine.id = asked.id
     where challenges.id = asked.id and closed_at is null and challenges.verified_at is not distinct from asked.verified_at"
);

pub(super) struct ReserveSends;

#[async_trait]
impl Verb<Connection> for ReserveSends {
    type Asked = AskedSend;
    type Answer = Decided;

    const HAS_STEPS: bool = true;

    /// A refusal leaves nothing, but where it tells who has an account.
    async fn run(db: &mut Connection, asked: &[&AskedSend]) -> Result<Written<Decided>, sqlx::Error> {
        lock(db, asked).await?;
        let is_alone = asked.len() == 1;
        loop {
            // Read by a statement of its own: inside the locking statement, PostgreSQL would show the state before the lock.
            let known = asked::find(db, asked).await?;
            let mut spent = Spent::find(db, asked[0]).await?;
            let decided: Vec<_> = asked.iter().zip(&known).map(|(asked, known)| decide(asked, known, &mut spent)).collect();
            let made: Vec<Made> = made(asked, &known, &decided).collect();
            // A guess that was under way may have changed a challenge since it was read: then all is decided anew.
            if !make_room(db, &made).await? {
                if is_alone {
                    continue;
                }
                return Ok(Written::Apart);
            }
            if !proofs::spend(db, made.iter().filter_map(|made| made.request.proof.as_ref())).await? {
                return Ok(if is_alone { Written::TakenBack(vec![Err(SendRefusal::ChallengeRequired)]) } else { Written::Apart });
            }
            let taken =
                asked.iter().zip(&decided).filter(|(_, decided)| is_charged(decided)).map(|(asked, _)| (&asked.request, asked.now));
            let is_kept = added::add(db, &made, taken).await?;
            // Without locks a refusal has written nothing that others would have to be rolled back with.
            return Ok(if is_kept || !NEEDS_ROW_LOCKS { Written::Kept(decided) } else { Written::TakenBack(decided) });
        }
    }
}

fn is_charged(decided: &Decided) -> bool {
    decided.as_ref().is_err_and(SendRefusal::is_charged)
}

/// A reservation that is to be written.
pub(super) struct Made<'a> {
    pub(super) request: &'a SendRequest,
    pub(super) reservation: &'a Reservation,
    pub(super) now: Timestamp,
    current: Option<&'a Challenge>,
    max_attempts: u32,
}

fn made<'a>(asked: &'a [&AskedSend], known: &'a [Known], decided: &'a [Decided]) -> impl Iterator<Item = Made<'a>> {
    asked.iter().zip(known).zip(decided).filter_map(|((asked, known), decided)| {
        let reservation = decided.as_ref().ok()?;
        let (current, max_attempts) = (known.history.current.as_ref(), asked.policy.max_attempts);
        Some(Made { request: &asked.request, reservation, now: asked.now, current, max_attempts })
    })
}

/// What those before in the group spend of the day counts for those behind.
fn decide(asked: &AskedSend, known: &Known, spent: &mut Spent) -> Decided {
    let mut history = known.history.clone();
    history.day = spent.before(asked, history.day.sends);
    let made = (asked.decide)(&history)?;
    if known.is_proof_spent {
        return Err(SendRefusal::ChallengeRequired);
    }
    spent.add(&asked.request);
    Ok(made)
}

row! {
    struct Lock<'a> {
        n: i64,
        key: &'a str,
        at: i64,
    }
}

/// Takes the row locks that serialise all sends of a key across replicas until the transaction ends: requesters, then subjects, then numbers,
/// each in the order of their names, so that two groups never wait for each other.
async fn lock(db: &mut Connection, asked: &[&AskedSend]) -> Result<(), sqlx::Error> {
    if !NEEDS_ROW_LOCKS {
        return Ok(());
    }
    let keys = asked.iter().flat_map(|asked| asked.locks().into_iter().enumerate().map(|(kind, key)| (kind, key, asked.now)));
    let mut keys: Vec<_> = keys.collect();
    keys.sort_unstable();
    let sql = "insert into budgets (key, touched_at, lifted_at) select key, at, 0 from asked where true order by n
               on conflict (key) do update set touched_at = excluded.touched_at";
    let rows = Set::of((0..).zip(&keys).map(|(n, (_, key, at))| Lock { n, key, at: at.as_millisecond() }));
    Statement::about(rows, sql)?.execute(db).await.map(drop)
}

row! {
    struct Prolonged<'a> {
        id: &'a str,
        subject: &'a str,
        sent_at: i64,
        expires_at: i64,
        max_attempts: i64,
    }
}

row! {
    struct Closed<'a> {
        id: &'a str,
        verified_at: Option<i64>,
        successor: &'a str,
        at: i64,
    }
}

/// Readies the subjects' challenges for another send: prolongs each by one more code, or closes it for a new one. False when one is not as it
/// was read any more.
async fn make_room(db: &mut Connection, made: &[Made<'_>]) -> Result<bool, sqlx::Error> {
    let (mut prolonged, mut closed) = (Vec::new(), Vec::new());
    for Made { request, reservation, now, current, max_attempts } in made {
        let (subject, at, max_attempts) = (request.subject.as_str(), now.as_millisecond(), i64::from(*max_attempts));
        let expires_at = reservation.expires_at.as_millisecond();
        match (&reservation.plan, current) {
            (SendPlan::AddCode(current), _) => {
                prolonged.push(Prolonged { id: current.id.as_str(), subject, sent_at: at, expires_at, max_attempts });
            }
            (SendPlan::OpenChallenge, Some(current)) => {
                closed.push(Closed {
                    id: current.id.as_str(),
                    verified_at: verified_at(current),
                    successor: reservation.challenge.as_str(),
                    at,
                });
            }
            (SendPlan::OpenChallenge, None) => {}
        }
    }
    Ok(changes_all(db, PROLONG, Set::of(prolonged)).await? && changes_all(db, CLOSE, Set::of(closed)).await?)
}

fn verified_at(challenge: &Challenge) -> Option<i64> {
    match challenge.state {
        State::Verified { verified_at } => Some(verified_at.as_millisecond()),
        State::Pending { .. } | State::Closed => None,
    }
}

async fn changes_all(db: &mut Connection, sql: &str, rows: Set<'_>) -> Result<bool, sqlx::Error> {
    let wanted = rows.len() as u64;
    Ok(wanted == 0 || Statement::about(rows, sql)?.execute(db).await? == wanted)
}
