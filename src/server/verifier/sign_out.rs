//! Sessions end: this one, another, or all of an account.

use super::{Reply, Verifier};
use crate::server::session::Session;
use crate::server::store::StoreFault;
use crate::verification::Outcome;

impl Verifier {
    /// Ends the session and its challenge, and starts a fresh one.
    pub(crate) async fn sign_out(&self, session: &Session) -> Result<Reply, StoreFault> {
        let now = self.clock.now();
        self.store.remove_session(&session.cookie.digest(), &session.subject, now).await?;
        let fresh = Session::fresh(now);
        Ok(Reply { cookie: Some(fresh.cookie.clone()), ..self.ask(&fresh).await? })
    }

    /// Ends all sessions of the account, wherever they are, with all that applications were given.
    pub(crate) async fn sign_out_everywhere(&self, session: &Session) -> Result<Reply, StoreFault> {
        if let Some(account) = &session.account {
            self.store.end_sessions(&account.account_id, self.clock.now()).await?;
        }
        self.sign_out(session).await
    }

    /// Ends another session of the same account.
    pub(crate) async fn end_session(&self, session: &Session, digest: &str) -> Result<Reply, StoreFault> {
        if let Some(account) = session.account.as_ref().filter(|_| digest != session.cookie.digest()) {
            self.store.end_session(&account.account_id, digest, self.clock.now()).await?;
        }
        self.answer(session, Outcome::Status).await
    }
}
