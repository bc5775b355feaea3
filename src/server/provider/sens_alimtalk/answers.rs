//! What SENS answers about an `AlimTalk`, and what it means. Fields are named as SENS names them.

use serde::Deserialize;
use serde_json::Value;

use super::super::exchange::VendorAnswer;
use super::super::report::{code, is_same_recipient, reason};
use super::super::sens::gateway::{success, unreadable};
use super::super::{Delivery, ProviderFault, Receipt};
use crate::server::metrics::OTHER;

const TEMPLATE_ADVICE: &str = "SENS refused the AlimTalk: NAVER_ALIMTALK_TEMPLATE must be the approved text of \
    NAVER_ALIMTALK_TEMPLATE_CODE, sign for sign";

/// The answer to a send (SENS, "Alim Talk, send message").
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SendAnswer {
    status_code: Option<Value>,
    status_name: Option<String>,
    messages: Option<Vec<Requested>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Requested {
    message_id: Option<String>,
    to: Option<String>,
    request_status_code: Option<Value>,
    request_status_name: Option<String>,
}

/// A message and its way (SENS, "Alim Talk, get message delivery result").
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Talk {
    message_id: Option<String>,
    #[serde(flatten)]
    state: State,
    failover: Option<State>,
}

/// How far a message came, or the SMS in its place.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct State {
    request_status_code: Option<Value>,
    request_status_name: Option<String>,
    request_status_desc: Option<String>,
    message_status_code: Option<Value>,
    message_status_name: Option<String>,
    message_status_desc: Option<String>,
}

/// Reads the answer to a send.
pub(super) fn receipt(answer: &VendorAnswer, to: &str) -> Result<Receipt, ProviderFault> {
    let body: SendAnswer = success(answer)?;
    if body.status_name.as_deref() == Some("fail") {
        return Err(ProviderFault::Refused(answer.summary(Some("fail"))));
    }
    let is_accepted = body.status_code.as_ref().is_none_or(|status| code(status).as_deref() == Some("202"));
    let mut messages = body.messages.unwrap_or_default();
    let (1, true, Some(message)) = (messages.len(), is_accepted, messages.pop()) else { return Err(unreadable(answer)) };
    if message.to.as_deref().is_some_and(|told| !is_same_recipient(told, to)) {
        return Err(unreadable(answer));
    }
    message.receipt(answer)
}

impl Requested {
    /// A000 is accepted, and its name is `success`. A code that begins with B is refused for good; after any other, SENS may send
    /// the SMS in its place ("not for 'B'-prefixed result codes").
    fn receipt(self, answer: &VendorAnswer) -> Result<Receipt, ProviderFault> {
        let code = self.request_status_code.as_ref().and_then(code);
        let is_refused = code.as_deref().is_some_and(|code| code.starts_with('B'));
        let is_accepted = match self.request_status_name.as_deref() {
            None | Some("") => code.as_deref() == Some("A000"),
            Some(name) => name == "success",
        };
        match (is_accepted, is_refused, self.message_id) {
            (true, false, Some(id)) if !id.is_empty() => Ok(Receipt { reference: Some(id) }),
            (false, true, _) => {
                tracing::error!(code, "{TEMPLATE_ADVICE}");
                Err(ProviderFault::Refused(answer.summary(code.as_deref())))
            }
            _ => Err(ProviderFault::Unknown(format!("{}, not accepted", answer.summary(code.as_deref())))),
        }
    }
}

/// Reads a message: delivered if Kakao delivered it, or else the SMS in its place.
pub(super) fn delivery(answer: &VendorAnswer, receipt: &str) -> Result<Delivery, ProviderFault> {
    let talk: Talk = success(answer)?;
    if talk.message_id.is_some_and(|id| id != receipt) {
        return Err(unreadable(answer));
    }
    let sms = talk.failover.filter(State::is_told);
    Ok(match (talk.state.result(), sms) {
        (Delivery::Failed { .. }, Some(sms)) => sms.result(),
        (result, _) => result,
    })
}

impl State {
    fn is_told(&self) -> bool {
        self.request_status_name.is_some() || self.request_status_code.is_some() || self.message_status_name.is_some()
    }

    /// The name decides: the codes of Kakao (`0000` is delivered) are others than those of an SMS (`0`).
    fn result(&self) -> Delivery {
        match (self.message_status_name.as_deref(), self.request_status_name.as_deref()) {
            (Some("success"), _) => Delivery::Delivered { carrier: OTHER },
            (Some("fail"), _) => failed(self.message_status_code.as_ref(), self.message_status_desc.as_deref()),
            (_, Some("fail")) => failed(self.request_status_code.as_ref(), self.request_status_desc.as_deref()),
            _ => Delivery::Waiting,
        }
    }
}

fn failed(status_code: Option<&Value>, words: Option<&str>) -> Delivery {
    Delivery::Failed { reason: reason(status_code.and_then(code).as_deref(), words), carrier: OTHER }
}
