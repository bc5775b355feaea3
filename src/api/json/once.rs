//! A post of the JSON interface is carried out once, whatever is repeated: by its `Idempotency-Key`, or for a minute by being the same request
//! of the same cookie.

mod done;
mod key;

use std::sync::Arc;

use axum::http::request::Parts;

use super::operation::{Operation, is_kept};
use crate::api::visit::Visit;
use crate::server::Service;
use crate::server::session::{Cookie, Grave, Presented, Session};
use crate::server::store::{AskedKey, StoreFault};
use crate::server::verifier::{Keyed, Reply, Verifier, Visitor};
use crate::verification::secret_keys::digest;
use crate::verification::{Detail, Status, SubjectId};
use done::kept;
pub use done::{Done, respond};

/// How often a session that was replaced may ask for its successor by what can be guessed, a code and a short key: as seldom as codes may be
/// guessed, because who has the old cookie may be somebody who planted it.
const MAX_REPEATS: u32 = 5;

/// One request, and what names it.
struct Asked {
    operation: Operation,
    key: Option<String>,
    request: String,
    once: String,
}

/// Carries an operation out, once.
///
/// # Errors
///
/// When the store fails.
pub async fn carry_out(service: &Arc<Service>, parts: &Parts, operation: Operation, body: &[u8]) -> Result<Done, StoreFault> {
    let Ok(key) = key::read(&parts.headers) else { return Ok(Done::UnreadableKey) };
    let request = digest(&[parts.uri.path().as_bytes(), b"\n", body].concat());
    let once = digest([request.as_str(), key.as_deref().unwrap_or_default()].join("\n").as_bytes());
    let asked = Asked { operation, key, request, once };
    let visit = Visit::of(service, parts).await?;
    match &visit.presented {
        Presented::Live(session) => asked.of_session(service, &visit, Session::clone(session), None).await,
        Presented::Replaced(grave) => match asked.of_grave(&service.verifier, grave).await? {
            Some(done) => Ok(done),
            None => asked.of_stranger(service, &visit).await,
        },
        Presented::Over | Presented::Nothing => asked.of_stranger(service, &visit).await,
    }
}

impl Asked {
    fn asked_key(&self, subject: &SubjectId) -> Option<AskedKey> {
        let key = digest(self.key.as_ref()?.as_bytes());
        Some(AskedKey { subject: subject.clone(), key, request: self.request.clone() })
    }

    /// The cookie of somebody who has none. With a secret key it is made of that key, so that a repeat gets the same; one that another replica
    /// made under another of our keys is found by what it left.
    async fn first_cookie(&self, verifier: &Verifier, visit: &Visit) -> Result<Cookie, StoreFault> {
        let now = verifier.clock.now();
        let Some(key) = self.key.as_deref().filter(|key| key::is_secret(key)) else { return Ok(Cookie::new(now)) };
        let parts = [key.as_bytes(), self.request.as_bytes(), visit.requester.as_bytes()];
        let mut cookies = Cookie::of_caller(&verifier.keys, &parts, now);
        let newest = cookies.remove(0);
        for earlier in cookies {
            let asked = self.asked_key(&earlier.own_subject());
            if let Some(asked) = asked
                && verifier.store.find_kept(&asked).await?.is_some()
            {
                return Ok(earlier);
            }
        }
        Ok(newest)
    }

    async fn of_stranger(self, service: &Arc<Service>, visit: &Visit) -> Result<Done, StoreFault> {
        let verifier = &service.verifier;
        let mut cookie = self.first_cookie(verifier, visit).await?;
        let mut presented = verifier.look_up(cookie.clone(), &visit.requester).await?;
        if let Presented::Replaced(grave) = &presented
            && let Some(done) = self.of_grave(verifier, grave).await?
        {
            return Ok(done);
        }
        if !matches!(presented, Presented::Live(_)) {
            cookie = Cookie::new(verifier.clock.now());
            presented = verifier.look_up(cookie.clone(), &visit.requester).await?;
        }
        let Presented::Live(session) = presented else { return Err(StoreFault("a new session is there already".into())) };
        self.of_session(service, visit, *session, Some(cookie)).await
    }

    /// `made` is the cookie of a session that begins with this request.
    async fn of_session(
        self,
        service: &Arc<Service>,
        visit: &Visit,
        session: Session,
        made: Option<Cookie>,
    ) -> Result<Done, StoreFault> {
        let (cookie, once) = (session.cookie.clone(), self.once.clone());
        let done = self.run(service, visit.visitor_as(session)).await?;
        match &done {
            Done::Replied(Reply { cookie: Some(_), .. }) | Done::UnreadableKey => return Ok(done),
            Done::Replied(_) => {}
            // The request that was answered may have come beside this one, and replaced the session.
            Done::Again(..) => {
                if let Presented::Replaced(grave) = service.verifier.look_up_own(&cookie).await? {
                    let successor = service.verifier.find_successor(&grave, &once).await?;
                    return Ok(done.with_cookie(successor.map(|session| session.cookie)));
                }
            }
        }
        let cookie = if made.is_some() { made } else { visit.renewed(service).await };
        Ok(done.with_cookie(cookie))
    }

    async fn run(self, service: &Arc<Service>, visitor: Visitor) -> Result<Done, StoreFault> {
        let verifier = &service.verifier;
        let Some(key) = self.asked_key(&visitor.session.subject) else {
            return Ok(Done::Replied(self.operation.run(verifier, &visitor, self.once).await?));
        };
        let is_hopeless = self.operation.is_hopeless(verifier, &visitor.session);
        let known = if is_hopeless { verifier.find_keyed(&key).await? } else { Some(verifier.claim_key(&key).await?) };
        Ok(match known {
            None => Done::Replied(self.operation.run(verifier, &visitor, self.once).await?),
            Some(Keyed::Mine) => Done::Replied(self.run_claimed(verifier, visitor, key).await?),
            Some(Keyed::Answered(answer)) => Done::Again(answer, None),
            Some(Keyed::Refused(detail)) => Done::Replied(Reply::refused(detail, verifier.ask(&visitor.session).await?.status)),
        })
    }

    /// In a task of its own: a caller that leaves must find the answer when it asks again.
    async fn run_claimed(self, verifier: &Arc<Verifier>, visitor: Visitor, key: AskedKey) -> Result<Reply, StoreFault> {
        let (verifier, tasks, locale) = (Arc::clone(verifier), verifier.tasks.clone(), visitor.locale);
        let task = tasks.spawn(async move {
            let replied = self.operation.run(&verifier, &visitor, self.once).await;
            let answer = replied.as_ref().ok().filter(|reply| is_kept(reply.outcome)).map(|reply| kept(reply, locale));
            verifier.settle_key(&key, answer).await;
            replied
        });
        task.await.map_err(|fault| StoreFault(Box::new(fault)))?
    }

    /// A request of a session that was replaced: perhaps by this very request, whose answer was lost. None when it is a request of its own,
    /// from somebody whose session was replaced long ago.
    async fn of_grave(&self, verifier: &Verifier, grave: &Grave) -> Result<Option<Done>, StoreFault> {
        let may_repeat = self.key.as_deref().is_some_and(key::is_secret)
            || verifier.store.count_repeat(&grave.cookie.digest(), MAX_REPEATS).await?;
        if let Some(key) = self.asked_key(&grave.subject) {
            match verifier.find_keyed(&key).await? {
                Some(Keyed::Answered(answer)) => {
                    let successor = if may_repeat { verifier.find_successor(grave, &self.once).await? } else { None };
                    return Ok(Some(Done::Again(answer, successor.map(|session| session.cookie))));
                }
                Some(Keyed::Refused(detail)) => return Ok(Some(Done::Replied(Reply::refused(detail, Status::default())))),
                Some(Keyed::Mine) | None => {}
            }
        }
        if may_repeat && let Some(reply) = verifier.repeat(grave, &self.once).await? {
            return Ok(Some(Done::Replied(reply)));
        }
        let is_fresh = grave.is_fresh(verifier.clock.now());
        Ok(is_fresh.then(|| Done::Replied(Reply::refused(Detail::JustContinued, Status::default()))))
    }
}
