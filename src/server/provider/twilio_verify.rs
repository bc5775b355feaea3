//! Twilio Verify v2: the vendor makes the code, sends it and judges it.
//!
//! Written after the vendor's `OpenAPI` (`twilio_verify_v2`) and its pages "rate limits and timeouts" and "error codes". Decisions
//! are made on the HTTP status and Twilio's error code, never on a text.

mod answers;
mod errors;
#[cfg(test)]
pub(super) mod tests;

use std::time::Duration;

use async_trait::async_trait;
use reqwest::{Client, Method, RequestBuilder, Url};

use self::errors::{Question, fault, is_gone, is_used_up};
use super::exchange::{Deadline, VendorAnswer};
use super::setting::{InvalidSetting, at_path, base_url, header_text};
use super::twilio::{self, is_sid};
use super::{CheckTarget, HostedState, HostedVerifier, ProviderFault, Receipt, TIME_LIMIT, Verdict};
use crate::messages::Locale;
use crate::verification::{OneTimeCode, PhoneNumber};

/// The word of `SMS_PROVIDERS` that chooses it.
pub const NAME: &str = "twilio_verify";

/// Where Twilio Verify is, unless the settings say otherwise.
pub(crate) const DEFAULT_BASE_URL: &str = "https://verify.twilio.com";

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

    async fn ask(&self, method: Method, path: &[&str], form: &[(&str, &str)]) -> Result<VendorAnswer, ProviderFault> {
        twilio::ask(Deadline::after(self.time_limit), self.time_limit / 5, || self.request(&method, path, form)).await
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
        // As the vendor lists them; one that it does not know is a 404 (Twilio, Verify supported languages).
        let locale = match locale {
            Locale::Ko => "ko",
            Locale::En => "en",
            Locale::Ja => "ja",
            Locale::ZhHant => "zh-HK",
            Locale::ZhHans => "zh",
            Locale::Vi => "vi",
            Locale::Es => "es",
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
