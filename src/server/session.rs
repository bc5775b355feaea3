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

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};

use super::entropy::{self, SECRET_BYTES};
use super::store::{Rotated, Rotation, Store, StoreFault, StoredSession};
use crate::verification::policy::is_misdated;
use crate::verification::secret_keys::{SecretKeys, Use, digest};
use crate::verification::{Policy, SendHistory, SubjectId};

/// How long a session without an account lasts.
pub const LIFETIME: SignedDuration = SignedDuration::from_hours(24);
/// How long a session with an account lasts.
pub const ACCOUNT_LIFETIME: SignedDuration = SignedDuration::from_hours(24 * 30);
/// How long the post that rotated a session may be repeated.
pub const REPEAT_WINDOW: SignedDuration = SignedDuration::from_secs(60);
/// A session that is used is prolonged once this part of its lifetime has passed: not with each request, because that is a write.
const PROLONGED_AFTER: i32 = 24;

/// The secret of a session and when it was made. `Debug` shows neither.
#[derive(Clone, PartialEq, Eq)]
pub struct Cookie {
    secret: [u8; SECRET_BYTES],
    issued_at_secs: i64,
}

impl std::fmt::Debug for Cookie {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cookie(…)")
    }
}

impl Cookie {
    /// A new cookie.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self { secret: entropy::bytes(), issued_at_secs: now.as_second() }
    }

    /// The cookie that follows this one when its session is rotated by the form with that one-time value.
    #[must_use]
    pub fn successor(&self, keys: &SecretKeys, once: &str, at: Timestamp) -> Self {
        Self::derived(&keys.mac(Use::Rotation, &[&self.secret, once.as_bytes()]), at)
    }

    /// The cookies that follow from a caller's own secret, one for each key: whoever asks again with the same gets the same.
    #[must_use]
    pub fn of_caller(keys: &SecretKeys, parts: &[&[u8]], now: Timestamp) -> Vec<Self> {
        keys.macs(Use::Caller, parts).iter().map(|mac| Self::derived(mac, now)).collect()
    }

    fn derived(mac: &[u8; 32], at: Timestamp) -> Self {
        let mut secret = [0; SECRET_BYTES];
        secret.copy_from_slice(&mac[..SECRET_BYTES]);
        Self { secret, issued_at_secs: at.as_second() }
    }

    /// Whether a value looks like one of ours, whoever signed it.
    fn has_form(value: &str) -> bool {
        BASE64_URL_SAFE_NO_PAD.decode(value.trim_end_matches('=')).is_ok_and(|bytes| bytes.len() == SECRET_BYTES + 8 + 32)
    }

    /// Reads a cookie's value; none when it is not one that this service made.
    #[must_use]
    pub fn parse(keys: &SecretKeys, value: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(value.trim_end_matches('=')).ok()?;
        let (secret, rest) = bytes.split_first_chunk::<SECRET_BYTES>()?;
        let (issued_at, tag) = rest.split_first_chunk::<8>()?;
        let is_ours = keys.is_mac(Use::Session, &[secret, issued_at], tag);
        is_ours.then(|| Self { secret: *secret, issued_at_secs: i64::from_be_bytes(*issued_at) })
    }

    /// The cookie's value.
    #[must_use]
    pub fn value(&self, keys: &SecretKeys) -> String {
        let issued_at = self.issued_at_secs.to_be_bytes();
        let tag = keys.mac(Use::Session, &[&self.secret, &issued_at]);
        BASE64_URL_SAFE_NO_PAD.encode([&self.secret[..], &issued_at, &tag].concat())
    }

    /// What is stored of it.
    #[must_use]
    pub fn digest(&self) -> String {
        digest(&self.secret)
    }

    /// Who it belongs to as long as it has no session.
    #[must_use]
    pub fn own_subject(&self) -> SubjectId {
        SubjectId::from_stored(self.digest())
    }

    fn expires_at(&self) -> Timestamp {
        Timestamp::from_second(self.issued_at_secs).map_or(Timestamp::UNIX_EPOCH, |at| at + LIFETIME)
    }
}

/// A session that is alive.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its cookie.
    pub cookie: Cookie,
    /// Who it belongs to.
    pub subject: SubjectId,
    /// Its account, once signed up or in.
    pub account_id: Option<String>,
    /// When it ends, unless it is used.
    pub ends_at: Timestamp,
    /// Whether the store has a row of it; else its cookie says when it ends.
    pub is_stored: bool,
    /// The history of its subject and of where it asks from, as it was when the request came in.
    pub seen: SendHistory,
}

/// A session that was replaced by another.
#[derive(Clone, Debug)]
pub struct Grave {
    /// Its cookie.
    pub cookie: Cookie,
    /// Who it belonged to, and its successor belongs to.
    pub subject: SubjectId,
    /// By which post.
    pub rotated: Rotated,
}

/// What a request's cookie stands for.
#[derive(Clone, Debug)]
pub enum Presented {
    /// A session.
    Live(Box<Session>),
    /// A session that was replaced by another.
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
    pub fn fresh(now: Timestamp) -> Self {
        Self::unstored(Cookie::new(now), SendHistory::default())
    }

    /// The session of a cookie that has no row.
    #[must_use]
    pub fn unstored(cookie: Cookie, seen: SendHistory) -> Self {
        let subject = cookie.own_subject();
        let ends_at = cookie.expires_at();
        Self { cookie, subject, account_id: None, ends_at, is_stored: false, seen }
    }

    /// The session as it goes on when it is used now; none while it was prolonged a short while ago.
    #[must_use]
    pub fn prolonged(&self, now: Timestamp) -> Option<Self> {
        let lifetime = if self.account_id.is_some() { ACCOUNT_LIFETIME } else { LIFETIME };
        let is_due = self.ends_at <= now + lifetime - lifetime / PROLONGED_AFTER;
        let cookie = Cookie { issued_at_secs: now.as_second(), ..self.cookie.clone() };
        is_due.then(|| Self { cookie, ends_at: now + lifetime, ..self.clone() })
    }

    /// The session that follows this one, for the form with that one-time value.
    #[must_use]
    pub fn rotation(&self, keys: &SecretKeys, once: &str, at: Timestamp) -> (Cookie, Rotation) {
        let successor = self.cookie.successor(keys, once, at);
        let rotation = Rotation {
            old_digest: self.cookie.digest(),
            new_digest: successor.digest(),
            subject: self.subject.clone(),
            expires_at: at + LIFETIME,
            account_expires_at: at + ACCOUNT_LIFETIME,
            by: digest(once.as_bytes()),
            at,
        };
        (successor, rotation)
    }
}

impl Grave {
    /// Whether the session was replaced so recently that its successor's cookie may not have arrived yet.
    #[must_use]
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        now < self.rotated.at + REPEAT_WINDOW && !is_misdated(self.rotated.at, now)
    }

    /// Whether the post with that one-time value replaced the session.
    #[must_use]
    pub fn was_made_by(&self, once: &str) -> bool {
        self.rotated.by == digest(once.as_bytes())
    }

    /// Whether the post with that one-time value is a repeat of the one that replaced the session.
    #[must_use]
    pub fn is_repeat(&self, once: &str, now: Timestamp) -> bool {
        self.was_made_by(once) && self.is_fresh(now)
    }

    /// The cookies that may have taken the place of this one, for whoever made the post with that one-time value: one for each key, because
    /// another replica may have made it.
    #[must_use]
    pub fn successors(&self, keys: &SecretKeys, once: &str) -> Vec<Cookie> {
        let macs = keys.macs(Use::Rotation, &[&self.cookie.secret, once.as_bytes()]);
        macs.iter().map(|mac| Cookie::derived(mac, self.rotated.at)).collect()
    }
}

/// How many cookies are looked up: of several that are ours, more than two come from nobody but a mischief-maker.
const MAX_LOOKED_UP: usize = 5;

/// The values of cookies that may be the session's.
#[derive(Clone, Debug, Default)]
pub struct Candidates {
    /// Those of its name.
    pub named: Vec<String>,
    /// Those of the name that it had before.
    pub formerly_named: Vec<String>,
}

/// Finds the session among the cookies that came. Others of the same name, set by a neighbour on the same host, hide nothing: those that we
/// did not make are passed over, and of several that are ours the one whose session lives counts.
///
/// # Errors
///
/// When the store fails.
pub async fn find(
    store: &dyn Store,
    keys: &SecretKeys,
    policy: &Policy,
    candidates: &Candidates,
    requester: &str,
    now: Timestamp,
) -> Result<Presented, StoreFault> {
    let values = candidates.named.iter().chain(&candidates.formerly_named);
    let mut ours: Vec<_> = values.filter_map(|value| Cookie::parse(keys, value)).collect();
    ours.sort_by_key(|cookie| std::cmp::Reverse(cookie.issued_at_secs));
    ours.truncate(MAX_LOOKED_UP);
    let mut found = match &candidates.named[..] {
        [] => Presented::Nothing,
        named if named.iter().any(|value| Cookie::has_form(value)) => Presented::Over,
        _ => Presented::Foreign,
    };
    for cookie in ours {
        let presented = look_up(store, policy, cookie, requester, now).await?;
        if presented.rank() > found.rank() {
            found = presented;
        }
        if found.rank() == MOST {
            break;
        }
    }
    Ok(found)
}

/// The rank of a session with an account.
const MOST: u8 = 5;

impl Presented {
    /// Of several cookies that are ours the one that stands for most counts.
    fn rank(&self) -> u8 {
        match self {
            Self::Nothing | Self::Foreign => 0,
            Self::Over => 1,
            Self::Replaced(_) => 2,
            Self::Live(session) if session.account_id.is_some() => MOST,
            Self::Live(session) if session.is_stored || session.seen.current.is_some() => 4,
            Self::Live(_) => 3,
        }
    }
}

/// Finds what an authentic cookie stands for.
///
/// # Errors
///
/// When the store fails.
pub async fn look_up(
    store: &dyn Store,
    policy: &Policy,
    cookie: Cookie,
    requester: &str,
    now: Timestamp,
) -> Result<Presented, StoreFault> {
    let (stored, seen) = store.find_visitor(&cookie.digest(), &cookie.own_subject(), requester, policy, now).await?;
    Ok(match stored {
        Some(StoredSession { rotated: Some(rotated), subject, .. }) => {
            Presented::Replaced(Box::new(Grave { cookie, subject, rotated }))
        }
        Some(stored) if now >= stored.expires_at => Presented::Over,
        Some(StoredSession { subject, account_id, expires_at, .. }) => {
            Presented::Live(Box::new(Session { cookie, subject, account_id, ends_at: expires_at, is_stored: true, seen }))
        }
        None if now < cookie.expires_at() => Presented::Live(Box::new(Session::unstored(cookie, seen))),
        None => Presented::Over,
    })
}

#[cfg(test)]
mod tests;
