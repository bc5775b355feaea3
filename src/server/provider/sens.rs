//! Naver Cloud SENS, the SMS API v2: it carries our text to Korean numbers.
//!
//! Written after the vendor's pages "SENS API v2, send / list / get" and "API Gateway, error handling". There is no idempotency
//! key, so a send whose answer is unknown is never repeated.

mod advice;
mod answers;
mod signature;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::{Client, Method, RequestBuilder, Url, header::CONTENT_TYPE};
use serde::Serialize;

use self::signature::signature;
use super::exchange::{Deadline, exchange};
use super::setting::{InvalidSetting, at_path, base_url, header_text};
use super::{Delivery, ProviderFault, Receipt, SmsSender, TIME_LIMIT};
use crate::server::clock::Clock;
use crate::server::telemetry::Seldom;
use crate::verification::PhoneNumber;

/// The value of `SMS_PROVIDER` that chooses it.
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

pub(crate) struct Sens {
    client: Client,
    clock: Arc<dyn Clock>,
    base: Url,
    settings: SensSettings,
    time_limit: Duration,
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
        let base = base_url("the base URL of SENS", &settings.base_url)?;
        header_text("the service id of SENS", &settings.service_id)?;
        header_text("the access key of SENS", &settings.access_key)?;
        header_text("the secret key of SENS", &settings.secret_key)?;
        let settings = SensSettings { sender: sender_digits(&settings.sender)?, ..settings };
        Ok(Self { client, clock, base, settings, time_limit: TIME_LIMIT, refused_look_said: Seldom::default() })
    }

    #[cfg(test)]
    fn limited_to(self, time_limit: Duration) -> Self {
        Self { time_limit, ..self }
    }

    /// `/sms/v2/services/{serviceId}/messages`, and what follows it.
    fn messages_url(&self, rest: &[&str]) -> Url {
        at_path(&self.base, &[&["sms", "v2", "services", &self.settings.service_id, "messages"], rest].concat())
    }

    /// A request with its four headers. The target is taken from the address that is sent, so that what is signed is what is on
    /// the wire, and the time is asked for once: a second look would sign another instant than the header tells.
    fn signed(&self, method: Method, url: Url) -> RequestBuilder {
        let timestamp = self.clock.now().as_millisecond().to_string();
        let target = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        let SensSettings { access_key, secret_key, .. } = &self.settings;
        let signature = signature(method.as_str(), &target, &timestamp, access_key, secret_key);
        let request = self.client.request(method, url).header(CONTENT_TYPE, "application/json; charset=utf-8");
        let request = request.header("x-ncp-apigw-timestamp", timestamp).header("x-ncp-iam-access-key", access_key);
        request.header("x-ncp-apigw-signature-v2", signature)
    }
}

#[async_trait]
impl SmsSender for Sens {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn send(&self, to: &PhoneNumber, text: &str) -> Result<Receipt, ProviderFault> {
        let to = to.korean_national().ok_or_else(|| ProviderFault::InvalidNumber("not a Korean number".into()))?;
        let body = SendBody {
            r#type: "SMS",
            content_type: "COMM",
            country_code: "82",
            from: &self.settings.sender,
            content: text,
            messages: [Recipient { to: &to }],
        };
        let request = self.signed(Method::POST, self.messages_url(&[])).json(&body);
        let answer = exchange(request, Deadline::after(self.time_limit)).await?;
        tracing::debug!(status = answer.status.as_u16(), "SENS answered a send");
        if answer.status.is_client_error() {
            advice::log_refusal(&answer, self.clock.now().as_millisecond());
        }
        answers::receipt(&answer)
    }

    async fn delivery(&self, receipt: &str) -> Result<Delivery, ProviderFault> {
        let deadline = Deadline::after(self.time_limit);
        let mut list = self.messages_url(&[]);
        list.query_pairs_mut().append_pair("requestId", receipt);
        let listed = exchange(self.signed(Method::GET, list), deadline).await?;
        // Asked again and again for every text, and some keys may send and not look.
        if listed.status.is_client_error() && self.refused_look_said.is_due(self.clock.now()) {
            advice::log_refusal(&listed, self.clock.now().as_millisecond());
        }
        let Some(message_id) = answers::message_id(&listed, receipt)? else {
            return Ok(Delivery::Waiting);
        };
        let message = self.signed(Method::GET, self.messages_url(&[&message_id]));
        answers::delivery(&exchange(message, deadline).await?)
    }
}

/// The sender's number in digits, as SENS takes it.
pub(in crate::server) fn sender_digits(text: &str) -> Result<String, InvalidSetting> {
    let digits: String = text.chars().filter(|c| !matches!(c, '-' | ' ')).collect();
    let is_number = (3..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let problem = "is not a number in digits, as it is registered in the console";
    if is_number { Ok(digits) } else { Err(InvalidSetting { setting: "the sender's phone number", problem }) }
}
