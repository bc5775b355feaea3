//! What the use cases tell the metrics.

use super::Verifier;
use crate::server::metrics::OTHER;
use crate::server::provider::failover::Handed;
use crate::server::provider::{Provider, ProviderFault};
use crate::server::store::SendRequest;
use crate::verification::Challenge;

impl Verifier {
    /// What the vendor said of a send.
    pub(super) fn count_send(&self, request: &SendRequest, handed: &Handed) {
        let result = match &handed.result {
            Ok(_) => "accepted",
            Err(ProviderFault::Unknown(_)) => "unknown",
            Err(ProviderFault::Unavailable(_)) => "failed",
            Err(
                ProviderFault::Blocked(_)
                | ProviderFault::InvalidNumber(_)
                | ProviderFault::QuotaExhausted(_)
                | ProviderFault::Refused(_),
            ) => "refused_vendor",
        };
        self.metrics.count_send(&request.phone_number, handed.by, request.purpose, result);
        if let Some(price) = request.price.as_ref().filter(|_| matches!(result, "accepted" | "unknown")) {
            self.metrics.count_cost(price, &request.country, handed.by);
        }
    }

    /// What became of a challenge.
    pub(super) fn count_verification(&self, challenge: &Challenge, result: &'static str) {
        let provider = self.provider_label(&challenge.first_sender);
        self.metrics.count_verification(&challenge.phone_number, provider, challenge.purpose, result);
    }

    /// The name of a provider whose settings may be gone.
    pub(super) fn provider_label(&self, stored: &str) -> &'static str {
        self.providers.find(stored).map_or(OTHER, Provider::name)
    }
}
