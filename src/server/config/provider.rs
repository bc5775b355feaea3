//! Who sends, and the vendors' accounts.

use super::origin::Origin;
use super::reader::Reader;
use crate::server::provider::roster::ProviderSettings;
use crate::server::provider::sens::{self, SensSettings};
use crate::server::provider::twilio_verify::{self, TwilioVerifySettings};
use crate::server::provider::{Proxy, outbox};

pub(super) fn read(env: &mut Reader<'_>) -> ProviderSettings {
    let current = env.one_of("SMS_PROVIDER", &[outbox::NAME, sens::NAME, twilio_verify::NAME]);
    ProviderSettings {
        current,
        https_proxy: read_https_proxy(env),
        sens: read_sens(env, current == sens::NAME),
        twilio: read_twilio(env, current == twilio_verify::NAME),
    }
}

/// As other programs read it: capital or small, the capital first.
fn read_https_proxy(env: &mut Reader<'_>) -> Option<Proxy> {
    let name = ["HTTPS_PROXY", "https_proxy"].into_iter().find(|name| env.optional(name).is_some())?;
    let proxy = Proxy::parse(&env.optional(name)?);
    if proxy.is_none() {
        env.refuse(name, "must be the address of an HTTP proxy, like http://proxy.example.com:3128");
    }
    proxy
}

fn read_sens(env: &mut Reader<'_>, is_needed: bool) -> Option<SensSettings> {
    let names = ["NAVER_SERVICE_ID", "NAVER_ACCESS_KEY", "NAVER_SECRET_KEY", "SENDER_PHONE_NUMBER"];
    let [service_id, access_key, secret_key, sender] = env.account(names, is_needed)?;
    let sender = match sender.as_str() {
        "" => sender,
        typed => env.check("SENDER_PHONE_NUMBER", sens::sender_digits(typed)).unwrap_or_default(),
    };
    let base_url = env.parse("SENS_BASE_URL", sens::DEFAULT_BASE_URL, vendor_url);
    Some(SensSettings { base_url, service_id, access_key, secret_key, sender })
}

fn read_twilio(env: &mut Reader<'_>, is_needed: bool) -> Option<TwilioVerifySettings> {
    let names = ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_VERIFY_SERVICE_SID"];
    let [account_sid, auth_token, service_sid] = env.account(names, is_needed)?;
    if !is_sid("AC", &account_sid) && !is_sid("SK", &account_sid) {
        env.refuse("TWILIO_ACCOUNT_SID", "must be AC (or SK of an API key) and 32 hexadecimal digits");
    }
    if !is_sid("VA", &service_sid) {
        env.refuse("TWILIO_VERIFY_SERVICE_SID", "must be VA and 32 hexadecimal digits");
    }
    let base_url = env.parse("TWILIO_VERIFY_BASE_URL", twilio_verify::DEFAULT_BASE_URL, vendor_url);
    Some(TwilioVerifySettings { base_url, account_sid, auth_token, service_sid })
}

fn is_sid(prefix: &str, text: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|rest| rest.len() == 32 && rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// A vendor is spoken to over https; plain http is for an emulator on this machine.
fn vendor_url(text: &str) -> Result<String, String> {
    let origin = Origin::parse(text)?;
    if origin.is_https() || origin.is_loopback() { Ok(origin.as_str().to_owned()) } else { Err("must be https".to_owned()) }
}
