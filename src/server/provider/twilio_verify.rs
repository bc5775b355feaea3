//! Twilio Verify v2: the vendor makes the code, sends it and judges it.
//!
//! Written after the vendor's `OpenAPI` (`twilio_verify_v2`) and its pages "rate limits and timeouts" and "error codes". Decisions
//! are made on the HTTP status and Twilio's error code, never on a text.

mod answers;
mod errors;
#[cfg(test)]
mod tests;

use std::time::Duration;

use async_trait::async_trait;
use reqwest::{Client, Method, RequestBuilder, Url};

use self::errors::{Question, fault, is_gone, is_to_be_repeated, is_used_up};
use super::exchange::{Deadline, VendorAnswer, exchange};
use super::setting::{InvalidSetting, at_path, base_url, header_text};
use super::{CheckTarget, HostedState, HostedVerifier, ProviderFault, Receipt, TIME_LIMIT, Verdict};
use crate::messages::Locale;
use crate::verification::{OneTimeCode, PhoneNumber};

/// The value of `SMS_PROVIDER` that chooses it.
pub const NAME: &str = "twilio_verify";

/// Where Twilio Verify is, unless the settings say otherwise.
pub(crate) const DEFAULT_BASE_URL: &str = "https://verify.twilio.com";

/// The first wait before a refused request (20429) is repeated; each further wait is twice as long.
const FIRST_BACKOFF: Duration = Duration::from_millis(100);

/// What an account at Twilio needs. `Debug` does not show the token.
#[derive(Clone)]
pub(crate) struct TwilioVerifySettings {
    /// `TWILIO_VERIFY_BASE_URL`: [`DEFAULT_BASE_URL`], or an emulator.
    pub base_url: String,
    /// `TWILIO_ACCOUNT_SID`: `AC…`, or the sid of an API key (`SK…`).
    pub account_sid: String,
    /// `TWILIO_AUTH_TOKEN`, or the secret of that key.
    pub auth_token: String,
    /// `TWILIO_VERIFY_SERVICE_SID`: `VA` and 32 hexadecimal digits.
    pub service_sid: String,
}

impl std::fmt::Debug for TwilioVerifySettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TwilioVerifySettings").field("service_sid", &self.service_sid).finish_non_exhaustive()
    }
}

pub(crate) struct TwilioVerify {
    client: Client,
    base: Url,
    settings: TwilioVerifySettings,
    time_limit: Duration,
}

impl TwilioVerify {
    /// Twilio Verify with an account. `client` is [`http_client`](super::http_client)'s.
    pub(crate) fn new(client: Client, settings: TwilioVerifySettings) -> Result<Self, InvalidSetting> {
        let base = base_url("the base URL of Twilio Verify", &settings.base_url)?;
        header_text("the account sid of Twilio", &settings.account_sid)?;
        header_text("the auth token of Twilio", &settings.auth_token)?;
        if !is_sid("VA", &settings.service_sid) {
            let problem = "is not VA and 32 hexadecimal digits";
            return Err(InvalidSetting { setting: "the service sid of Twilio Verify", problem });
        }
        Ok(Self { client, base, settings, time_limit: TIME_LIMIT })
    }

    #[cfg(test)]
    fn limited_to(self, time_limit: Duration) -> Self {
        Self { time_limit, ..self }
    }

    /// A request below `/v2/Services/{ServiceSid}/`.
    fn request(&self, method: &Method, path: &[&str], form: &[(&str, &str)]) -> RequestBuilder {
        let url = at_path(&self.base, &[&["v2", "Services", &self.settings.service_sid], path].concat());
        let request = self.client.request(method.clone(), url);
        let request = request.basic_auth(&self.settings.account_sid, Some(&self.settings.auth_token));
        if form.is_empty() { request } else { request.form(form) }
    }

    /// Asks, and asks again while Twilio says 20429 and time is left: such a request was never processed.
    async fn ask(&self, method: Method, path: &[&str], form: &[(&str, &str)]) -> Result<VendorAnswer, ProviderFault> {
        let deadline = Deadline::after(self.time_limit);
        let mut backoff = FIRST_BACKOFF;
        loop {
            let answer = exchange(self.request(&method, path, form), deadline).await?;
            tracing::debug!(status = answer.status.as_u16(), code = errors::code(&answer), "Twilio Verify answered");
            let wait = answer.retry_after.unwrap_or_default().max(backoff);
            // A repeat that begins too late would be cut off, and what is certain now would become unknown.
            if !is_to_be_repeated(&answer) || deadline.remaining() < wait.saturating_add(self.time_limit / 5) {
                return Ok(answer);
            }
            tokio::time::sleep(wait).await;
            backoff *= 2;
        }
    }

    async fn ask_about(&self, method: Method, reference: &str, form: &[(&str, &str)]) -> Result<VendorAnswer, ProviderFault> {
        // Anything else could turn the path into that of another request.
        if !is_sid("VE", reference) {
            return Err(ProviderFault::Refused("not the sid of a verification".into()));
        }
        self.ask(method, &["Verifications", reference], form).await
    }
}

#[async_trait]
impl HostedVerifier for TwilioVerify {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn start(&self, to: &PhoneNumber, locale: Locale) -> Result<Receipt, ProviderFault> {
        let locale = match locale {
            Locale::Ko => "ko",
            Locale::En => "en",
        };
        let form = [("To", to.as_e164()), ("Channel", "sms"), ("Locale", locale)];
        let answer = self.ask(Method::POST, &["Verifications"], &form).await?;
        if answer.status.is_success() {
            return answers::receipt(&answer, to);
        }
        if let Some(advice) = errors::advice(&answer) {
            tracing::error!(status = answer.status.as_u16(), "{advice}");
        }
        Err(fault(&answer, Question::Start))
    }

    async fn check(&self, target: &CheckTarget, code: &OneTimeCode) -> Result<Verdict, ProviderFault> {
        let target_field = match target {
            CheckTarget::Reference(sid) => ("VerificationSid", sid.as_str()),
            CheckTarget::Number(number) => ("To", number.as_e164()),
        };
        let answer = self.ask(Method::POST, &["VerificationCheck"], &[("Code", code.as_str()), target_field]).await?;
        if is_used_up(&answer) {
            return Ok(Verdict::TooManyAttempts);
        }
        if is_gone(&answer) {
            return Ok(Verdict::Gone);
        }
        answers::verdict(succeeded(&answer)?, target)
    }

    async fn fetch(&self, reference: &str) -> Result<HostedState, ProviderFault> {
        let answer = self.ask_about(Method::GET, reference, &[]).await?;
        if is_gone(&answer) {
            return Ok(HostedState::Over);
        }
        answers::state(succeeded(&answer)?, reference)
    }

    async fn cancel(&self, reference: &str) -> Result<(), ProviderFault> {
        let answer = self.ask_about(Method::POST, reference, &[("Status", "canceled")]).await?;
        if is_gone(&answer) {
            return Ok(());
        }
        answers::canceled(succeeded(&answer)?, reference)
    }
}

fn succeeded(answer: &VendorAnswer) -> Result<&VendorAnswer, ProviderFault> {
    if answer.status.is_success() { Ok(answer) } else { Err(fault(answer, Question::Other)) }
}

/// A sid of Twilio: two letters and 32 hexadecimal digits (`OpenAPI`).
fn is_sid(prefix: &str, text: &str) -> bool {
    let digits = text.strip_prefix(prefix).unwrap_or_default();
    digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}
