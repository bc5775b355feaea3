//! Gathers requests of one kind into groups, the same for both databases: while one group is at the database the next comes together, so that
//! many at once cost a few statements and one commit, and one alone waits for nobody.
//!
//! ```text
//! ask ─▶ queue ─▶ line ─▶ group ─▶ Verb::run, one transaction ─▶ commit ─▶ answers
//!                   ▲ shares a key with   └─ failed, or does not go together ─▶ one by one
//!                   └─ one before: next group
//! ```
//!
//! Requests of a group share nothing that they change, so it does not matter that they are written at once. Nobody is answered before the
//! commit. What nobody waits for any more when its turn comes is not written.

mod gatherer;

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Weak};

use async_trait::async_trait;
use futures::FutureExt;

use super::Ending;
pub(super) use gatherer::Gatherer;

/// What a verb is asked for once.
pub(super) trait Asked: Send + Sync + 'static {
    /// What it may change: of two requests that share any of it, the later waits for the next group.
    fn keys(&self) -> Vec<String> {
        Vec::new()
    }

    /// Whether one statement can ask for both.
    fn goes_with(&self, _first: &Self) -> bool {
        true
    }
}

/// What became of a group within its transaction.
pub(super) enum Written<A> {
    /// It is kept; an answer for each request.
    Kept(Vec<A>),
    /// Nothing is to be kept.
    TakenBack(Vec<A>),
    /// One of several must take back what it wrote: each is to be asked for alone.
    Apart,
}

/// A verb over many requests.
#[async_trait]
pub(super) trait Verb<C: Send>: Send + Sync + 'static {
    type Asked: Asked;
    type Answer: Send + 'static;

    /// Whether it takes more than one statement.
    const HAS_STEPS: bool;

    /// Runs it for requests that share no key, with an answer for each in their order.
    async fn run(db: &mut C, asked: &[&Self::Asked]) -> Result<Written<Self::Answer>, sqlx::Error>;
}

/// A request, and whether anybody waits for it.
pub(super) struct Member<Q> {
    asked: Q,
    caller: Weak<()>,
}

impl<Q> Member<Q> {
    fn is_awaited(&self) -> bool {
        self.caller.strong_count() > 0
    }
}

pub(super) type Group<Q> = Vec<Arc<Member<Q>>>;
/// An answer for each member of a group; none for one that nobody waits for. None at all where they do not go together.
pub(super) type Answers<A> = Option<Vec<Option<A>>>;

/// Runs a verb for those of a group who still wait.
pub(super) async fn run<C: Send, V: Verb<C>>(
    db: &mut C,
    group: &Group<V::Asked>,
) -> Result<Ending<Answers<V::Answer>>, sqlx::Error> {
    // The beginning of the transaction may have been waited for longer than callers do.
    let awaited: Vec<bool> = group.iter().map(|member| member.is_awaited()).collect();
    let asked: Vec<_> =
        group.iter().zip(&awaited).filter(|(_, is_awaited)| **is_awaited).map(|(member, _)| &member.asked).collect();
    // Nothing was written: others who share the transaction need not take theirs back.
    let written = if asked.is_empty() { Ok(Written::Kept(Vec::new())) } else { caught(V::run(db, &asked)).await };
    let spread = |answers: Vec<V::Answer>| {
        let mut answers = answers.into_iter();
        Some(awaited.iter().map(|is_awaited| if *is_awaited { answers.next() } else { None }).collect())
    };
    match written {
        Ok(Written::Kept(answers)) => Ok(Ending::Commit(spread(answers))),
        Ok(Written::TakenBack(answers)) => Ok(Ending::Rollback(spread(answers))),
        Ok(Written::Apart) => Ok(Ending::Rollback(None)),
        // A statement failed, so that nothing of the group is written: one of them may be the reason.
        Err(sqlx::Error::Database(_) | sqlx::Error::Protocol(_)) if group.len() > 1 => Ok(Ending::Rollback(None)),
        Err(fault) => Err(fault),
    }
}

/// A verb that panics must not be the last one: nobody else asks for its kind.
pub(super) async fn caught<T>(verb: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    let ended = AssertUnwindSafe(verb).catch_unwind().await;
    ended.unwrap_or_else(|_| Err(sqlx::Error::Protocol("the verb panicked".into())))
}
