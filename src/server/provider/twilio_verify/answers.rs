//! What Twilio's successes mean. Every field may be null (`OpenAPI`), so nothing is believed that is not there.

use serde::Deserialize;

use super::super::exchange::VendorAnswer;
use super::super::twilio::is_sid;
use super::super::{CheckTarget, HostedState, ProviderFault, Receipt, Verdict};
use crate::verification::PhoneNumber;

/// A verification, or a check of one: the fields that matter, named as Twilio names them.
#[derive(Deserialize)]
struct Verification {
    sid: Option<String>,
    to: Option<String>,
    status: Option<String>,
    valid: Option<bool>,
}

/// Reads the answer to a start: a pending verification of the number that was asked for.
pub(super) fn receipt(answer: &VendorAnswer, to: &PhoneNumber) -> Result<Receipt, ProviderFault> {
    let (verification, sid) = read(answer)?;
    if verification.to.as_deref() != Some(to.as_e164()) {
        return Err(unknown(answer, "of another number"));
    }
    match verification.status.as_deref() {
        Some("pending") => Ok(Receipt { reference: Some(sid) }),
        _ => Err(unknown(answer, "not pending")),
    }
}

/// Reads the answer to a check. Approved means `approved` and `valid`, for the verification that was asked about.
pub(super) fn verdict(answer: &VendorAnswer, target: &CheckTarget) -> Result<Verdict, ProviderFault> {
    let (verification, reference) = read(answer)?;
    let is_asked = match target {
        CheckTarget::Reference(sid) => *sid == reference,
        CheckTarget::Number(number) => verification.to.as_deref() == Some(number.as_e164()),
    };
    if !is_asked {
        return Err(unknown(answer, "of another verification"));
    }
    match (verification.status.as_deref(), verification.valid) {
        (Some("approved"), Some(true)) => Ok(Verdict::Approved { reference }),
        (Some("pending"), None | Some(false)) => Ok(Verdict::Incorrect { reference }),
        (Some("max_attempts_reached"), _) => Ok(Verdict::TooManyAttempts),
        (Some("canceled" | "deleted" | "expired" | "failed"), _) => Ok(Verdict::Gone),
        _ => Err(unknown(answer, "with a status that contradicts itself")),
    }
}

/// Reads the answer to a question about a verification.
pub(super) fn state(answer: &VendorAnswer, reference: &str) -> Result<HostedState, ProviderFault> {
    let (verification, sid) = read(answer)?;
    match verification.status.as_deref() {
        _ if sid != reference => Err(unknown(answer, "of another verification")),
        Some("pending") => Ok(HostedState::Pending),
        Some("approved") => Ok(HostedState::Approved),
        Some("canceled" | "deleted" | "expired" | "failed" | "max_attempts_reached") => Ok(HostedState::Over),
        _ => Err(unknown(answer, "without a known status")),
    }
}

/// Reads the answer to a cancellation: that verification is over now, whatever ended it.
pub(super) fn canceled(answer: &VendorAnswer, reference: &str) -> Result<(), ProviderFault> {
    match state(answer, reference)? {
        HostedState::Over | HostedState::Approved => Ok(()),
        HostedState::Pending => Err(unknown(answer, "still pending")),
    }
}

fn read(answer: &VendorAnswer) -> Result<(Verification, String), ProviderFault> {
    let mut verification: Verification = answer.json().ok_or_else(|| unknown(answer, "not an answer of Twilio"))?;
    let sid = verification.sid.take().filter(|sid| is_sid("VE", sid));
    let sid = sid.ok_or_else(|| unknown(answer, "without the sid of a verification"))?;
    Ok((verification, sid))
}

fn unknown(answer: &VendorAnswer, why: &str) -> ProviderFault {
    ProviderFault::Unknown(format!("{}, {why}", answer.summary(None)))
}
