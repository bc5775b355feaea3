//! A send: reserve, call the vendor, record (docs/design.md, "How is a code sent?").

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use super::gates::Errand;
use super::hosted::Ended;
use super::{Reply, TypedNumber, Verifier, Visitor};
use crate::server::entropy;
use crate::server::provider::TIME_LIMIT;
use crate::server::provider::roster::Route;
use crate::server::session::Session;
use crate::server::store::{Reservation, SendRequest, StoreFault};
use crate::server::work::{Judged, WorkFor};
use crate::verification::guard::Counts;
use crate::verification::{
    AskedSend, Challenge, ChallengeId, CodeDigest, Detail, InvalidPhoneNumber, OneTimeCode, Outcome, PhoneNumber, Purpose,
    SendHistory, SendPlan, SendRefusal, State, Status, Verdict,
};

impl Verifier {
    /// Sends a code to a number, or says why not.
    pub(crate) async fn start(
        self: &Arc<Self>,
        visitor: &Visitor,
        typed: TypedNumber<'_>,
        purpose: Purpose,
        proof: Option<String>,
    ) -> Result<Reply, StoreFault> {
        match self.regions.parse_in(typed.region, typed.text) {
            Ok(number) => self.ask_for(visitor, number, purpose, proof).await,
            Err(wrong) => {
                let status = self.status_as_seen(&visitor.session, &visitor.session.seen).await?;
                Ok(self.refuse_number(typed, wrong, status))
            }
        }
    }

    /// Says what is wrong with a number, and how one is written there.
    fn refuse_number(&self, typed: TypedNumber<'_>, wrong: InvalidPhoneNumber, status: Status) -> Reply {
        let is_served = wrong != InvalidPhoneNumber::NotServed;
        if !is_served {
            self.metrics.count_refusal(None, "country");
        }
        let example = is_served.then(|| self.regions.example_for(typed.region, typed.text));
        Reply { detail: Some(Detail::Number(wrong)), example, ..Reply::of(Outcome::InvalidPhoneNumber, status) }
    }

    /// Sends another code for the subject's challenge, to the number it already knows.
    pub(crate) async fn resend(self: &Arc<Self>, visitor: &Visitor, proof: Option<String>) -> Result<Reply, StoreFault> {
        let Some(challenge) = visitor.session.seen.current.clone() else {
            return self.answer(&visitor.session, Outcome::NoChallenge).await;
        };
        self.ask_for(visitor, challenge.phone_number, challenge.purpose, proof).await
    }

    /// What is known without another look is refused at once, unless the vendor knows better.
    async fn ask_for(
        self: &Arc<Self>,
        visitor: &Visitor,
        number: PhoneNumber,
        purpose: Purpose,
        proof: Option<String>,
    ) -> Result<Reply, StoreFault> {
        let masked = number.masked();
        let reply = self.ask_or_refuse(visitor, number, purpose, proof).await?;
        Ok(Reply { asked_number: Some(masked), ..reply })
    }

    async fn ask_or_refuse(
        self: &Arc<Self>,
        visitor: &Visitor,
        number: PhoneNumber,
        purpose: Purpose,
        proof: Option<String>,
    ) -> Result<Reply, StoreFault> {
        let refusal = self.may_ask(&visitor.session).err();
        let doubtful = refusal.as_ref().and_then(|refusal| self.doubtful(&visitor.session, refusal, &number, purpose));
        match (refusal, doubtful) {
            (Some(refusal), None) => self.refuse_at_once(visitor, &number, &refusal).await,
            (Some(refusal), Some(doubtful)) => {
                let visitor = visitor.clone();
                self.detached(|this| async move { this.ask_vendor(&visitor, &refusal, &doubtful, proof).await }).await
            }
            (None, _) => {
                let visitor = visitor.clone();
                self.detached(|this| async move { this.send(&visitor, number, purpose, proof, None).await }).await
            }
        }
    }

    /// Whether a session may ask for a code, as far as is known without another look.
    pub(crate) fn may_ask(&self, session: &Session) -> Result<(), SendRefusal> {
        self.policy.may_ask(session.account.is_some(), &session.seen, self.clock.now())
    }

    /// `ended` is a challenge of the visitor's that its hosted verifier no longer holds.
    pub(super) async fn send(
        self: &Arc<Self>,
        visitor: &Visitor,
        number: PhoneNumber,
        purpose: Purpose,
        proof: Option<String>,
        ended: Option<Ended>,
    ) -> Result<Reply, StoreFault> {
        let took = ended.as_ref().map_or(Duration::ZERO, |ended| ended.took);
        let ended = ended.map(|ended| ended.challenge);
        let now = self.clock.now();
        // Before anything is locked: an attack on what is held costs a look.
        let verdict = self.judge_send(visitor, &number, now).await;
        if let Verdict::Hold(rule, _) | Verdict::Held(rule) = verdict {
            return self.refuse_send(visitor, &number, &SendRefusal::Held(rule)).await;
        }
        let route = self.providers.route(&number.country());
        let code = matches!(route, Route::Ours(_)).then(entropy::one_time_code);
        let (subject, requester) = (visitor.session.subject.clone(), visitor.requester.clone());
        let work = WorkFor { number, purpose, subject, requester };
        let judged = self.judge_proof(&work, proof.as_deref(), &verdict);
        let request = self.send_request(&work, &route, judged.as_ref());
        let asked = AskedSend {
            phone_number: request.phone_number.clone(),
            country: request.country.clone(),
            purpose,
            judge: request.judge.clone(),
            ended,
            is_signed_up: visitor.session.account.is_some(),
            needs_work: judged.is_some() && request.proof.is_none(),
        };
        let (this, request_of, digested) = (Arc::clone(self), request.clone(), code.clone());
        let decide = move |history: &SendHistory| this.decide(&request_of, &asked, history, digested.as_ref(), now);
        let turn = self.gates.enter(Errand::Send, &visitor.requester).await?;
        let decided = self.store.reserve_send(&request, &self.policy, now, Box::new(decide)).await?;
        drop(turn);
        // From here on: the wait in line and for locks takes nothing from the vendor's time.
        let deadline = Instant::now() + TIME_LIMIT.saturating_sub(took);
        match decided {
            Ok(reservation) => {
                self.tally_send(&request, now, Counts::SENT);
                self.call_vendor(visitor, &request, &reservation, &route, code.as_ref(), deadline).await
            }
            Err(SendRefusal::ChallengeRequired) => self.ask_for_work(visitor, &work, judged).await,
            Err(refusal) => self.refuse_send(visitor, &request.phone_number, &refusal).await,
        }
    }

    /// A proof is spent only where one is asked for.
    fn send_request(&self, work: &WorkFor, route: &Route, judged: Option<&Judged>) -> SendRequest {
        let country = work.number.country();
        SendRequest {
            subject: work.subject.clone(),
            requester: work.requester.clone(),
            phone_number: work.number.clone(),
            purpose: work.purpose,
            judge: route.judge(),
            provider: self.providers.first_of(route),
            price: self.price_of(&country),
            country,
            proof: judged.and_then(Judged::proof).cloned(),
        }
    }

    fn decide(
        &self,
        request: &SendRequest,
        asked: &AskedSend,
        history: &SendHistory,
        code: Option<&OneTimeCode>,
        now: Timestamp,
    ) -> Result<Reservation, SendRefusal> {
        let plan = self.policy.may_send(asked, history, now)?;
        let expires_at = self.policy.expiry_of_send(&plan, code.is_none(), now);
        let opened = match &plan {
            SendPlan::AddCode(current) => current.prolonged(now, expires_at),
            SendPlan::OpenChallenge => open_challenge(request, now, expires_at),
        };
        let challenge = opened.id.clone();
        let code_digest = code.map(|code| CodeDigest::of(&self.keys, &challenge, &request.phone_number, code));
        let after = history.with_send(opened, now);
        Ok(Reservation { send_id: entropy::new_id(), plan, challenge, code_digest, at: now, expires_at, after })
    }
}

fn open_challenge(request: &SendRequest, now: Timestamp, expires_at: Timestamp) -> Challenge {
    Challenge {
        id: ChallengeId::from_stored(entropy::new_id()),
        subject: request.subject.clone(),
        phone_number: request.phone_number.clone(),
        purpose: request.purpose,
        judge: request.judge.clone(),
        first_sender: request.provider.to_owned(),
        provider_reference: None,
        delivery: None,
        sent_at: now,
        state: State::Pending { attempts: 0, expires_at },
    }
}
