//! A verified number becomes an account.

use super::{Reply, Verifier};
use crate::server::entropy;
use crate::server::session::{Once, Session};
use crate::server::store::{Account, AddedAccount, NewAccount, StoreFault};
use crate::verification::{Challenge, Detail, Outcome, Standing, parse_nickname};

/// What a sign-up is asked with. There is no number in it: that comes from the verified challenge.
#[derive(Clone, Default)]
pub(crate) struct SignUpRequest {
    /// As the person typed it.
    pub nickname: String,
    pub has_consented: bool,
    pub once: Option<Once>,
}

impl Verifier {
    /// Makes an account of the subject's verified challenge.
    pub(crate) async fn sign_up(&self, session: &Session, request: &SignUpRequest) -> Result<Reply, StoreFault> {
        if session.account.is_some() {
            return self.answer(session, Outcome::AlreadyVerified).await;
        }
        let Some(challenge) = self.verified_challenge(session) else {
            return self.not_verified(session, request).await;
        };
        let Ok(nickname) = parse_nickname(&request.nickname) else {
            return self.answer(session, Outcome::InvalidNickname).await;
        };
        if self.needs_consent && !request.has_consented {
            let reply = self.answer(session, Outcome::InvalidRequest).await?;
            return Ok(Reply { detail: Some(Detail::Consent), ..reply });
        }
        self.add_account(session, challenge, nickname, request).await
    }

    /// The account of a session that has one.
    pub(crate) async fn account(&self, session: &Session) -> Result<Option<Account>, StoreFault> {
        match &session.account {
            Some(signed_in) => self.store.find_account(&signed_in.account_id).await,
            None => Ok(None),
        }
    }

    fn verified_challenge(&self, session: &Session) -> Option<Challenge> {
        let current = session.seen.current.clone();
        current.filter(|challenge| matches!(challenge.standing(&self.policy, self.clock.now()), Standing::Verified { .. }))
    }

    async fn add_account(
        &self,
        session: &Session,
        challenge: Challenge,
        nickname: String,
        request: &SignUpRequest,
    ) -> Result<Reply, StoreFault> {
        let now = self.clock.now();
        let once = request.once.clone().unwrap_or_else(Once::fresh);
        let (cookie, rotation) = session.rotation(&self.keys, &once, now);
        let account = NewAccount {
            id: entropy::new_id(),
            challenge: challenge.id,
            nickname,
            consented_at: (self.needs_consent && request.has_consented).then_some(now),
            verified_after: now - self.policy.verified_lifetime,
        };
        match self.store.add_account(&account, &rotation).await? {
            AddedAccount::Added => self.answer_with(cookie, Outcome::SignedUp).await,
            AddedAccount::NumberTaken => self.answer(session, Outcome::PhoneNumberTaken).await,
            AddedAccount::NotVerified => self.not_verified(session, request).await,
        }
    }

    /// Perhaps a double click whose other half was faster.
    async fn not_verified(&self, session: &Session, request: &SignUpRequest) -> Result<Reply, StoreFault> {
        let reply = self.after_lost_race(session, &request.once.clone().unwrap_or_else(Once::fresh)).await?;
        let is_repeat = reply.cookie.is_some();
        Ok(if is_repeat { reply } else { Reply { outcome: Outcome::NotVerified, ..reply } })
    }
}
