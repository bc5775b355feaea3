//! What a hosted verifier needs beside its calls: one of its verifications belongs to one challenge.

use super::Verifier;
use crate::messages::Locale;
use crate::server::provider::{CheckTarget, HostedVerifier, ProviderFault, Receipt};
use crate::server::store::{Reservation, SendRequest, StoreFault};
use crate::verification::{Challenge, SendPlan};

impl Verifier {
    /// Starts at the vendor. The vendor keys by number, so what it still holds for the number on behalf of another challenge is
    /// cancelled first: otherwise that challenge's code would be good for this one.
    pub(super) async fn start_hosted(
        &self,
        vendor: &dyn HostedVerifier,
        request: &SendRequest,
        reservation: &Reservation,
        locale: Locale,
    ) -> Result<Result<Receipt, ProviderFault>, StoreFault> {
        if reservation.plan == SendPlan::OpenChallenge
            && let Err(fault) = self.cancel_earlier(vendor, request, reservation).await?
        {
            return Ok(Err(fault));
        }
        let started = vendor.start(&request.phone_number, locale).await;
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
    ) -> Result<Result<(), ProviderFault>, StoreFault> {
        let now = self.clock.now();
        for earlier in self.store.find_hosted(&request.phone_number, vendor.name(), &reservation.challenge, now).await? {
            if let Some(reference) = &earlier.provider_reference
                && let Err(fault) = vendor.cancel(reference).await
            {
                // Nothing was sent yet, so this failure is certain whatever the vendor did with the cancellation.
                return Ok(Err(ProviderFault::Unavailable(fault.to_string())));
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
