//! Solapi, the message API v4: it carries our text as an SMS, or the code in an `AlimTalk` with our text as the SMS that replaces it.
//!
//! Written after the vendor's documents (github.com/solapi/documents), its clients (solapi-nodejs 6.0, solapi-kotlin) and its
//! examples. There is no idempotency key, so a send whose answer is unknown is never repeated.

mod advice;
mod answers;
mod body;
mod errors;
mod signature;
#[cfg(test)]
pub(super) mod tests;

use std::sync::Arc;

use async_trait::async_trait;
use reqwest::header::AUTHORIZATION;
use reqwest::{Client, Method, RequestBuilder, Url};

use self::body::{Destination, SendBody};
use self::signature::authorization;
use super::exchange::{Deadline, exchange};
use super::setting::{InvalidSetting, at_path, base_url, header_text, sender_digits};
use super::{Delivery, Message, ProviderFault, Receipt, SmsSender, TIME_LIMIT};
use crate::server::clock::Clock;
use crate::server::entropy;
use crate::server::telemetry::Seldom;

/// The word of `SMS_PROVIDERS` that chooses it.
pub const NAME: &str = "solapi";

/// Where Solapi is, unless the settings say otherwise.
pub(crate) const DEFAULT_BASE_URL: &str = "https://api.solapi.com";

/// What an account at Solapi needs. `Debug` shows neither keys nor the sender's number.
#[derive(Clone)]
pub(crate) struct SolapiSettings {
    /// `SOLAPI_BASE_URL`: [`DEFAULT_BASE_URL`], or an emulator.
    pub base_url: String,
    pub api_key: String,
    pub api_secret: String,
    /// `SOLAPI_SENDER`: registered in the console beforehand; hyphens and spaces are dropped.
    pub sender: String,
    /// An approved template; without one all texts go as SMS.
    pub kakao: Option<SolapiKakao>,
}

/// An `AlimTalk` template whose one variable is `#{인증번호}`.
#[derive(Clone, Debug)]
pub(crate) struct SolapiKakao {
    /// `SOLAPI_KAKAO_PF_ID`: Solapi's name for the channel.
    pub pf_id: String,
    /// `SOLAPI_KAKAO_TEMPLATE_ID`: Solapi's name for the template.
    pub template_id: String,
}

impl std::fmt::Debug for SolapiSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SolapiSettings").field("base_url", &self.base_url).field("kakao", &self.kakao).finish_non_exhaustive()
    }
}

pub(crate) struct Solapi {
    client: Client,
    clock: Arc<dyn Clock>,
    base: Url,
    settings: SolapiSettings,
    refused_look_said: Seldom,
}

impl Solapi {
    /// Solapi with an account. `client` is [`http_client`](super::http_client)'s; `clock` must be within 15 minutes of true time, or
    /// Solapi refuses every request.
    pub(crate) fn new(client: Client, clock: Arc<dyn Clock>, settings: SolapiSettings) -> Result<Self, InvalidSetting> {
        let base = base_url("the base URL of Solapi", &settings.base_url)?;
        header_text("the API key of Solapi", &settings.api_key)?;
        header_text("the API secret of Solapi", &settings.api_secret)?;
        if let Some(kakao) = &settings.kakao {
            header_text("the Kakao channel at Solapi", &kakao.pf_id)?;
            header_text("the Kakao template at Solapi", &kakao.template_id)?;
        }
        let settings = SolapiSettings { sender: sender_digits(&settings.sender)?, ..settings };
        Ok(Self { client, clock, base, settings, refused_look_said: Seldom::default() })
    }

    /// A request below `/messages/v4/`. Neither address nor body is signed, and a signature serves once: each request has a salt of
    /// its own.
    fn signed(&self, method: Method, url: Url) -> RequestBuilder {
        let date = self.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let salt = format!("{:032x}", u128::from_ne_bytes(entropy::bytes()));
        let authorization = authorization(&self.settings.api_key, &self.settings.api_secret, &date, &salt);
        self.client.request(method, url).header(AUTHORIZATION, authorization)
    }

    fn url(&self, path: &[&str]) -> Url {
        at_path(&self.base, &[&["messages", "v4"], path].concat())
    }
}

#[async_trait]
impl SmsSender for Solapi {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn send(&self, message: &Message<'_>) -> Result<Receipt, ProviderFault> {
        let to = Destination::of(message.to).ok_or_else(|| ProviderFault::InvalidNumber("not a number of a country".into()))?;
        // Hardly anybody abroad has KakaoTalk.
        let kakao = self.settings.kakao.as_ref().filter(|_| to.is_korean());
        let body = SendBody::new(&self.settings, kakao, &to, message);
        let request = self.signed(Method::POST, self.url(&["send-many", "detail"])).json(&body);
        let answer = exchange(request, message.deadline).await?;
        tracing::debug!(status = answer.status.as_u16(), "Solapi answered a send");
        if let Some(advice) = advice::of_send(&answer, self.clock.now()) {
            tracing::error!(status = answer.status.as_u16(), "{advice}");
        }
        answers::receipt(&answer, &to.number, kakao.is_some())
    }

    async fn delivery(&self, receipt: &str) -> Result<Delivery, ProviderFault> {
        let mut list = self.url(&["list"]);
        list.query_pairs_mut().append_pair(answers::name_of(receipt), receipt);
        let answer = exchange(self.signed(Method::GET, list), Deadline::after(TIME_LIMIT)).await?;
        // Asked again and again for every text, and some keys may send and not look.
        if let Some(advice) = advice::of_look(&answer, self.clock.now())
            && self.refused_look_said.is_due(self.clock.now())
        {
            tracing::error!(status = answer.status.as_u16(), "{advice}");
        }
        answers::delivery(&answer, receipt)
    }
}
