//! What Twilio's refusals mean: its error code first, the HTTP status where the code says nothing.

use super::super::ProviderFault;
use super::super::exchange::{VendorAnswer, fault_by_status};
use super::super::twilio::code;

/// What was asked. An invalid parameter of a start is its number, that of any other request is our mistake.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    /// `POST /Verifications`.
    Start,
    /// Anything else.
    Other,
}

/// The five checks of a verification are used up (60202).
pub(super) fn is_used_up(answer: &VendorAnswer) -> bool {
    code(answer) == Some(60202)
}

/// There is no such verification: approved, expired, canceled or never made (404 with 20404). A 404 without Twilio's code comes
/// from somebody else, and ends nothing.
pub(super) fn is_gone(answer: &VendorAnswer) -> bool {
    answer.status.as_u16() == 404 && code(answer) == Some(20404)
}

/// What the operator is told: which setting to look at. Never the vendor's words.
pub(super) fn advice(answer: &VendorAnswer) -> Option<&'static str> {
    match (code(answer), answer.status.as_u16()) {
        (Some(20003), _) | (None, 401) => Some("Twilio refused: TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN do not belong together"),
        (Some(20404), 404) => Some("Twilio refused: TWILIO_VERIFY_SERVICE_SID is not a Verify service of this account"),
        (Some(21608), _) => Some("Twilio refused: a trial account texts only numbers that were verified in its console"),
        (Some(60605 | 21408), _) => Some("Twilio refused: the country is not enabled under Verify's geographic permissions"),
        (Some(20005 | 60219), _) => Some("Twilio refused: the account or the service is suspended"),
        _ => None,
    }
}

/// The fault that a refusal means (Twilio, error codes of Verify and of messaging).
pub(super) fn fault(answer: &VendorAnswer, question: Question) -> ProviderFault {
    let found = code(answer);
    let detail = answer.summary(found.map(|code| code.to_string()).as_deref());
    match found {
        // A landline, a number out of reach, one that wants no messages: whatever the person does, nothing arrives there.
        Some(21211 | 21610 | 21612 | 21614 | 60200 | 60205) if question == Question::Start => ProviderFault::InvalidNumber(detail),
        // Fraud guard, geographic permissions, device intelligence.
        Some(21408 | 30450 | 60238 | 60410 | 60413 | 60605) => ProviderFault::Blocked(detail),
        Some(60203 | 60207) => ProviderFault::QuotaExhausted(detail),
        Some(20429 | 60212) => ProviderFault::Unavailable(detail),
        _ => fault_by_status(answer.status, detail),
    }
}
