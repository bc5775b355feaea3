//! Where a session stands, as far as the store knows.

use super::Verifier;
use crate::server::provider::Provider;
use crate::server::session::Session;
use crate::server::store::StoreFault;
use crate::verification::{Challenge, Judge, ProviderKind, SendHistory, Status, VerificationState};

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
        let kind = history.current.as_ref().and_then(|challenge| self.kind_of(challenge));
        let status = Status::of(history, kind, &self.policy, self.clock.now());
        let Some(signed_in) = &session.account else { return Ok(status) };
        let account = self.store.find_account(&signed_in.account_id).await?;
        Ok(Status {
            state: VerificationState::SignedUp,
            phone_number: account.map(|account| account.phone_number),
            sends_left: status.sends_left,
            ..Status::default()
        })
    }

    /// What kind of provider holds a challenge; none where its vendor's settings are gone. A code of ours is good whoever brought it.
    fn kind_of(&self, challenge: &Challenge) -> Option<ProviderKind> {
        match &challenge.judge {
            Judge::Hosted(name) => self.providers.find_hosted(name).map(|_| ProviderKind::HostedVerifier),
            Judge::Ours => Some(self.providers.find(&challenge.first_sender).map_or(ProviderKind::Sender, Provider::kind)),
        }
    }
}
