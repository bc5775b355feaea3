//! What a hosted verifier needs beside its calls: one of its verifications belongs to one challenge.

use tokio::time::{Instant, timeout_at};

use super::Verifier;
use crate::messages::Locale;
use crate::server::provider::{CheckTarget, HostedVerifier, ProviderFault, Receipt, TIME_LIMIT};
use crate::server::store::{Reservation, SendRequest, StoreFault};
use crate::verification::{Challenge, SendPlan};

impl Verifier {
    /// Starts at the vendor. The vendor keys by number, so what it still holds for the number on behalf of another challenge is
    /// cancelled first: otherwise that challenge's code would be good for this one. Both calls together have the time of one, and the
    /// cancellation at most half of it.
    pub(super) async fn start_hosted(
        &self,
        vendor: &dyn HostedVerifier,
        request: &SendRequest,
        reservation: &Reservation,
        locale: Locale,
    ) -> Result<Result<Receipt, ProviderFault>, StoreFault> {
        let deadline = Instant::now() + TIME_LIMIT;
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
        for earlier in self.store.find_hosted(&request.phone_number, vendor.name(), &reservation.challenge, now).await? {
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
