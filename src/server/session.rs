//! Who is there: the cookie of a browser, authenticated by `SECRET_KEY`, and its rotation.
//!
//! Six words for who asks: the **cookie** is what a browser brings; the **session** is what a live one stands for; the **subject** is who
//! verifies, the same before and after a rotation; the **requester** is where a request comes from; a **visitor** is a session with its
//! requester and language, as use cases take it; a **grave** is a session that another took the place of
//! (docs/design.md, "The six words for who asks").
//!
//! A fresh cookie has no row in the store; its subject is the digest of its secret. Verification and sign-up put another cookie in
//! its place, so that a planted one gains nothing. The new one is derived from the old one and the form's one-time value, so that a
//! repeat of that same post gets the same cookie and a lost answer loses nothing.

mod cookie;
mod find;
mod once;

use jiff::{SignedDuration, Timestamp};

pub(crate) use cookie::Cookie;
pub(crate) use find::{Candidates, find, look_up};
pub(crate) use once::Once;

use super::entropy;
use super::store::{Rotated, Rotation};
use crate::verification::policy::is_misdated;
use crate::verification::{SecretKeys, SendHistory, SubjectId};

/// How long a session without an account lasts.
const LIFETIME: SignedDuration = SignedDuration::from_hours(24);
/// How long a session with an account lasts.
const ACCOUNT_LIFETIME: SignedDuration = SignedDuration::from_hours(24 * 30);
/// How long the post that rotated a session may be repeated.
const REPEAT_WINDOW: SignedDuration = SignedDuration::from_secs(60);
/// A session that is used is prolonged once this part of its lifetime has passed: not with each request, because that is a write.
const PROLONGED_AFTER: i32 = 24;

/// A session that is alive.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub cookie: Cookie,
    pub subject: SubjectId,
    /// Its account, once signed up or in.
    pub account: Option<SignedIn>,
    /// The account that it has, while its person is asked to prove a number once more: to use cases it has none then.
    pub former: Option<SignedIn>,
    /// When it ends, unless it is used.
    pub ends_at: Timestamp,
    /// Whether the store has a row of it; else its cookie says when it ends.
    pub is_stored: bool,
    /// The history of its subject and of where it asks from, as it was when the request came in.
    pub seen: SendHistory,
}

/// What a session with an account is to applications.
#[derive(Clone, Debug)]
pub(crate) struct SignedIn {
    pub account_id: String,
    /// When its person last proved the number; none where an older release began it.
    pub authenticated_at: Option<Timestamp>,
    /// What applications call the session: another for each, and nothing that leads to its cookie.
    pub sid: String,
}

/// A session that was replaced by another.
#[derive(Clone, Debug)]
pub(crate) struct Grave {
    pub cookie: Cookie,
    /// Who it belonged to, and its successor belongs to.
    pub subject: SubjectId,
    pub rotated: Rotated,
}

/// What a request's cookie stands for.
#[derive(Clone, Debug)]
pub(crate) enum Presented {
    Live(Box<Session>),
    Replaced(Box<Grave>),
    /// A cookie of ours whose session is over, or that a key has signed which is gone.
    Over,
    /// A cookie of our name that is none of ours: a neighbour's, or a forged one.
    Foreign,
    /// No cookie of our name.
    Nothing,
}

impl Session {
    /// The session of a cookie that was just made.
    #[must_use]
    pub(crate) fn fresh(now: Timestamp) -> Self {
        Self::unstored(Cookie::new(now), SendHistory::default())
    }

    /// The session of a cookie that has no row.
    #[must_use]
    pub(crate) fn unstored(cookie: Cookie, seen: SendHistory) -> Self {
        let subject = cookie.own_subject();
        let ends_at = cookie.expires_at();
        Self { cookie, subject, account: None, former: None, ends_at, is_stored: false, seen }
    }

    /// The session as it goes on when it is used now; none while it was prolonged a short while ago.
    #[must_use]
    pub(crate) fn prolonged(&self, now: Timestamp) -> Option<Self> {
        let lifetime = if self.account.is_some() { ACCOUNT_LIFETIME } else { LIFETIME };
        let is_due = self.ends_at <= now + lifetime - lifetime / PROLONGED_AFTER;
        is_due.then(|| Self { cookie: self.cookie.given_out_again(now), ends_at: now + lifetime, ..self.clone() })
    }

    /// The session as use cases are to see it whose person shall prove a number once more, although they are signed in.
    #[must_use]
    pub(crate) fn asked_again(self) -> Self {
        Self { former: self.account, account: None, ..self }
    }

    /// The session that follows this one, for whoever made that post.
    #[must_use]
    pub(crate) fn rotation(&self, keys: &SecretKeys, once: &Once, at: Timestamp) -> (Cookie, Rotation) {
        let successor = self.cookie.successor(keys, once, at);
        let rotation = Rotation {
            old_digest: self.cookie.digest(),
            new_digest: successor.digest(),
            subject: self.subject.clone(),
            expires_at: at + LIFETIME,
            account_expires_at: at + ACCOUNT_LIFETIME,
            former: self.former.as_ref().map(|former| (former.account_id.clone(), former.sid.clone())),
            sid: entropy::new_id(),
            by: once.digest(),
            at,
        };
        (successor, rotation)
    }
}

impl Grave {
    /// Whether the session was replaced so recently that its successor's cookie may not have arrived yet.
    #[must_use]
    pub(crate) fn is_fresh(&self, now: Timestamp) -> bool {
        now < self.rotated.at + REPEAT_WINDOW && !is_misdated(self.rotated.at, now)
    }

    /// Whether that post replaced the session.
    #[must_use]
    pub(crate) fn was_made_by(&self, once: &Once) -> bool {
        self.rotated.by == once.digest()
    }

    /// The cookies that may have taken the place of this one, for whoever made that post.
    #[must_use]
    pub(crate) fn successors(&self, keys: &SecretKeys, once: &Once) -> Vec<Cookie> {
        self.cookie.successors(keys, once, self.rotated.at)
    }
}

#[cfg(test)]
mod tests;
