//! Where a subject stands, in the words of every answer.

use jiff::{SignedDuration, Timestamp};

use super::Verifier;
use crate::api::status::{Status, VerificationState};
use crate::server::provider::Provider;
use crate::server::session::Session;
use crate::server::store::StoreFault;
use crate::verification::{SendHistory, Standing};

impl Verifier {
    /// Where a session stands now.
    pub(super) async fn status(&self, session: &Session) -> Result<Status, StoreFault> {
        let history = self.store.find_history(&session.subject, &self.policy, self.clock.now()).await?;
        // Where somebody asks from is known since the request came in.
        let history = SendHistory { requester_spent_at: session.seen.requester_spent_at, ..history };
        self.status_as_seen(session, &history).await
    }

    /// Where a session with this history stands.
    pub(super) async fn status_as_seen(&self, session: &Session, history: &SendHistory) -> Result<Status, StoreFault> {
        let status = self.status_of(history, self.clock.now());
        let Some(account_id) = &session.account_id else { return Ok(status) };
        let account = self.store.find_account(account_id).await?;
        Ok(Status {
            state: VerificationState::SignedUp,
            phone_number: account.map(|account| account.phone_number.masked()),
            sends_left: status.sends_left,
            ..Status::default()
        })
    }

    fn status_of(&self, history: &SendHistory, now: Timestamp) -> Status {
        let resend_at = self.policy.resend_at(history, now).max(history.requester_spent_until(now));
        let mut status = Status {
            sends_left: self.policy.sends_left(history.subject_sends.len(), None),
            resend_in_secs: resend_at.and_then(|at| secs_until(at, now)),
            ..Status::default()
        };
        let Some(challenge) = &history.current else { return status };
        let provider = self.providers.find(&challenge.provider);
        let standing = match challenge.standing(&self.policy, now) {
            // Nobody is there to judge a code any more.
            Standing::Pending { .. } if provider.is_none() => Standing::Expired,
            standing => standing,
        };
        status.state = match standing {
            Standing::Over => return status,
            Standing::Pending { .. } => VerificationState::Pending,
            Standing::Expired => VerificationState::Expired,
            Standing::Exhausted => VerificationState::Exhausted,
            Standing::Verified { .. } => VerificationState::Verified,
        };
        if let Standing::Pending { attempts_left, expires_at } = standing {
            status.attempts_left = Some(attempts_left);
            status.expires_in_secs = secs_until(expires_at, now);
        }
        if standing == Standing::Exhausted {
            status.attempts_left = Some(0);
        }
        status.sends_left = self.policy.sends_left(history.subject_sends.len(), Some(history.number_sends.len()));
        status.resend_in_secs = resend_at.max(self.policy.number_rests_until(history, now)).and_then(|at| secs_until(at, now));
        status.phone_number = Some(challenge.phone_number.masked());
        status.challenge_id = Some(challenge.id.as_str().to_owned());
        status.delivery = challenge.delivery;
        status.provider = provider.map(Provider::kind);
        status.purpose = Some(challenge.purpose);
        status
    }
}

fn secs_until(at: Timestamp, now: Timestamp) -> Option<u32> {
    whole_secs(at.duration_since(now))
}

/// Seconds, rounded up; none when nothing is left.
pub(crate) fn whole_secs(left: SignedDuration) -> Option<u32> {
    let millis = left.as_millis();
    u32::try_from(millis.div_euclid(1000) + i128::from(millis.rem_euclid(1000) > 0)).ok().filter(|secs| *secs > 0)
}
