//! Where a session stands, as far as the store knows.

use super::Verifier;
use crate::server::provider::Provider;
use crate::server::session::Session;
use crate::server::store::StoreFault;
use crate::verification::{SendHistory, Status, VerificationState};

impl Verifier {
    /// Where a session stands now, by another look at the database.
    pub(super) async fn status(&self, session: &Session) -> Result<Status, StoreFault> {
        let history = self.store.find_history(&session.subject, &self.policy, self.clock.now()).await?;
        // Where somebody asks from is known since the request came in.
        let history = SendHistory { requester_spent_at: session.seen.requester_spent_at, ..history };
        self.status_as_seen(session, &history).await
    }

    /// The same by a history that is known.
    pub(super) async fn status_as_seen(&self, session: &Session, history: &SendHistory) -> Result<Status, StoreFault> {
        let provider = history.current.as_ref().and_then(|challenge| self.providers.find(&challenge.provider));
        let status = Status::of(history, provider.map(Provider::kind), &self.policy, self.clock.now());
        let Some(signed_in) = &session.account else { return Ok(status) };
        let account = self.store.find_account(&signed_in.account_id).await?;
        Ok(Status {
            state: VerificationState::SignedUp,
            phone_number: account.map(|account| account.phone_number.masked()),
            sends_left: status.sends_left,
            ..Status::default()
        })
    }
}
