//! A repeated post is answered as the first was.
//!
//! A post that verifies or signs up replaces its session. Whoever makes it again with the old cookie, because a button was pressed twice or the
//! answer was lost, proves by the post's one-time value that it is the same post, and gets the session that the first one made.

use super::{Reply, Verifier};
use crate::server::session::{self, Cookie, Grave, Once, Presented, Session};
use crate::server::store::StoreFault;
use crate::verification::Outcome;

/// How often a session that was replaced may ask for its successor by what can be guessed, a code and a short key: as seldom as codes may be
/// guessed, because who has the old cookie may be somebody who planted it.
const MAX_REPEATS: u32 = 5;

impl Verifier {
    /// Whether somebody with the cookie of a session that was replaced may ask for its successor. What can be guessed is counted first.
    pub(crate) async fn may_repeat(&self, grave: &Grave, once: &Once) -> Result<bool, StoreFault> {
        if once.is_secret() { Ok(true) } else { self.store.count_repeat(&grave.cookie.digest(), MAX_REPEATS).await }
    }

    /// The answer to a repeat of the post that replaced a session, with the same new cookie; none when it is not a repeat, or comes over a
    /// minute late.
    pub(crate) async fn repeat(&self, grave: &Grave, once: &Once) -> Result<Option<Reply>, StoreFault> {
        let outcome = Outcome::from_code(&grave.rotated.outcome);
        let (Some(outcome), true) = (outcome, grave.is_fresh(self.clock.now())) else { return Ok(None) };
        if !self.may_repeat(grave, once).await? {
            return Ok(None);
        }
        let Some(session) = self.find_successor(grave, once).await? else { return Ok(None) };
        let reply = Reply::of(outcome, self.status_as_seen(&session, &session.seen).await?);
        Ok(Some(Reply { cookie: Some(session.cookie), ..reply }))
    }

    /// The session that the post with that one-time value put in the place of another; none when another post did, or when it is over, or
    /// was replaced in its turn: a cookie of it would be good for nothing.
    pub(crate) async fn find_successor(&self, grave: &Grave, once: &Once) -> Result<Option<Session>, StoreFault> {
        if !grave.was_made_by(once) {
            return Ok(None);
        }
        for cookie in grave.successors(&self.keys, once) {
            match self.look_up_own(&cookie).await? {
                Presented::Live(session) if session.is_stored && session.subject == grave.subject => return Ok(Some(*session)),
                _ => {}
            }
        }
        Ok(None)
    }

    /// Whether a session whose cookie is about to be sent is still there: a request beside this one may have replaced or ended it.
    pub(crate) async fn still_lives(&self, session: &Session) -> bool {
        let found = self.look_up_own(&session.cookie).await;
        matches!(found, Ok(Presented::Live(found)) if found.is_stored == session.is_stored)
    }

    /// What a cookie stands for that we are about to send, wherever it goes.
    pub(crate) async fn look_up_own(&self, cookie: &Cookie) -> Result<Presented, StoreFault> {
        session::look_up(&*self.store, &self.policy, cookie.clone(), "", self.clock.now()).await
    }

    /// Answers a visitor whose session was replaced while this request was under way.
    pub(super) async fn after_lost_race(&self, session: &Session, once: &Once) -> Result<Reply, StoreFault> {
        let reply = match self.look_up_own(&session.cookie).await? {
            Presented::Replaced(grave) => self.repeat(&grave, once).await?,
            Presented::Live(_) | Presented::Over | Presented::Foreign | Presented::Nothing => None,
        };
        match reply {
            Some(reply) => Ok(reply),
            None => self.answer(session, Outcome::CodeExpired).await,
        }
    }

    /// Answers as the session that takes the place of the visitor's.
    pub(super) async fn answer_with(&self, cookie: Cookie, outcome: Outcome) -> Result<Reply, StoreFault> {
        let Presented::Live(session) = self.look_up_own(&cookie).await? else {
            return Err(StoreFault("the new session is not there".into()));
        };
        let reply = Reply::of(outcome, self.status_as_seen(&session, &session.seen).await?);
        Ok(Reply { cookie: Some(cookie), ..reply })
    }
}
