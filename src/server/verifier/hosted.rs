//! What a hosted verifier needs beside its calls: one of its verifications belongs to one challenge.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::time::{Instant, timeout, timeout_at};

use super::{Reply, Verifier, Visitor};
use crate::messages::Locale;
use crate::server::provider::roster::Route;
use crate::server::provider::{CheckTarget, HostedState, HostedVerifier, ProviderFault, Receipt, TIME_LIMIT};
use crate::server::session::Session;
use crate::server::store::{Reservation, SendRequest, StoreFault};
use crate::verification::{Challenge, ChallengeId, Judge, PhoneNumber, Purpose, SendPlan, SendRefusal, Standing};

/// How long a verification lives at the vendor after its first start (Twilio Verify: ten minutes), and as long again as a start may take: it
/// is made there later than its challenge is here.
const LIFETIME: SignedDuration = SignedDuration::from_secs(600 + 60);
/// How often the vendor is asked about one challenge, at most. Twilio takes 60 look-ups of a verification a minute, 180 an hour and 250 a day.
const LOOK_UP_PAUSE: SignedDuration = SignedDuration::from_secs(10);
/// How long a look-up may take: what follows it has the time that is left of one call.
const LOOK_UP_LIMIT: Duration = Duration::from_millis(1500);

/// A challenge that its vendor no longer holds.
#[derive(Clone)]
pub(super) struct Ended {
    pub(super) challenge: ChallengeId,
    /// How long the vendor took over saying so: that and what follows have the time of one call together.
    pub(super) took: Duration,
}

impl Verifier {
    /// The challenge that a repeated request waits for, where its vendor may have ended it without telling us: then there is nothing to wait
    /// for.
    pub(super) fn doubtful(
        &self,
        session: &Session,
        refusal: &SendRefusal,
        number: &PhoneNumber,
        purpose: Purpose,
    ) -> Option<Challenge> {
        let current = session.seen.current.clone().filter(|_| matches!(refusal, SendRefusal::Cooldown { .. }))?;
        let is_same = current.phone_number == *number && current.purpose == purpose && current.provider_reference.is_some();
        let is_current =
            matches!(&current.judge, Judge::Hosted(_)) && current.judge == self.providers.route(&number.country()).judge();
        let is_pending = matches!(current.standing(&self.policy, self.clock.now()), Standing::Pending { .. });
        (is_same && is_current && is_pending).then_some(current)
    }

    /// Asks the vendor for its own word on a challenge, and sends a new code at once where it no longer holds it. A look-up that fails, or takes
    /// long, changes nothing; none verifies anybody.
    pub(super) async fn ask_vendor(
        self: &Arc<Self>,
        visitor: &Visitor,
        refusal: &SendRefusal,
        challenge: &Challenge,
        proof: Option<String>,
    ) -> Result<Reply, StoreFault> {
        let begun = Instant::now();
        let is_ended = self.is_ended(challenge).await?;
        let took = begun.elapsed();
        if !is_ended {
            return self.refuse_at_once(visitor, &challenge.phone_number, refusal).await;
        }
        // Perhaps it was approved for a check that is under way, and forgotten.
        self.await_record(&challenge.id, 1).await?;
        self.store.mark_expired(&challenge.id, self.clock.now()).await?;
        let ended = Ended { challenge: challenge.id.clone(), took };
        self.send(visitor, challenge.phone_number.clone(), challenge.purpose, proof, Some(ended)).await
    }

    async fn is_ended(&self, challenge: &Challenge) -> Result<bool, StoreFault> {
        let route = self.providers.route(&challenge.phone_number.country());
        let (Route::Theirs(vendor), Some(reference)) = (route, &challenge.provider_reference) else {
            return Ok(false);
        };
        let now = self.clock.now();
        if !self.store.claim_look_up(&challenge.id, now, now - LOOK_UP_PAUSE).await? {
            return Ok(false);
        }
        match timeout(LOOK_UP_LIMIT, vendor.fetch(reference)).await {
            Ok(Ok(HostedState::Over)) => Ok(true),
            // A check that is under way may have had it approved: its record comes.
            Ok(Ok(HostedState::Pending | HostedState::Approved)) | Err(_) => Ok(false),
            Ok(Err(fault)) => {
                tracing::warn!(%fault, "a look-up did not go through");
                Ok(false)
            }
        }
    }

    /// Starts at the vendor. The vendor keys by number, so what it still holds for the number on behalf of another challenge is
    /// cancelled first: otherwise that challenge's code would be good for this one. Both calls together have the time of one, and the
    /// cancellation at most half of it.
    pub(super) async fn start_hosted(
        &self,
        vendor: &dyn HostedVerifier,
        request: &SendRequest,
        reservation: &Reservation,
        locale: Locale,
        deadline: Instant,
    ) -> Result<Result<Receipt, ProviderFault>, StoreFault> {
        if reservation.plan == SendPlan::OpenChallenge
            && let Err(fault) = self.cancel_earlier(vendor, request, reservation, deadline - TIME_LIMIT / 2).await?
        {
            return Ok(Err(fault));
        }
        let late = |_| Err(ProviderFault::Unknown("no answer in time".into()));
        let started = timeout_at(deadline, vendor.start(&request.phone_number, locale)).await.unwrap_or_else(late);
        if let Ok(Receipt { reference: Some(reference) }) = &started {
            self.store.mark_reference(&reservation.challenge, reference, self.clock.now()).await?;
        }
        Ok(started)
    }

    async fn cancel_earlier(
        &self,
        vendor: &dyn HostedVerifier,
        request: &SendRequest,
        reservation: &Reservation,
        deadline: Instant,
    ) -> Result<Result<(), ProviderFault>, StoreFault> {
        let now = self.clock.now();
        let since = now - LIFETIME;
        for earlier in self.store.find_hosted(&request.phone_number, vendor.name(), &reservation.challenge, since).await? {
            if let Some(reference) = &earlier.provider_reference {
                // Nothing was sent yet, so a failure is certain whatever the vendor did with the cancellation.
                let late = |_| Err(ProviderFault::Unavailable("no answer to a cancellation in time".into()));
                let canceled = timeout_at(deadline, vendor.cancel(reference)).await.unwrap_or_else(late);
                if let Err(fault) = canceled {
                    return Ok(Err(ProviderFault::Unavailable(fault.to_string())));
                }
            }
            self.store.close_challenge(&earlier.id, now).await?;
        }
        Ok(Ok(()))
    }
}

/// Which of the vendor's verifications a challenge's codes are for.
pub(super) fn check_target(challenge: &Challenge) -> CheckTarget {
    match &challenge.provider_reference {
        Some(reference) => CheckTarget::Reference(reference.clone()),
        None => CheckTarget::Number(challenge.phone_number.clone()),
    }
}
