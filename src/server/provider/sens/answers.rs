//! What SENS answers, and what it means. Fields are named as SENS names them.

use serde::Deserialize;
use serde_json::Value;

use super::super::exchange::VendorAnswer;
use super::super::report::{carrier, code, reason};
use super::super::{Delivery, ProviderFault, Receipt};
use super::gateway::{success, unreadable};

/// The answer to a send (SENS API v2, send): four fields, and no id of a message.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SendAnswer {
    request_id: Option<String>,
    status_code: Option<Value>,
    status_name: Option<String>,
}

/// The answer to both questions about a message (SENS API v2, list and get).
#[derive(Deserialize)]
struct MessagesAnswer {
    messages: Option<Vec<Sms>>,
}

/// A message and its way. Everything but the id may be missing before it is `COMPLETED`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sms {
    request_id: Option<String>,
    message_id: Option<String>,
    status: Option<String>,
    status_code: Option<Value>,
    status_name: Option<String>,
    status_message: Option<String>,
    telco_code: Option<String>,
}

impl Sms {
    fn carrier(&self) -> &'static str {
        carrier(self.telco_code.as_deref())
    }

    fn reason(&self) -> String {
        reason(self.status_code.as_ref().and_then(code).as_deref(), self.status_message.as_deref())
    }
}

/// Reads the answer to a send. "Accepted" needs all of: 2xx, a `requestId`, and 202 in the body too.
pub(super) fn receipt(answer: &VendorAnswer) -> Result<Receipt, ProviderFault> {
    let body: SendAnswer = success(answer)?;
    if body.status_name.as_deref() == Some("fail") {
        return Err(ProviderFault::Refused(answer.summary(Some("fail"))));
    }
    let is_accepted = body.status_code.as_ref().and_then(code).as_deref() == Some("202");
    match body.request_id.filter(|id| is_accepted && !id.is_empty()) {
        Some(id) => Ok(Receipt { reference: Some(id) }),
        None => Err(unreadable(answer)),
    }
}

/// Reads the list by request: the id of its one message, or none while SENS has no result yet.
pub(super) fn message_id(answer: &VendorAnswer, request_id: &str) -> Result<Option<String>, ProviderFault> {
    let messages = success::<MessagesAnswer>(answer)?.messages.unwrap_or_default();
    let of_request = |message: &Sms| message.request_id.as_deref().is_none_or(|id| id == request_id);
    Ok(messages.into_iter().find(of_request).and_then(|message| message.message_id))
}

/// Reads one message: delivered only if it is `COMPLETED` and `success`.
pub(super) fn delivery(answer: &VendorAnswer) -> Result<Delivery, ProviderFault> {
    let messages = success::<MessagesAnswer>(answer)?.messages.unwrap_or_default();
    let completed = messages.into_iter().next().filter(|message| message.status.as_deref() == Some("COMPLETED"));
    Ok(completed.map_or(Delivery::Waiting, |message| match message.status_name.as_deref() {
        Some("success") => Delivery::Delivered { carrier: message.carrier() },
        None | Some("") => Delivery::Waiting,
        Some(_) => Delivery::Failed { reason: message.reason(), carrier: message.carrier() },
    }))
}
