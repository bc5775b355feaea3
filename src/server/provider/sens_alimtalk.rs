//! Naver Cloud SENS, `AlimTalk` v2: the code in a Kakao message after an approved template, and our text as the SMS that SENS sends
//! where Kakao does not deliver.
//!
//! Written after the vendor's pages "Alim Talk, send message / get message delivery result" (2026-09). There is no idempotency key,
//! so a send whose answer is unknown is never repeated.

mod answers;
#[cfg(test)]
pub(super) mod tests;

use std::sync::Arc;

use async_trait::async_trait;
use reqwest::{Client, Method, Url};
use serde::Serialize;

use super::exchange::{Deadline, exchange};
use super::kakao::{self, Template};
use super::sens::advice::Service;
use super::sens::gateway::Gateway;
use super::setting::{InvalidSetting, header_text, sender_digits};
use super::{Delivery, Message, ProviderFault, Receipt, SmsSender, TIME_LIMIT};
use crate::server::clock::Clock;
use crate::server::telemetry::Seldom;

/// The word of `SMS_PROVIDERS` that chooses it.
pub const NAME: &str = "sens_alimtalk";

const SERVICE: Service = Service {
    id: "NAVER_ALIMTALK_SERVICE_ID",
    kind: "AlimTalk",
    bad_request: "SENS refused the request: are NAVER_ALIMTALK_CHANNEL, NAVER_ALIMTALK_TEMPLATE_CODE and SENDER_PHONE_NUMBER those of the console?",
};

/// What `AlimTalk` at SENS needs. `Debug` shows neither keys nor the sender's number.
#[derive(Clone)]
pub(crate) struct SensAlimtalkSettings {
    /// `SENS_BASE_URL`: that of all services of SENS.
    pub base_url: String,
    pub access_key: String,
    pub secret_key: String,
    /// `SENDER_PHONE_NUMBER`, for the SMS; hyphens and spaces are dropped.
    pub sender: String,
    /// `NAVER_ALIMTALK_SERVICE_ID`: `ncp:kkobizmsg:kr:<digits>:<project>`.
    pub service_id: String,
    /// `NAVER_ALIMTALK_CHANNEL`: the channel's search name, `@` and all.
    pub channel: String,
    pub template_code: String,
    /// `NAVER_ALIMTALK_TEMPLATE`: the text that Kakao approved.
    pub template: Template,
}

impl std::fmt::Debug for SensAlimtalkSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown = [("service_id", &self.service_id), ("channel", &self.channel), ("template_code", &self.template_code)];
        let mut fields = f.debug_struct("SensAlimtalkSettings");
        for (name, value) in shown {
            fields.field(name, value);
        }
        fields.finish_non_exhaustive()
    }
}

pub(crate) struct SensAlimtalk {
    gateway: Gateway,
    settings: SensAlimtalkSettings,
    refused_look_said: Seldom,
}

/// The body of a send (SENS, "Alim Talk, send message").
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SendBody<'a> {
    plus_friend_id: &'a str,
    template_code: &'a str,
    messages: [Talk<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Talk<'a> {
    country_code: &'static str,
    to: &'a str,
    content: &'a str,
    use_sms_failover: bool,
    failover_config: Failover<'a>,
}

#[derive(Serialize)]
struct Failover<'a> {
    r#type: &'static str,
    from: &'a str,
    content: &'a str,
}

impl SensAlimtalk {
    /// `AlimTalk` at SENS with an account. `client` is [`http_client`](super::http_client)'s; `clock` must be within five minutes of
    /// true time, or SENS refuses every request.
    pub(crate) fn new(client: Client, clock: Arc<dyn Clock>, settings: SensAlimtalkSettings) -> Result<Self, InvalidSetting> {
        let keys = (settings.access_key.as_str(), settings.secret_key.as_str());
        let gateway = Gateway::new(client, clock, &settings.base_url, keys)?;
        header_text("the service id of AlimTalk", &settings.service_id)?;
        header_text("the template code of AlimTalk", &settings.template_code)?;
        let settings = SensAlimtalkSettings {
            sender: sender_digits(&settings.sender)?,
            channel: kakao::channel(&settings.channel)?,
            ..settings
        };
        Ok(Self { gateway, settings, refused_look_said: Seldom::default() })
    }

    /// `/alimtalk/v2/services/{serviceId}/messages`, and what follows it.
    fn messages_url(&self, rest: &[&str]) -> Url {
        self.gateway.url(&[&["alimtalk", "v2", "services", &self.settings.service_id, "messages"], rest].concat())
    }
}

#[async_trait]
impl SmsSender for SensAlimtalk {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn send(&self, message: &Message<'_>) -> Result<Receipt, ProviderFault> {
        let to = message.to.korean_national().ok_or_else(|| ProviderFault::InvalidNumber("not a Korean number".into()))?;
        let SensAlimtalkSettings { channel, template_code, template, sender, .. } = &self.settings;
        let talk = Talk {
            country_code: "82",
            to: &to,
            content: &template.render(message.code),
            use_sms_failover: true,
            failover_config: Failover { r#type: "SMS", from: sender, content: message.text },
        };
        let body = SendBody { plus_friend_id: channel, template_code, messages: [talk] };
        let request = self.gateway.signed(Method::POST, self.messages_url(&[])).json(&body);
        let answer = exchange(request, message.deadline).await?;
        tracing::debug!(status = answer.status.as_u16(), "SENS answered an AlimTalk");
        if answer.status.is_client_error() {
            SERVICE.log_refusal(&answer, self.gateway.now());
        }
        answers::receipt(&answer, &to)
    }

    async fn delivery(&self, receipt: &str) -> Result<Delivery, ProviderFault> {
        let look = self.gateway.signed(Method::GET, self.messages_url(&[receipt]));
        let answer = exchange(look, Deadline::after(TIME_LIMIT)).await?;
        // Asked again and again for every text, and some keys may send and not look.
        if answer.status.is_client_error() && self.refused_look_said.is_due(self.gateway.now()) {
            SERVICE.log_refusal(&answer, self.gateway.now());
        }
        answers::delivery(&answer, receipt)
    }
}
