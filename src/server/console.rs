//! The operator's console: who may be at it, for how long, and what they looked up.

mod finds;
mod numbers;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::Service;
use super::entropy;
use super::store::{Deed, NewConsoleSession, Store, StoreFault};
use crate::verification::secret_keys::digest;
use crate::verification::{AbuseThresholds, PhoneNumber};
use finds::Finds;
pub(crate) use numbers::Checked;

/// How long a link is good.
const LINK_LIFETIME: SignedDuration = SignedDuration::from_mins(5);
/// How long a session may rest.
const REST: SignedDuration = SignedDuration::from_hours(1);
/// How long a session lasts, however busy it is.
pub(crate) const SESSION_LIFETIME: SignedDuration = SignedDuration::from_hours(12);

/// What the console works with.
pub(crate) struct Desk {
    pub(crate) service: Arc<Service>,
    pub(crate) thresholds: AbuseThresholds,
    pub(crate) finds: Finds,
    /// Whose owners may come in by a code.
    numbers: Vec<PhoneNumber>,
}

/// Who is at the console.
#[derive(Clone, Debug)]
pub(crate) struct Operator {
    pub(crate) actor: String,
    /// By what the store knows the session.
    pub(crate) session: String,
}

impl Operator {
    /// What the audit says of what they do now.
    #[must_use]
    pub(crate) fn deed(&self, reason: String, at: Timestamp) -> Deed {
        Deed { actor: self.actor.clone(), reason, at }
    }
}

/// Makes a link that opens the console once, and gives the token in it. The store knows its digest.
pub(crate) async fn make_link(store: &dyn Store, deed: &Deed) -> Result<String, StoreFault> {
    let token = entropy::new_id();
    store.add_link(&digest(token.as_bytes()), deed, deed.at + LINK_LIFETIME).await?;
    Ok(token)
}

impl Desk {
    #[must_use]
    pub(crate) fn new(service: Arc<Service>, numbers: Vec<PhoneNumber>, thresholds: AbuseThresholds) -> Self {
        Self { service, thresholds, finds: Finds::default(), numbers }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.service.verifier.clock.now()
    }

    pub(crate) fn store(&self) -> &dyn Store {
        &*self.service.verifier.store
    }

    /// Whether somebody may come in by a number at all.
    #[must_use]
    pub(crate) fn has_numbers(&self) -> bool {
        !self.numbers.is_empty()
    }

    pub(crate) async fn is_link_good(&self, token: &str) -> Result<bool, StoreFault> {
        self.store().find_link(&digest(token.as_bytes()), self.now()).await
    }

    /// Uses a link up, and gives the cookie of the session that begins; none when the link is over.
    pub(crate) async fn enter(&self, token: &str) -> Result<Option<String>, StoreFault> {
        let (cookie, session) = self.fresh_session();
        let is_claimed = self.store().claim_link(&digest(token.as_bytes()), &session, self.now()).await?;
        Ok(is_claimed.then_some(cookie))
    }

    /// Who comes with one of these cookies, if their session lives. It has rested until now.
    pub(crate) async fn find_operator(&self, cookies: &[&str]) -> Result<Option<Operator>, StoreFault> {
        for cookie in cookies {
            let (session, now) = (digest(cookie.as_bytes()), self.now());
            if let Some(actor) = self.store().claim_console_session(&session, now - REST, now).await? {
                return Ok(Some(Operator { actor, session }));
            }
        }
        Ok(None)
    }

    pub(crate) async fn leave(&self, operator: &Operator) -> Result<(), StoreFault> {
        self.finds.forget(&operator.session);
        self.store().remove_console_session(&operator.session).await
    }

    fn fresh_session(&self) -> (String, NewConsoleSession) {
        let cookie = entropy::new_id();
        let session = NewConsoleSession { digest: digest(cookie.as_bytes()), expires_at: self.now() + SESSION_LIFETIME };
        (cookie, session)
    }
}
