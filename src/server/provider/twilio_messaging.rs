//! Twilio Programmable Messaging: it carries our text to the world.
//!
//! Written after the vendor's `OpenAPI` (`twilio_api_v2010`) and its pages "Messages resource", "Track the message status of outbound messages"
//! and "Secure webhooks". There is no idempotency key, so a send whose answer is unknown is never repeated.

mod answers;
mod callback;
mod errors;
#[cfg(test)]
pub(super) mod tests;

use std::time::Duration;

use async_trait::async_trait;
use reqwest::{Client, Method, RequestBuilder, Url};

use super::callback::{Callback, Misread, Report};
use super::exchange::Deadline;
use super::setting::{InvalidSetting, at_path, base_url, header_text};
use super::twilio::{self, is_sid};
use super::{Delivery, Message, ProviderFault, Receipt, SmsSender, TIME_LIMIT};

/// The name that `SMS_PROVIDERS` has for it.
pub const NAME: &str = "twilio_messaging";

/// Where Twilio's interface is, unless the settings say otherwise.
pub(crate) const DEFAULT_BASE_URL: &str = "https://api.twilio.com";

/// How long a text may wait at Twilio, in seconds: the lifetime that a code has by default. Twilio takes 1 to 14,400, by a newer page 36,000
/// (errors 21624 and 90007).
const VALIDITY_SECS: &str = "300";

/// What a try needs at least: one that has less is not begun.
const LEAST: Duration = Duration::from_secs(1);

/// Who a text is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TwilioFrom {
    /// `TWILIO_FROM`: a number of the account (E.164), or an alphanumeric sender.
    Sender(String),
    /// `TWILIO_MESSAGING_SERVICE_SID`: Twilio chooses among the senders of a service.
    Service(String),
}

/// What an account at Twilio needs. `Debug` does not show the token.
#[derive(Clone)]
pub(crate) struct TwilioMessagingSettings {
    /// `TWILIO_MESSAGING_BASE_URL`: [`DEFAULT_BASE_URL`], or an emulator.
    pub base_url: String,
    /// `TWILIO_ACCOUNT_SID`: `AC…`. It stands in the address, so the sid of an API key does not do.
    pub account_sid: String,
    /// `TWILIO_AUTH_TOKEN`: signs the callbacks too.
    pub auth_token: String,
    pub from: TwilioFrom,
    /// `TWILIO_MAX_PRICE`: USD, a decimal.
    pub max_price: Option<String>,
    /// The origin that Twilio calls back; none where it cannot be reached from there.
    pub called_back_at: Option<String>,
}

impl std::fmt::Debug for TwilioMessagingSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TwilioMessagingSettings").field("called_back_at", &self.called_back_at).finish_non_exhaustive()
    }
}

pub(crate) struct TwilioMessaging {
    client: Client,
    base: Url,
    called_back_at: Option<Url>,
    settings: TwilioMessagingSettings,
}

impl TwilioMessaging {
    /// Twilio's messaging with an account. `client` is [`http_client`](super::http_client)'s.
    pub(crate) fn new(client: Client, settings: TwilioMessagingSettings) -> Result<Self, InvalidSetting> {
        let base = base_url("the base URL of Twilio", &settings.base_url)?;
        header_text("the auth token of Twilio", &settings.auth_token)?;
        let wrong = |setting, problem| Err(InvalidSetting { setting, problem });
        if !is_sid("AC", &settings.account_sid) {
            return wrong("the account sid of Twilio", "is not AC and 32 hexadecimal digits");
        }
        match &settings.from {
            TwilioFrom::Sender(sender) if !is_sender(sender) => {
                return wrong(
                    "the sender at Twilio",
                    "is neither a number like +15005550006 nor a name of 1 to 11 letters and digits",
                );
            }
            TwilioFrom::Service(sid) if !is_sid("MG", sid) => {
                return wrong("the messaging service of Twilio", "is not MG and 32 hexadecimal digits");
            }
            _ => {}
        }
        if settings.max_price.as_deref().is_some_and(|price| !is_price(price)) {
            return wrong("the highest price at Twilio", "is no amount in USD, like 0.05");
        }
        if settings.max_price.is_some() {
            // Whoever sets it believes that the bill has an end.
            tracing::warn!(
                "Twilio says that it has ignored MaxPrice since 2024-06 (error 21627): TWILIO_MAX_PRICE bounds nothing, BUDGET_PER_DAY does"
            );
        }
        let called_back_at = settings.called_back_at.as_deref().map(|origin| base_url("the origin that Twilio calls back", origin));
        Ok(Self { client, base, called_back_at: called_back_at.transpose()?, settings })
    }

    /// A request below `/2010-04-01/Accounts/{AccountSid}/`.
    fn request(&self, method: &Method, path: &[&str]) -> RequestBuilder {
        let url = at_path(&self.base, &[&["2010-04-01", "Accounts", &self.settings.account_sid], path].concat());
        self.client.request(method.clone(), url).basic_auth(&self.settings.account_sid, Some(&self.settings.auth_token))
    }

    /// The parameters of a send (Messages resource, create).
    fn form(&self, message: &Message<'_>) -> Vec<(&'static str, String)> {
        let mut form = vec![("To", message.to.as_e164().to_owned()), ("Body", message.text.to_owned())];
        form.push(match &self.settings.from {
            TwilioFrom::Sender(sender) => ("From", sender.clone()),
            TwilioFrom::Service(sid) => ("MessagingServiceSid", sid.clone()),
        });
        form.push(("ValidityPeriod", VALIDITY_SECS.to_owned()));
        form.extend(self.settings.max_price.clone().map(|price| ("MaxPrice", price)));
        let callback = |origin: &Url| at_path(origin, &["hooks", "twilio", message.send_id]).to_string();
        form.extend(self.called_back_at.as_ref().map(|origin| ("StatusCallback", callback(origin))));
        form
    }
}

#[async_trait]
impl SmsSender for TwilioMessaging {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn send(&self, message: &Message<'_>) -> Result<Receipt, ProviderFault> {
        let form = self.form(message);
        let request = || self.request(&Method::POST, &["Messages.json"]).form(&form);
        let answer = twilio::ask(message.deadline, LEAST, request).await?;
        if answer.status.is_success() {
            return answers::receipt(&answer, message.to);
        }
        if let Some(advice) = errors::advice(&answer) {
            tracing::error!(status = answer.status.as_u16(), "{advice}");
        }
        Err(errors::fault(&answer))
    }

    async fn delivery(&self, receipt: &str) -> Result<Delivery, ProviderFault> {
        // Anything else could turn the path into that of another request.
        if !is_sid("SM", receipt) {
            return Err(ProviderFault::Refused("not the sid of a message".into()));
        }
        let path = format!("{receipt}.json");
        let request = || self.request(&Method::GET, &["Messages", &path]);
        let answer = twilio::ask(Deadline::after(TIME_LIMIT), LEAST, request).await?;
        if answer.status.is_success() { answers::delivery(&answer, receipt) } else { Err(errors::fault(&answer)) }
    }

    fn calls_back(&self) -> bool {
        self.called_back_at.is_some()
    }

    fn read_callback(&self, callback: &Callback<'_>) -> Result<Option<Report>, Misread> {
        let origin = self.called_back_at.as_ref().ok_or(Misread::Forged)?;
        callback::read(callback, origin, &self.settings.auth_token)
    }
}

/// A number in E.164, or an alphanumeric sender: up to eleven letters, digits and spaces, one of them a letter (Twilio, alphanumeric sender id).
pub(in crate::server) fn is_sender(text: &str) -> bool {
    if let Some(digits) = text.strip_prefix('+') {
        return (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    }
    let is_meant = |byte: u8| byte.is_ascii_alphanumeric() || byte == b' ';
    (1..=11).contains(&text.len()) && text.bytes().all(is_meant) && text.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// An amount above nothing, with a point and no sign.
pub(in crate::server) fn is_price(text: &str) -> bool {
    let (whole, rest) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |text: &str| !text.is_empty() && text.len() <= 6 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number(whole) && is_number(rest) && text.bytes().any(|byte| (b'1'..=b'9').contains(&byte))
}
