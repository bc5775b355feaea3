//! What the JSON interface is asked to do, as it was read from a body.

use std::sync::Arc;

use super::bodies::{AccountBody, CheckBody, StartBody};
use crate::server::session::{Once, Session};
use crate::server::store::StoreFault;
use crate::server::verifier::{CheckRequest, Reply, SignUpRequest, TypedNumber, Verifier, Visitor};
use crate::verification::{Outcome, Purpose};

/// One of the three posts.
#[derive(Clone, Debug)]
pub(super) enum Operation {
    /// `POST /v1/verification`
    Start(StartBody),
    /// `POST /v1/verification/check`
    Check(CheckBody),
    /// `POST /v1/accounts`
    SignUp(AccountBody),
}

impl Operation {
    /// Carries it out. `once` names the request: a repeat of it has the same.
    pub(super) async fn run(self, verifier: &Arc<Verifier>, visitor: &Visitor, once: Once) -> Result<Reply, StoreFault> {
        match self {
            Self::Start(body) => {
                let purpose = body.purpose.map_or(Purpose::SignUp, Purpose::from);
                let typed = TypedNumber { text: &body.phone_number, region: body.region.as_deref() };
                verifier.start(visitor, typed, purpose, body.proof).await
            }
            Self::Check(body) => {
                let request = CheckRequest { challenge: body.challenge_id, once: Some(once) };
                verifier.check(visitor, request, &body.code).await
            }
            Self::SignUp(body) => {
                let request = SignUpRequest { nickname: body.nickname, has_consented: body.consent, once: Some(once) };
                verifier.sign_up(&visitor.session, &request).await
            }
        }
    }

    /// Whether it will certainly do nothing for this session, so that nothing need be remembered of it.
    #[must_use]
    pub(super) fn is_hopeless(&self, verifier: &Verifier, session: &Session) -> bool {
        match self {
            Self::Start(_) => verifier.may_ask(session).is_err(),
            Self::Check(_) | Self::SignUp(_) => session.seen.current.is_none(),
        }
    }
}

/// Whether something was done that a repeat must not do again. Everything else may be asked anew.
#[must_use]
pub(super) fn is_kept(outcome: Outcome) -> bool {
    match outcome {
        Outcome::CodeSent
        | Outcome::CodeMayArrive
        | Outcome::Verified
        | Outcome::SignedUp
        | Outcome::IncorrectCode
        | Outcome::PhoneNumberTaken
        | Outcome::DeliveryFailed
        | Outcome::DeliveryBlocked => true,
        Outcome::AlreadyVerified
        | Outcome::Status
        | Outcome::Pending
        | Outcome::CodeExpired
        | Outcome::InvalidRequest
        | Outcome::CrossSite
        | Outcome::NotFound
        | Outcome::NoChallenge
        | Outcome::NotVerified
        | Outcome::InvalidPhoneNumber
        | Outcome::MalformedCode
        | Outcome::InvalidNickname
        | Outcome::TooManyAttempts
        | Outcome::SendsExhausted
        | Outcome::TryLater
        | Outcome::ChallengeRequired
        | Outcome::Unavailable => false,
    }
}
