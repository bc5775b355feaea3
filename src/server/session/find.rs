//! Finds what a browser's cookies stand for.

use jiff::Timestamp;

use super::{Cookie, Grave, Presented, Session, SignedIn};
use crate::server::store::{Store, StoreFault, StoredSession};
use crate::verification::secret_keys::digest;
use crate::verification::{Policy, SecretKeys};

/// How many cookies are looked up: of several that are ours, more than two come from nobody but a mischief-maker.
const MAX_LOOKED_UP: usize = 5;

/// The values of cookies that may be the session's: those of the name that it has, and of the one that it had before.
#[derive(Clone, Debug, Default)]
pub(crate) struct Candidates {
    pub named: Vec<String>,
    pub formerly_named: Vec<String>,
}

/// Finds the session among the cookies that came. Others of the same name, set by a neighbour on the same host, hide nothing: those that we
/// did not make are passed over, and of several that are ours the one whose session lives counts.
pub(crate) async fn find(
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
            Self::Live(session) if session.account.is_some() => MOST,
            Self::Live(session) if session.is_stored || session.seen.current.is_some() => 4,
            Self::Live(_) => 3,
        }
    }
}

/// Finds what an authentic cookie stands for.
pub(crate) async fn look_up(
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
        Some(StoredSession { subject, account_id, authenticated_at, sid, expires_at, .. }) => {
            // One that an older release began has no name for applications.
            let sid = sid.unwrap_or_else(|| digest(format!("sid of {}", cookie.digest()).as_bytes()));
            let account = account_id.map(|account_id| SignedIn { account_id, authenticated_at, sid });
            let ends_at = expires_at;
            Presented::Live(Box::new(Session { cookie, subject, account, former: None, ends_at, is_stored: true, seen }))
        }
        None if now < cookie.expires_at() => Presented::Live(Box::new(Session::unstored(cookie, seen))),
        None => Presented::Over,
    })
}
