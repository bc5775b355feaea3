//! A check: count the attempt, look at the code, consume (docs/design.md, "How is a code checked?").

use std::sync::Arc;

use super::hosted::check_target;
use super::{Reply, Verifier, Visitor};
use crate::server::provider::{HostedVerifier, Verdict};
use crate::server::session::{Once, Session};
use crate::server::store::{Attempt, Consumed, Proven, StoreFault};
use crate::verification::{Challenge, ChallengeId, Detail, Judge, OneTimeCode, Outcome, SendHistory, Standing, State};

#[derive(Clone, Default)]
pub(crate) struct CheckRequest {
    /// The challenge that the form was drawn for; the subject's own when there is none.
    pub challenge: Option<String>,
    pub once: Option<Once>,
}

/// What looking at a code came to.
enum Judged {
    Right(Challenge),
    Wrong,
    /// Nobody looked at it: the attempt was given back, or the vendor's answer is unknown.
    Unjudged,
    /// The vendor counts no more guesses.
    Exhausted,
    /// The vendor's verification is over, or its settings are gone.
    Over,
}

impl Verifier {
    /// A text that holds no code costs no attempt.
    pub(crate) async fn check(
        self: &Arc<Self>,
        visitor: &Visitor,
        request: CheckRequest,
        typed: &str,
    ) -> Result<Reply, StoreFault> {
        let Ok(code) = OneTimeCode::parse(typed) else {
            return self.answer(&visitor.session, Outcome::MalformedCode).await;
        };
        let session = visitor.session.clone();
        self.detached(|this| async move { this.check_code(&session, &request, &code).await }).await
    }

    async fn check_code(&self, session: &Session, request: &CheckRequest, code: &OneTimeCode) -> Result<Reply, StoreFault> {
        let Ok(asked) = request.challenge.as_deref().map(|text| ChallengeId::parse(text).ok_or(())).transpose() else {
            return self.answer(session, Outcome::NoChallenge).await;
        };
        let once = request.once.clone().unwrap_or_else(Once::fresh);
        let (now, max) = (self.clock.now(), self.policy.max_attempts);
        let Some(attempt) = self.store.count_attempt(asked.as_ref(), &session.subject, max, now).await? else {
            return self.refuse_check(session, asked, &once).await;
        };
        let _guess = self.judging.enter(&attempt.challenge.id);
        let challenge = attempt.challenge.clone();
        match self.judge(attempt, code).await? {
            Judged::Right(challenge) => self.consume(session, &challenge, &once).await,
            Judged::Wrong => self.answer_wrong(session, &challenge).await,
            Judged::Exhausted => {
                self.count_verification(&challenge, "exhausted");
                self.answer(session, Outcome::TooManyAttempts).await
            }
            // Perhaps a double click whose other half was approved.
            Judged::Over => self.after_lost_race(session, &once).await,
            Judged::Unjudged => self.answer(session, Outcome::Unavailable).await,
        }
    }

    /// Attempts are counted one by one, so that one of all the wrong codes finds itself the last.
    async fn answer_wrong(&self, session: &Session, challenge: &Challenge) -> Result<Reply, StoreFault> {
        if matches!(challenge.state, State::Pending { attempts, .. } if attempts == self.policy.max_attempts) {
            self.count_verification(challenge, "exhausted");
        }
        let reply = self.answer(session, Outcome::IncorrectCode).await?;
        let is_last = reply.status.attempts_left == Some(0);
        Ok(Reply { detail: is_last.then_some(Detail::LastAttempt), ..reply })
    }

    /// Says why an attempt was not counted.
    async fn refuse_check(&self, session: &Session, asked: Option<ChallengeId>, once: &Once) -> Result<Reply, StoreFault> {
        let id = asked.or_else(|| session.seen.current.as_ref().map(|challenge| challenge.id.clone()));
        let Some(id) = id else { return self.answer(session, Outcome::NoChallenge).await };
        let mut found = self.find_own(&id, session).await?;
        if matches!(found, Some((_, Standing::Exhausted))) {
            self.await_other_half(&id).await;
            found = self.find_own(&id, session).await?;
        }
        if let Some((challenge, Standing::Expired)) = &found {
            self.count_verification(challenge, "expired");
        }
        match found.map(|(_, standing)| standing) {
            None => self.answer(session, Outcome::NoChallenge).await,
            Some(Standing::Exhausted) => self.answer(session, Outcome::TooManyAttempts).await,
            // Perhaps a double click whose other half was faster.
            Some(Standing::Verified { .. } | Standing::Over) => self.after_lost_race(session, once).await,
            Some(Standing::Expired | Standing::Pending { .. }) => self.answer(session, Outcome::CodeExpired).await,
        }
    }

    /// A challenge of the session's own, and where it stands.
    async fn find_own(&self, id: &ChallengeId, session: &Session) -> Result<Option<(Challenge, Standing)>, StoreFault> {
        let challenge = self.store.find_challenge(id).await?.filter(|challenge| challenge.subject == session.subject);
        Ok(challenge.map(|challenge| {
            let standing = challenge.standing(&self.policy, self.clock.now());
            (challenge, standing)
        }))
    }

    async fn judge(&self, attempt: Attempt, code: &OneTimeCode) -> Result<Judged, StoreFault> {
        let Judge::Hosted(name) = &attempt.challenge.judge else { return Ok(self.judge_own(attempt, code)) };
        let Some(vendor) = self.providers.find_hosted(name) else {
            self.store.give_attempt_back(&attempt.challenge.id).await?;
            return Ok(Judged::Over);
        };
        self.judge_hosted(&**vendor, attempt.challenge, code).await
    }

    fn judge_own(&self, Attempt { challenge, codes }: Attempt, code: &OneTimeCode) -> Judged {
        // Every digest is looked at, so that the time taken does not tell which code it was.
        let right = codes.iter().filter(|d| d.matches(&self.keys, &challenge.id, &challenge.phone_number, code)).count();
        if right > 0 { Judged::Right(challenge) } else { Judged::Wrong }
    }

    async fn judge_hosted(
        &self,
        vendor: &dyn HostedVerifier,
        challenge: Challenge,
        code: &OneTimeCode,
    ) -> Result<Judged, StoreFault> {
        match vendor.check(&check_target(&challenge), code).await {
            Ok(Verdict::Approved { reference }) => {
                self.learn_reference(&challenge, &reference).await?;
                Ok(Judged::Right(challenge))
            }
            Ok(Verdict::Incorrect { reference }) => {
                self.learn_reference(&challenge, &reference).await?;
                Ok(Judged::Wrong)
            }
            Ok(Verdict::TooManyAttempts) => {
                self.store.mark_exhausted(&challenge.id, self.policy.max_attempts).await?;
                Ok(Judged::Exhausted)
            }
            Ok(Verdict::Gone) => {
                self.await_record(&challenge.id, 2).await?;
                self.store.mark_expired(&challenge.id, self.clock.now()).await?;
                Ok(Judged::Over)
            }
            Err(fault) => {
                tracing::warn!(%fault, "a check did not go through");
                if fault.is_certain() {
                    self.store.give_attempt_back(&challenge.id).await?;
                }
                Ok(Judged::Unjudged)
            }
        }
    }

    /// The answer to a start may have been lost; then the first check tells the vendor's name for it.
    async fn learn_reference(&self, challenge: &Challenge, reference: &str) -> Result<(), StoreFault> {
        if challenge.provider_reference.is_some() {
            return Ok(());
        }
        self.store.mark_reference(&challenge.id, reference, self.clock.now()).await
    }

    async fn consume(&self, session: &Session, challenge: &Challenge, once: &Once) -> Result<Reply, StoreFault> {
        let (cookie, rotation) = session.rotation(&self.keys, once, self.clock.now());
        let Proven { consumed, sends } = self.store.mark_verified(challenge, &rotation).await?;
        if consumed != Consumed::Lost {
            self.count_verification(challenge, "verified");
            self.metrics.observe_time_to_verify(rotation.at.duration_since(challenge.sent_at));
            self.tally_proof(&sends);
        }
        match consumed {
            Consumed::Lost => self.after_lost_race(session, once).await,
            Consumed::Verified if session.seen.current.as_ref().is_some_and(|seen| seen.id == challenge.id) => {
                let state = State::Verified { verified_at: rotation.at };
                let after = SendHistory { current: Some(Challenge { state, ..challenge.clone() }), ..session.seen.clone() };
                let reply = Reply::of(Outcome::Verified, self.status_as_seen(session, &after).await?);
                Ok(Reply { cookie: Some(cookie), ..reply })
            }
            Consumed::Verified | Consumed::SignedIn => self.answer_with(cookie, Outcome::Verified).await,
        }
    }
}
