//! A post of the JSON interface is carried out once, whatever is repeated: by its `Idempotency-Key`, or for a minute by being the same request
//! of the same cookie.

mod done;
mod key;

use std::sync::Arc;

use axum::http::request::Parts;

use super::operation::{Operation, is_kept};
use crate::api::visit::Visit;
use crate::server::Service;
use crate::server::session::{Cookie, Grave, Once, Presented, Session};
use crate::server::store::{AskedKey, StoreFault};
use crate::server::verifier::{Keyed, Reply, Verifier, Visitor};
use crate::verification::policy::DAY;
use crate::verification::secret_keys::digest;
use crate::verification::{Status, SubjectId};
use done::kept;
pub(super) use done::{Done, respond};

/// One request, and what names it.
struct Asked {
    operation: Operation,
    key: Option<String>,
    request: String,
    once: Once,
}

pub(super) async fn carry_out(
    service: &Arc<Service>,
    parts: &Parts,
    operation: Operation,
    body: &[u8],
) -> Result<Done, StoreFault> {
    let Ok(key) = key::read(&parts.headers) else { return Ok(Done::UnreadableKey) };
    let request = digest(&[parts.uri.path().as_bytes(), b"\n", body].concat());
    let once = digest([request.as_str(), key.as_deref().unwrap_or_default()].join("\n").as_bytes());
    let once = Once::of_request(&once, key.as_deref().is_some_and(key::is_secret));
    let asked = Asked { operation, key, request, once };
    let visit = Visit::of(service, parts).await?;
    match &visit.presented {
        Presented::Live(session) => match asked.begun_without_cookie(&service.verifier, &visit, session).await? {
            Some(cookie) => asked.of_newcomer(service, &visit, cookie).await,
            None => asked.of_session(service, &visit, Session::clone(session), None).await,
        },
        Presented::Replaced(grave) => match asked.of_grave(&service.verifier, grave).await? {
            Some(done) => Ok(done),
            None => asked.of_stranger(service, &visit).await,
        },
        Presented::Over | Presented::Foreign | Presented::Nothing => asked.of_stranger(service, &visit).await,
    }
}

impl Asked {
    fn asked_key(&self, subject: &SubjectId) -> Option<AskedKey> {
        let key = digest(self.key.as_ref()?.as_bytes());
        Some(AskedKey { subject: subject.clone(), key, request: self.request.clone() })
    }

    /// The cookie under which an earlier request, which came without one, was this one. It is made of the key, the request, where it comes from
    /// and the day: a cookie must not come back once its session is forgotten. Another replica may have made it under another of our keys.
    async fn earlier_cookie(&self, verifier: &Verifier, cookies: &[Cookie]) -> Result<Option<Cookie>, StoreFault> {
        for cookie in cookies {
            if let Some(asked) = self.asked_key(&cookie.own_subject())
                && verifier.store.find_kept(&asked).await?.is_some()
            {
                return Ok(Some(cookie.clone()));
            }
        }
        Ok(None)
    }

    /// Those of today and of yesterday, for as long are answers kept. None without a secret key.
    fn callers_cookies(&self, verifier: &Verifier, visit: &Visit) -> Vec<Cookie> {
        let Some(key) = self.key.as_deref().filter(|key| key::is_secret(key)) else { return Vec::new() };
        let now = verifier.clock.now();
        let today = now.as_second().div_euclid(DAY.as_secs());
        let of_day = |day: i64| {
            let parts = [key.as_bytes(), self.request.as_bytes(), visit.requester.as_bytes(), &day.to_be_bytes()];
            Cookie::of_caller(&verifier.keys, &parts, now)
        };
        [of_day(today), of_day(today - 1)].concat()
    }

    /// Whoever first looked where it stands has a cookie by now, which knows nothing of what it asked before without one.
    async fn begun_without_cookie(
        &self,
        verifier: &Verifier,
        visit: &Visit,
        session: &Session,
    ) -> Result<Option<Cookie>, StoreFault> {
        let is_blank = !session.is_stored && session.seen.current.is_none();
        if is_blank { self.earlier_cookie(verifier, &self.callers_cookies(verifier, visit)).await } else { Ok(None) }
    }

    async fn of_stranger(self, service: &Arc<Service>, visit: &Visit) -> Result<Done, StoreFault> {
        let verifier = &service.verifier;
        let cookies = self.callers_cookies(verifier, visit);
        let earlier = self.earlier_cookie(verifier, &cookies).await?;
        let cookie = earlier.or_else(|| cookies.into_iter().next()).unwrap_or_else(|| Cookie::new(verifier.clock.now()));
        self.of_newcomer(service, visit, cookie).await
    }

    /// A request of somebody whose session begins with it, under this cookie or, where that stands for something else by now, a new one.
    async fn of_newcomer(self, service: &Arc<Service>, visit: &Visit, mut cookie: Cookie) -> Result<Done, StoreFault> {
        let verifier = &service.verifier;
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
        let verifier = Arc::clone(&service.verifier);
        let Some(key) = self.asked_key(&visitor.session.subject) else {
            return Ok(Done::Replied(self.operation.run(&verifier, &visitor, self.once).await?));
        };
        // In a task of its own: a caller that leaves must find the answer when it asks again, or a key that is free.
        let task = service.verifier.tasks.spawn(async move { self.run_keyed(&verifier, &visitor, &key).await });
        task.await.map_err(|fault| StoreFault(Box::new(fault)))?
    }

    async fn run_keyed(self, verifier: &Arc<Verifier>, visitor: &Visitor, key: &AskedKey) -> Result<Done, StoreFault> {
        let is_hopeless = self.operation.is_hopeless(verifier, &visitor.session);
        let known = if is_hopeless { verifier.find_keyed(key).await? } else { Some(verifier.claim_key(key).await?) };
        Ok(match known {
            None => Done::Replied(self.operation.run(verifier, visitor, self.once).await?),
            Some(Keyed::Answered(answer)) => Done::Again(answer, None),
            Some(Keyed::Refused(detail)) => Done::Replied(Reply::refused(detail, verifier.ask(&visitor.session).await?.status)),
            Some(Keyed::Mine) => {
                let replied = self.operation.run(verifier, visitor, self.once).await;
                let is_done = replied.as_ref().ok().filter(|reply| is_kept(reply.outcome));
                verifier.settle_key(key, is_done.map(|reply| kept(reply, visitor.locale))).await;
                Done::Replied(replied?)
            }
        })
    }

    /// A request of a session that was replaced: perhaps by this very request, whose answer was lost. None when it is a request of its own,
    /// from somebody whose session was replaced long ago.
    async fn of_grave(&self, verifier: &Verifier, grave: &Grave) -> Result<Option<Done>, StoreFault> {
        if let Some(key) = self.asked_key(&grave.subject) {
            match verifier.find_keyed(&key).await? {
                Some(Keyed::Answered(answer)) if verifier.may_repeat(grave, &self.once).await? => {
                    let successor = verifier.find_successor(grave, &self.once).await?;
                    return Ok(Some(Done::Again(answer, successor.map(|session| session.cookie))));
                }
                Some(Keyed::Refused(detail)) if verifier.may_repeat(grave, &self.once).await? => {
                    return Ok(Some(Done::Replied(Reply::refused(detail, Status::default()))));
                }
                _ => {}
            }
        }
        if let Some(reply) = verifier.repeat(grave, &self.once).await? {
            return Ok(Some(Done::Replied(reply)));
        }
        let is_fresh = grave.is_fresh(verifier.clock.now());
        Ok(is_fresh.then(|| Done::Replied(Reply::just_continued())))
    }
}
