//! Who is there: the cookie of a browser, authenticated by `SECRET_KEY`, and its rotation.
//!
//! A fresh cookie has no row in the store; its subject is the digest of its secret. Verification and sign-up put another cookie in
//! its place, so that a planted one gains nothing. The new one is derived from the old one and the form's one-time value, so that a
//! repeat of that same post gets the same cookie and a lost answer loses nothing.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};

use super::entropy::{self, SECRET_BYTES};
use super::store::{Rotated, Rotation, Store, StoreFault, StoredSession};
use crate::verification::secret_keys::{SecretKeys, Use, digest};
use crate::verification::{Policy, SendHistory, SubjectId};

/// How long a session without an account lasts.
pub const LIFETIME: SignedDuration = SignedDuration::from_hours(24);
/// How long a session with an account lasts.
pub const ACCOUNT_LIFETIME: SignedDuration = SignedDuration::from_hours(24 * 30);
/// How long the post that rotated a session may be repeated.
pub const REPEAT_WINDOW: SignedDuration = SignedDuration::from_secs(60);

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
        let mac = keys.mac(Use::Rotation, &[&self.secret, once.as_bytes()]);
        let mut secret = [0; SECRET_BYTES];
        secret.copy_from_slice(&mac[..SECRET_BYTES]);
        Self { secret, issued_at_secs: at.as_second() }
    }

    /// Reads a cookie's value; none when it is not one that this service made.
    #[must_use]
    pub fn parse(keys: &SecretKeys, value: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(value).ok()?;
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
    fn own_subject(&self) -> SubjectId {
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
    /// What the next page shows once.
    pub flash: Option<String>,
    /// The history of its subject, as it was when the request came in.
    pub seen: SendHistory,
}

/// What a request's cookie stands for.
#[derive(Clone, Debug)]
pub enum Presented {
    /// A session.
    Live(Box<Session>),
    /// A session that was replaced by another.
    Replaced(Cookie, Rotated),
    /// No cookie of ours, or one too old.
    Nothing,
}

impl Session {
    /// The session of a cookie that was just made.
    #[must_use]
    pub fn fresh(now: Timestamp) -> Self {
        Self::unstored(Cookie::new(now), SendHistory::default())
    }

    fn unstored(cookie: Cookie, seen: SendHistory) -> Self {
        let subject = cookie.own_subject();
        Self { cookie, subject, account_id: None, flash: None, seen }
    }

    /// When a session of this cookie ends as long as it has no account.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.cookie.expires_at()
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

/// Whether the post with that one-time value is a repeat of the one that replaced the session.
#[must_use]
pub fn is_repeat(rotated: &Rotated, once: &str, now: Timestamp) -> bool {
    rotated.by == digest(once.as_bytes()) && is_fresh_grave(rotated, now)
}

/// Whether a session was replaced so recently that its successor's cookie may not have arrived yet.
#[must_use]
pub fn is_fresh_grave(rotated: &Rotated, now: Timestamp) -> bool {
    now < rotated.at + REPEAT_WINDOW
}

/// Finds what a cookie's value stands for.
///
/// # Errors
///
/// When the store fails.
pub async fn find(
    store: &dyn Store,
    keys: &SecretKeys,
    policy: &Policy,
    value: Option<&str>,
    now: Timestamp,
) -> Result<Presented, StoreFault> {
    let Some(cookie) = value.and_then(|value| Cookie::parse(keys, value)) else { return Ok(Presented::Nothing) };
    let (stored, seen) = store.find_visitor(&cookie.digest(), &cookie.own_subject(), policy, now).await?;
    Ok(match stored {
        Some(stored) if stored.rotated.is_none() && now >= stored.expires_at => Presented::Nothing,
        Some(StoredSession { rotated: Some(rotated), .. }) => Presented::Replaced(cookie, rotated),
        Some(StoredSession { subject, account_id, flash, .. }) => {
            Presented::Live(Box::new(Session { cookie, subject, account_id, flash, seen }))
        }
        None if now < cookie.expires_at() => Presented::Live(Box::new(Session::unstored(cookie, seen))),
        None => Presented::Nothing,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + secs).expect("in range")
    }

    fn keys() -> SecretKeys {
        SecretKeys::parse(&"ab".repeat(32)).expect("key")
    }

    #[test]
    fn a_cookie_is_read_back_and_no_other_is() {
        let cookie = Cookie::new(at(0));
        let value = cookie.value(&keys());
        assert_eq!(Cookie::parse(&keys(), &value), Some(cookie));
        let other = SecretKeys::parse(&"cd".repeat(32)).expect("key");
        assert_eq!(Cookie::parse(&other, &value), None);
        for forged in ["", "A", &value[1..], &value[..value.len() - 2], "not base64 at all!"] {
            assert_eq!(Cookie::parse(&keys(), forged), None, "{forged}");
        }
    }

    #[test]
    fn the_same_post_leads_to_the_same_cookie_and_another_does_not() {
        let cookie = Cookie::new(at(0));
        assert_eq!(cookie.successor(&keys(), "once", at(5)), cookie.successor(&keys(), "once", at(5)));
        assert_ne!(cookie.successor(&keys(), "once", at(5)), cookie.successor(&keys(), "twice", at(5)));
    }

    #[test]
    fn a_post_may_be_repeated_for_a_minute() {
        let rotated = Rotated { at: at(0), by: digest(b"once"), outcome: "verified".into() };
        assert!(is_repeat(&rotated, "once", at(59)));
        assert!(!is_repeat(&rotated, "once", at(60)));
        assert!(!is_repeat(&rotated, "twice", at(1)));
    }
}
