//! What Twilio says of a message. Every field may be null (`OpenAPI`), so nothing is believed that is not there.

use serde::Deserialize;

use super::super::exchange::VendorAnswer;
use super::super::twilio::{is_code, is_sid};
use super::super::{Delivery, ProviderFault, Receipt};
use crate::server::metrics::OTHER;
use crate::verification::PhoneNumber;

/// A message: the fields that matter, named as Twilio names them.
#[derive(Deserialize)]
struct Sms {
    sid: Option<String>,
    to: Option<String>,
    status: Option<String>,
    error_code: Option<u32>,
}

/// Reads the answer to a send: a message to the number that was asked for, on its way.
pub(super) fn receipt(answer: &VendorAnswer, to: &PhoneNumber) -> Result<Receipt, ProviderFault> {
    let (message, sid) = read(answer)?;
    if message.to.as_deref() != Some(to.as_e164()) {
        return Err(unknown(answer, "to another number"));
    }
    match message.status.as_deref() {
        Some("queued" | "accepted" | "scheduled" | "sending" | "sent") => Ok(Receipt { reference: Some(sid) }),
        _ => Err(unknown(answer, "not on its way")),
    }
}

/// Reads what became of a message.
pub(super) fn delivery(answer: &VendorAnswer, sid: &str) -> Result<Delivery, ProviderFault> {
    let (message, told) = read(answer)?;
    if told != sid {
        return Err(unknown(answer, "of another message"));
    }
    let status = message.status.as_deref().ok_or_else(|| unknown(answer, "without a status"))?;
    Ok(delivery_of(status, message.error_code))
}

/// What a status means. `sent` is the carrier's word that it has it, not that it arrived (Twilio, message status values).
pub(super) fn delivery_of(status: &str, error_code: Option<u32>) -> Delivery {
    match status {
        "delivered" | "read" => Delivery::Delivered { carrier: OTHER },
        "undelivered" | "failed" | "canceled" => {
            let code = error_code.filter(|code| is_code(*code));
            let reason = code.map_or_else(|| status.to_owned(), |code| format!("{code} {status}"));
            Delivery::Failed { reason, carrier: OTHER }
        }
        _ => Delivery::Waiting,
    }
}

fn read(answer: &VendorAnswer) -> Result<(Sms, String), ProviderFault> {
    let mut message: Sms = answer.json().ok_or_else(|| unknown(answer, "not an answer of Twilio"))?;
    let sid = message.sid.take().filter(|sid| is_sid("SM", sid));
    let sid = sid.ok_or_else(|| unknown(answer, "without the sid of a message"))?;
    Ok((message, sid))
}

fn unknown(answer: &VendorAnswer, why: &str) -> ProviderFault {
    ProviderFault::Unknown(format!("{}, {why}", answer.summary(None)))
}
