//! Naver Cloud SENS, the SMS API v2: it carries our text to Korean numbers.
//!
//! Written after the vendor's pages "SENS API v2, send / list / get" and "API Gateway, error handling". There is no idempotency
//! key, so a send whose answer is unknown is never repeated.

pub(super) mod advice;
mod answers;
pub(super) mod gateway;
mod signature;
#[cfg(test)]
pub(super) mod tests;

use std::sync::Arc;

use async_trait::async_trait;
use reqwest::{Client, Method, Url};
use serde::Serialize;

use self::advice::Service;
use self::gateway::Gateway;
use super::exchange::{Deadline, exchange};
use super::setting::{InvalidSetting, header_text, sender_digits};
use super::{Delivery, Message, ProviderFault, Receipt, SmsSender, TIME_LIMIT};
use crate::server::clock::Clock;
use crate::server::telemetry::Seldom;

/// The word of `SMS_PROVIDERS` that chooses it.
pub const NAME: &str = "sens";

/// Where SENS is, unless the settings say otherwise. The government zone has `https://sens.apigw.gov-ntruss.com`.
pub(crate) const DEFAULT_BASE_URL: &str = "https://sens.apigw.ntruss.com";

/// What an account at SENS needs. `Debug` shows neither keys nor the sender's number.
#[derive(Clone)]
pub(crate) struct SensSettings {
    /// `SENS_BASE_URL`: [`DEFAULT_BASE_URL`], or an emulator.
    pub base_url: String,
    /// `NAVER_SERVICE_ID`: `ncp:sms:kr:<digits>:<project>`.
    pub service_id: String,
    pub access_key: String,
    pub secret_key: String,
    /// `SENDER_PHONE_NUMBER`: registered in the console beforehand; hyphens and spaces are dropped.
    pub sender: String,
}

impl std::fmt::Debug for SensSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SensSettings").field("service_id", &self.service_id).finish_non_exhaustive()
    }
}

const SERVICE: Service = Service {
    id: "NAVER_SERVICE_ID",
    kind: "SMS",
    bad_request: "SENS refused the request: is SENDER_PHONE_NUMBER registered and approved under Calling Number in the console?",
};

pub(crate) struct Sens {
    gateway: Gateway,
    settings: SensSettings,
    refused_look_said: Seldom,
}

/// The body of a send (SENS API v2, send).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SendBody<'a> {
    r#type: &'static str,
    content_type: &'static str,
    country_code: &'static str,
    from: &'a str,
    content: &'a str,
    messages: [Recipient<'a>; 1],
}

#[derive(Serialize)]
struct Recipient<'a> {
    to: &'a str,
}

impl Sens {
    /// SENS with an account. `client` is [`http_client`](super::http_client)'s; `clock` must be within five minutes of true time,
    /// or SENS refuses every request.
    pub(crate) fn new(client: Client, clock: Arc<dyn Clock>, settings: SensSettings) -> Result<Self, InvalidSetting> {
        let keys = (settings.access_key.as_str(), settings.secret_key.as_str());
        let gateway = Gateway::new(client, clock, &settings.base_url, keys)?;
        header_text("the service id of SENS", &settings.service_id)?;
        let settings = SensSettings { sender: sender_digits(&settings.sender)?, ..settings };
        Ok(Self { gateway, settings, refused_look_said: Seldom::default() })
    }

    /// `/sms/v2/services/{serviceId}/messages`, and what follows it.
    fn messages_url(&self, rest: &[&str]) -> Url {
        self.gateway.url(&[&["sms", "v2", "services", &self.settings.service_id, "messages"], rest].concat())
    }
}

#[async_trait]
impl SmsSender for Sens {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn send(&self, message: &Message<'_>) -> Result<Receipt, ProviderFault> {
        let to = message.to.korean_national().ok_or_else(|| ProviderFault::InvalidNumber("not a Korean number".into()))?;
        let body = SendBody {
            r#type: "SMS",
            content_type: "COMM",
            country_code: "82",
            from: &self.settings.sender,
            content: message.text,
            messages: [Recipient { to: &to }],
        };
        let request = self.gateway.signed(Method::POST, self.messages_url(&[])).json(&body);
        let answer = exchange(request, message.deadline).await?;
        tracing::debug!(status = answer.status.as_u16(), "SENS answered a send");
        if answer.status.is_client_error() {
            SERVICE.log_refusal(&answer, self.gateway.now());
        }
        answers::receipt(&answer)
    }

    async fn delivery(&self, receipt: &str) -> Result<Delivery, ProviderFault> {
        let deadline = Deadline::after(TIME_LIMIT);
        let mut list = self.messages_url(&[]);
        list.query_pairs_mut().append_pair("requestId", receipt);
        let listed = exchange(self.gateway.signed(Method::GET, list), deadline).await?;
        // Asked again and again for every text, and some keys may send and not look.
        if listed.status.is_client_error() && self.refused_look_said.is_due(self.gateway.now()) {
            SERVICE.log_refusal(&listed, self.gateway.now());
        }
        let Some(message_id) = answers::message_id(&listed, receipt)? else {
            return Ok(Delivery::Waiting);
        };
        let message = self.gateway.signed(Method::GET, self.messages_url(&[&message_id]));
        answers::delivery(&exchange(message, deadline).await?)
    }
}
