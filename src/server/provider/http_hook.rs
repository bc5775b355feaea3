//! Any other vendor, by a small program of the operator's: the text is posted to it, in the shape of Supabase's Send-SMS hook and signed as
//! Standard Webhooks are.
//!
//! Written after `standard-webhooks` (specification) and `supabase/auth` (`internal/hooks`). `webhook-id` is the send's own on every try, so
//! that the program can tell a repeat from another text.

mod answers;
mod body;
mod report;
pub(crate) mod signature;
#[cfg(test)]
pub(super) mod tests;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, RequestBuilder, Url};

use self::signature::HookSecrets;
use super::callback::{Callback, Misread, Report};
use super::setting::InvalidSetting;
use super::{Delivery, Message, ProviderFault, Receipt, SmsSender, repeat};
use crate::server::clock::Clock;

/// The name that `SMS_PROVIDERS` has for it.
pub const NAME: &str = "http";

/// What a try needs at least: one that has less is not begun.
const LEAST: Duration = Duration::from_secs(1);

/// Where the operator's program is. `Debug` shows nothing of it: addresses of such programs have secrets in them.
#[derive(Clone)]
pub(crate) struct HttpHookSettings {
    /// `SMS_HTTP_URL`.
    pub url: String,
    /// `SMS_HTTP_SECRET`.
    pub secrets: HookSecrets,
    /// `SMS_HTTP_REPORTS`: whether it posts what became of texts.
    pub reports: bool,
}

impl std::fmt::Debug for HttpHookSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HttpHookSettings").field("reports", &self.reports).finish_non_exhaustive()
    }
}

pub(crate) struct HttpHook {
    client: Client,
    clock: Arc<dyn Clock>,
    url: Url,
    secrets: HookSecrets,
    reports: bool,
}

impl HttpHook {
    /// `client` is [`http_client`](super::http_client)'s; `clock` must be within five minutes of true time, or the program believes nothing.
    pub(crate) fn new(client: Client, clock: Arc<dyn Clock>, settings: HttpHookSettings) -> Result<Self, InvalidSetting> {
        let HttpHookSettings { url, secrets, reports } = settings;
        Ok(Self { client, clock, url: address(&url)?, secrets, reports })
    }

    fn signed(&self, send_id: &str, body: &[u8]) -> RequestBuilder {
        let timestamp = self.clock.now().as_second().to_string();
        let request = self.client.post(self.url.clone()).header(CONTENT_TYPE, "application/json");
        let request = request.header("webhook-id", send_id).header("webhook-timestamp", &timestamp);
        request.header("webhook-signature", self.secrets.sign(send_id, &timestamp, body)).body(body.to_vec())
    }
}

#[async_trait]
impl SmsSender for HttpHook {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn send(&self, message: &Message<'_>) -> Result<Receipt, ProviderFault> {
        let body = body::of(message, self.clock.now());
        let request = || self.signed(message.send_id, &body);
        let answer = repeat::ask(message.deadline, LEAST, request, answers::wait_after).await?;
        tracing::debug!(status = answer.status.as_u16(), "the program behind SMS_HTTP_URL answered");
        if let Some(advice) = answers::advice(&answer) {
            tracing::error!(status = answer.status.as_u16(), "{advice}");
        }
        answers::receipt(&answer, message.send_id)
    }

    fn tells_delivery(&self) -> bool {
        self.reports
    }

    fn is_polled(&self) -> bool {
        false
    }

    /// There is no question for it: the program tells by itself.
    async fn delivery(&self, _: &str) -> Result<Delivery, ProviderFault> {
        Ok(Delivery::Waiting)
    }

    fn calls_back(&self) -> bool {
        self.reports
    }

    fn read_callback(&self, callback: &Callback<'_>) -> Result<Option<Report>, Misread> {
        if !self.secrets.has_signed(callback, self.clock.now()) {
            return Err(Misread::Forged);
        }
        report::read(callback.body)
    }
}

/// Reads `SMS_HTTP_URL`. A path and a query may be in it.
pub(in crate::server) fn address(text: &str) -> Result<Url, InvalidSetting> {
    let wrong = |problem| InvalidSetting { setting: "the address that texts are posted to", problem };
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let url = url.ok_or_else(|| wrong("is no http or https address"))?;
    let is_plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    if is_plain { Ok(url) } else { Err(wrong("has a name, a password or a fragment in it: the signature proves that it is us")) }
}
