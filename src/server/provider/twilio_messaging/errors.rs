//! What Twilio's refusals of a text mean: its error code first, the HTTP status where the code says nothing.

use super::super::ProviderFault;
use super::super::exchange::{VendorAnswer, fault_by_status};
use super::super::twilio::code;

/// What the operator is told: which setting to look at. Never the vendor's words.
pub(super) fn advice(answer: &VendorAnswer) -> Option<&'static str> {
    match (code(answer), answer.status.as_u16()) {
        (Some(20003), _) | (None, 401) => Some("Twilio refused: TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN do not belong together"),
        (Some(20404), _) | (None, 404) => Some("Twilio refused: TWILIO_ACCOUNT_SID is no account that it knows"),
        (Some(20005 | 30002), _) => Some("Twilio refused: the account is suspended or not active"),
        (Some(21606 | 21212 | 21603 | 21659 | 21660), _) => {
            Some("Twilio refused: TWILIO_FROM is no sender of this account that may text this country")
        }
        (Some(21701 | 21703 | 21704 | 21705 | 30127), _) => {
            Some("Twilio refused: TWILIO_MESSAGING_SERVICE_SID is no messaging service of this account with a sender in it")
        }
        (Some(21608), _) => Some("Twilio refused: a trial account texts only numbers that were verified in its console"),
        (Some(21408), _) => Some("Twilio refused: the country is not enabled under Messaging's geographic permissions"),
        (Some(21609), _) => Some("Twilio refused: PUBLIC_ORIGIN has a host that it does not call back"),
        (Some(21627), _) => Some("Twilio refused: TWILIO_MAX_PRICE is no price"),
        _ => None,
    }
}

/// The fault that a refusal means (Twilio, error and warning dictionary).
pub(super) fn fault(answer: &VendorAnswer) -> ProviderFault {
    let found = code(answer);
    let detail = answer.summary(found.map(|code| code.to_string()).as_deref());
    match found {
        // No mobile number, one out of reach from here, one that wants no messages: whatever the person does, nothing arrives there.
        Some(21211 | 21214 | 21217 | 21265 | 21610 | 21612 | 21614 | 21635) => ProviderFault::InvalidNumber(detail),
        // Geographic permissions, and the guard against pumping.
        Some(21408 | 30450) => ProviderFault::Blocked(detail),
        // The day's cap of an account, and queues that are full.
        Some(63038 | 14107 | 21611 | 30001) => ProviderFault::QuotaExhausted(detail),
        Some(20429 | 21730) => ProviderFault::Unavailable(detail),
        _ => fault_by_status(answer.status, detail),
    }
}
