//! What Solapi answers, and what it means. Fields are named as Solapi names them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::super::exchange::VendorAnswer;
use super::super::report::{carrier, code, is_same_recipient, reason};
use super::super::{Delivery, ProviderFault, Receipt};
use super::errors::{success, unreadable};

/// The answer to a send (solapi-nodejs, `sendManyDetailResponse`).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SendAnswer {
    failed_message_list: Option<Vec<Failed>>,
    group_info: Option<GroupInfo>,
    message_list: Option<Messages>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Failed {
    to: Option<String>,
    status_code: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GroupInfo {
    group_id: Option<String>,
    count: Option<Count>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Count {
    registered_success: Option<u64>,
    registered_failed: Option<u64>,
}

/// The answer to a look (Solapi, "메시지 조회").
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListAnswer {
    message_list: Option<Messages>,
}

/// Messages are a list where they were sent and a map by their ids where they are looked up.
#[derive(Deserialize)]
#[serde(untagged)]
enum Messages {
    List(Vec<Stored>),
    ById(BTreeMap<String, Stored>),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stored {
    message_id: Option<String>,
    group_id: Option<String>,
    r#type: Option<String>,
    /// `PENDING`, `SENDING` or `COMPLETE`.
    status: Option<String>,
    status_code: Option<Value>,
    reason: Option<String>,
    network_name: Option<String>,
}

impl Messages {
    fn into_vec(self) -> Vec<Stored> {
        match self {
            Self::List(messages) => messages,
            Self::ById(messages) => messages
                .into_iter()
                .map(|(id, message)| Stored { message_id: message.message_id.or(Some(id)), ..message })
                .collect(),
        }
    }
}

/// Reads the answer to a send. "Accepted" needs that something was registered, that nothing failed, and a name for it; a failure is
/// certain only if the message that failed is ours and nothing was registered.
pub(super) fn receipt(answer: &VendorAnswer, to: &str, is_talk: bool) -> Result<Receipt, ProviderFault> {
    let body: SendAnswer = success(answer)?;
    let group = body.group_info.ok_or_else(|| unreadable(answer))?;
    let count = group.count.ok_or_else(|| unreadable(answer))?;
    let messages = body.message_list.map(Messages::into_vec).unwrap_or_default();
    match (&body.failed_message_list.unwrap_or_default()[..], count.registered_success, count.registered_failed) {
        ([], Some(1..), Some(0)) if messages.iter().all(Stored::is_registered) => {
            let message_id = messages.into_iter().next().and_then(|message| message.message_id);
            // No document says whether the SMS in a talk's place is the same message or another one of its group.
            let names = if is_talk { [group.group_id, message_id] } else { [message_id, group.group_id] };
            names
                .into_iter()
                .flatten()
                .find(|id| !id.is_empty())
                .map(|id| Receipt { reference: Some(id) })
                .ok_or_else(|| unreadable(answer))
        }
        ([failed], Some(0), _) if failed.to.as_deref().is_some_and(|told| is_same_recipient(told, to)) => Err(failed.fault(answer)),
        _ => Err(unreadable(answer)),
    }
}

/// The field that a reference is the value of: a message's id begins with `M`, a group's with `G` (Solapi, samples).
pub(super) fn name_of(reference: &str) -> &'static str {
    if reference.starts_with('G') { "groupId" } else { "messageId" }
}

/// Reads what was looked up: one message, or those of a group.
pub(super) fn delivery(answer: &VendorAnswer, reference: &str) -> Result<Delivery, ProviderFault> {
    let messages = success::<ListAnswer>(answer)?.message_list.map(Messages::into_vec).unwrap_or_default();
    let is_ours = |message: &Stored| [&message.message_id, &message.group_id].into_iter().flatten().any(|id| id == reference);
    let results: Vec<_> = messages.iter().filter(|message| is_ours(message)).map(Stored::delivery).collect();
    let is_delivered = |result: &&Delivery| matches!(result, Delivery::Delivered { .. });
    let ended = results.iter().find(is_delivered).or_else(|| results.iter().find(|result| **result != Delivery::Waiting));
    Ok(ended.cloned().unwrap_or(Delivery::Waiting))
}

impl Stored {
    fn code(&self) -> Option<String> {
        self.status_code.as_ref().and_then(code)
    }

    fn is_registered(&self) -> bool {
        self.code().is_none_or(|code| code == "2000")
    }

    /// 2000 and 3000 are on their way, 4000 is done, any other has failed (Solapi, message status codes) once nothing more is tried.
    /// A talk that failed is not the end of it: an SMS follows.
    fn delivery(&self) -> Delivery {
        let carrier = carrier(self.network_name.as_deref());
        let is_tried = matches!(self.status.as_deref(), Some("PENDING" | "SENDING")) || self.r#type.as_deref() == Some("ATA");
        match self.code().as_deref() {
            Some("4000") => Delivery::Delivered { carrier },
            None | Some("2000" | "3000") => Delivery::Waiting,
            Some(_) if is_tried => Delivery::Waiting,
            Some(code) => Delivery::Failed { reason: reason(Some(code), self.reason.as_deref()), carrier },
        }
    }
}

impl Failed {
    /// What a message that was not registered means (Solapi, message status codes).
    fn fault(&self, answer: &VendorAnswer) -> ProviderFault {
        let code = self.status_code.as_ref().and_then(code);
        let detail = answer.summary(code.as_deref());
        match code.as_deref() {
            // The number's form, or a person who wants no messages.
            Some("3010" | "1061" | "2061") => ProviderFault::InvalidNumber(detail),
            Some("1060" | "2060") => ProviderFault::Blocked(detail),
            Some("1030" | "2230") => ProviderFault::QuotaExhausted(detail),
            Some("1024" | "2024") => ProviderFault::Unavailable(detail),
            _ => ProviderFault::Refused(detail),
        }
    }
}

/// The status code of the message that was not registered, if the answer to a send tells of one.
pub(super) fn failed_code(answer: &VendorAnswer) -> Option<String> {
    let body: SendAnswer = answer.status.is_success().then(|| answer.json()).flatten()?;
    body.failed_message_list?.first()?.status_code.as_ref().and_then(code)
}
