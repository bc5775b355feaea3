//! Attempts are counted, for many challenges at once, before a code is looked at.

use async_trait::async_trait;
use jiff::Timestamp;

use super::Connection;
use super::challenges::columns;
use super::statement::Statement;
use crate::server::store::Attempt;
use crate::server::store::batch::{Asked, Verb, Written};
use crate::server::store::rows::AttemptRow;
use crate::server::store::set::{Set, row};
use crate::verification::policy::MAX_CLOCK_SKEW;
use crate::verification::{ChallengeId, SubjectId};

/// One guarded statement: two hundred parallel guesses find it true five times. Which codes have expired is looked at afterwards, because
/// SQLite's `returning` knows nothing but the row.
const COUNT: &str = concat!(
    ", mine as (select challenges.id from challenges join asked on challenges.subject = asked.who and closed_at is null
                  and challenges.id = coalesce(asked.challenge, challenges.id) order by challenges.id",
    for_update!("challenges"),
    ") update challenges set attempts = attempts + 1 from asked
     where challenges.subject = asked.who and closed_at is null and challenges.id in (select id from mine)
       and attempts < asked.max_attempts and expires_at > asked.now and coalesce(sent_at, opened_at) <= asked.skewed
       and verified_at is null
     returning ",
    columns!(),
    ", (select string_agg(code_digest || ' ' || sends.expires_at || ' ' || reserved_at, ',') from sends
        where challenge_id = challenges.id and code_digest is not null) as codes"
);

/// A guess at the subject's challenge, or at the one that is named.
pub(super) struct Guess {
    pub(super) challenge: Option<ChallengeId>,
    pub(super) subject: SubjectId,
    pub(super) max_attempts: u32,
    pub(super) now: Timestamp,
}

impl Guess {
    /// The clock of another replica may be ahead.
    fn skewed(&self) -> Timestamp {
        self.now + MAX_CLOCK_SKEW
    }
}

impl Asked for Guess {
    /// A subject has one open challenge.
    fn keys(&self) -> Vec<String> {
        vec![self.subject.as_str().to_owned()]
    }
}

row! {
    struct GuessOf<'a> {
        who: &'a str,
        challenge: Option<&'a str>,
        max_attempts: i64,
        now: i64,
        skewed: i64,
    }
}

impl<'a> From<&'a Guess> for GuessOf<'a> {
    fn from(guess: &'a Guess) -> Self {
        Self {
            who: guess.subject.as_str(),
            challenge: guess.challenge.as_ref().map(ChallengeId::as_str),
            max_attempts: guess.max_attempts.into(),
            now: guess.now.as_millisecond(),
            skewed: guess.skewed().as_millisecond(),
        }
    }
}

pub(super) struct CountAttempts;

#[async_trait]
impl Verb<Connection> for CountAttempts {
    type Asked = Guess;
    type Answer = Option<Attempt>;

    const HAS_STEPS: bool = false;

    async fn run(db: &mut Connection, asked: &[&Guess]) -> Result<Written<Self::Answer>, sqlx::Error> {
        let guesses = Set::of(asked.iter().map(|guess| GuessOf::from(*guess)));
        let mut rows: Vec<AttemptRow> = Statement::about(guesses, COUNT)?.fetch_all(db).await?;
        let answers = asked.iter().map(|guess| {
            let found = rows.iter().position(|row| row.is_of(guess.subject.as_str()))?;
            Some(rows.swap_remove(found).into_attempt(guess.now, guess.skewed()))
        });
        Ok(Written::Kept(answers.collect()))
    }
}
