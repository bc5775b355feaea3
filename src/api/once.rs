//! A post of the JSON interface is carried out once, whatever is repeated: by its `Idempotency-Key`, or for a minute by being the same request
//! of the same cookie.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::Response;

use super::bodies::Body;
use super::operation::{Operation, is_kept};
use super::reply;
use super::visit::{self, Visit};
use crate::messages::Locale;
use crate::server::Service;
use crate::server::session::{Cookie, Grave, Presented, Session};
use crate::server::store::{AskedKey, KeptAnswer, StoreFault};
use crate::server::verifier::{Keyed, Reply, Visitor};
use crate::verification::secret_keys::digest;
use crate::verification::{Detail, Outcome, Status, SubjectId, VerificationState};

/// The header of a caller's own key.
pub const KEY_HEADER: &str = "idempotency-key";
/// The longest key that is read.
const MAX_KEY_CHARS: usize = 255;
/// A caller without a cookie is known by its key alone, if it is too long to be hit by chance: a UUID has 36.
const MIN_SECRET_KEY_CHARS: usize = 16;
/// How often a session that was replaced may ask for its successor: as seldom as codes may be guessed, because who has the old cookie may
/// be somebody who planted it.
const MAX_REPEATS: u32 = 5;

/// What a request came to.
pub enum Done {
    /// A use case was carried out, or refused to be.
    Replied(Reply),
    /// An earlier request was this one; its answer is given again.
    Again(KeptAnswer, Option<Cookie>),
    /// The key cannot be read.
    UnreadableKey,
}

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
    let Ok(key) = read_key(&parts.headers) else { return Ok(Done::UnreadableKey) };
    let request = digest(&[parts.uri.path().as_bytes(), b"\n", body].concat());
    let once = digest([request.as_str(), key.as_deref().unwrap_or_default()].join("\n").as_bytes());
    let asked = Asked { operation, key, request, once };
    let mut visit = Visit::of(service, parts).await?;
    let mut made = None;
    if matches!(visit.presented, Presented::Nothing | Presented::Over) {
        let cookie = asked.first_cookie(service, &visit);
        visit.presented = service.verifier.look_up(cookie.clone(), &visit.requester).await?;
        made = Some(cookie);
    }
    match visit.presented.clone() {
        Presented::Live(session) => asked.of_session(service, &visit, *session, made).await,
        Presented::Replaced(grave) => asked.of_grave(service, &visit, &grave).await,
        Presented::Over | Presented::Nothing => asked.of_stranger(service, &visit).await,
    }
}

/// The key of a request: visible ASCII, in quotes or bare (RFC 9651, 3.3.3).
fn read_key(headers: &HeaderMap) -> Result<Option<String>, ()> {
    let mut values = headers.get_all(KEY_HEADER).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let key = value.to_str().map_err(drop)?.trim();
    let key = key.strip_prefix('"').and_then(|key| key.strip_suffix('"')).unwrap_or(key);
    let is_key = (1..=MAX_KEY_CHARS).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
    if is_key && values.next().is_none() { Ok(Some(key.to_owned())) } else { Err(()) }
}

impl Asked {
    /// The cookie of somebody who has none: with a key of its own it gets the same again.
    fn first_cookie(&self, service: &Service, visit: &Visit) -> Cookie {
        let now = service.verifier.clock.now();
        match self.key.as_ref().filter(|key| key.len() >= MIN_SECRET_KEY_CHARS) {
            Some(key) => {
                let parts = [key.as_bytes(), self.request.as_bytes(), visit.requester.as_bytes()];
                Cookie::of_caller(&service.verifier.keys, &parts, now)
            }
            None => Cookie::new(now),
        }
    }

    fn asked_key(&self, subject: &SubjectId) -> Option<AskedKey> {
        let key = digest(self.key.as_ref()?.as_bytes());
        Some(AskedKey { subject: subject.clone(), key, request: self.request.clone() })
    }

    async fn of_session(
        self,
        service: &Arc<Service>,
        visit: &Visit,
        session: Session,
        made: Option<Cookie>,
    ) -> Result<Done, StoreFault> {
        let verifier = &service.verifier;
        let cookie = made.or_else(|| visit.renewed.clone());
        let with_cookie = |reply: Reply| Done::Replied(Reply { cookie: reply.cookie.clone().or_else(|| cookie.clone()), ..reply });
        let key = self.asked_key(&session.subject);
        let is_hopeless = self.operation.is_hopeless(verifier, &session);
        let visitor = visit.visitor_as(session);
        let Some(key) = key else {
            return Ok(with_cookie(self.operation.run(verifier, &visitor, self.once).await?));
        };
        let known = if is_hopeless { verifier.find_keyed(&key).await? } else { Some(verifier.claim_key(&key).await?) };
        match known {
            None => Ok(with_cookie(self.operation.run(verifier, &visitor, self.once).await?)),
            Some(Keyed::Mine) => Ok(with_cookie(self.run_claimed(service, visitor, key).await?)),
            Some(Keyed::Answered(answer)) => Ok(Done::Again(answer, cookie)),
            Some(Keyed::Refused(detail)) => Ok(with_cookie(Reply::refused(detail, verifier.ask(&visitor.session).await?.status))),
        }
    }

    /// In a task of its own: a caller that leaves must find the answer when it asks again.
    async fn run_claimed(self, service: &Arc<Service>, visitor: Visitor, key: AskedKey) -> Result<Reply, StoreFault> {
        let verifier = Arc::clone(&service.verifier);
        let locale = visitor.locale;
        let task = service.verifier.tasks.spawn(async move {
            let replied = self.operation.run(&verifier, &visitor, self.once).await;
            let answer = replied.as_ref().ok().filter(|reply| is_kept(reply.outcome)).map(|reply| kept(reply, locale));
            verifier.settle_key(&key, answer).await;
            replied
        });
        task.await.map_err(|fault| StoreFault(Box::new(fault)))?
    }

    /// A request of a session that was replaced: perhaps by this very request, whose answer was lost.
    async fn of_grave(self, service: &Arc<Service>, visit: &Visit, grave: &Grave) -> Result<Done, StoreFault> {
        let verifier = &service.verifier;
        if verifier.store.count_repeat(&grave.cookie.digest(), MAX_REPEATS).await? {
            if let Some(key) = self.asked_key(&grave.subject) {
                match verifier.find_keyed(&key).await? {
                    Some(Keyed::Answered(answer)) => {
                        let successor = grave.was_made_by(&self.once).then(|| grave.successor(&verifier.keys, &self.once));
                        return Ok(Done::Again(answer, successor));
                    }
                    Some(Keyed::Refused(detail)) => return Ok(Done::Replied(Reply::refused(detail, Status::default()))),
                    Some(Keyed::Mine) | None => {}
                }
            }
            if let Some(reply) = verifier.repeat(&visit.presented, &self.once).await? {
                return Ok(Done::Replied(reply));
            }
        }
        // The answer that carries its successor may still be on its way: a cookie of another session must not come after it.
        if grave.is_fresh(verifier.clock.now()) {
            return Ok(Done::Replied(Reply::refused(Detail::SessionOver, Status::default())));
        }
        self.of_stranger(service, visit).await
    }

    async fn of_stranger(self, service: &Arc<Service>, visit: &Visit) -> Result<Done, StoreFault> {
        let verifier = &service.verifier;
        let cookie = Cookie::new(verifier.clock.now());
        let Presented::Live(session) = verifier.look_up(cookie.clone(), &visit.requester).await? else {
            return Err(StoreFault("a new session is there already".into()));
        };
        let reply = self.operation.run(verifier, &visit.visitor_as(*session), self.once).await?;
        Ok(Done::Replied(Reply { cookie: reply.cookie.clone().or(Some(cookie)), ..reply }))
    }
}

fn kept(reply: &Reply, locale: Locale) -> KeptAnswer {
    let body = Body::of(reply, locale).to_json();
    KeptAnswer { status: reply::status_of(reply).as_u16(), body, retry_after_secs: reply::retry_after_secs(reply) }
}

/// The answer to a request.
pub fn respond(service: &Service, parts: &Parts, done: Done) -> Response {
    let locale = visit::locale(&parts.headers);
    let (answer, cookie, has_account) = match done {
        Done::Replied(reply) => {
            let has_account = reply.status.state == VerificationState::SignedUp;
            (kept(&reply, locale), reply.cookie, has_account)
        }
        Done::Again(answer, cookie) => {
            let has_account = answer.status == Outcome::SignedUp.http_status();
            (answer, cookie, has_account)
        }
        Done::UnreadableKey => {
            let body = Body::bare(Outcome::InvalidRequest, locale).to_json();
            (KeptAnswer { status: 400, body, retry_after_secs: None }, None, false)
        }
    };
    reply::json(service, answer, cookie.as_ref(), has_account)
}
