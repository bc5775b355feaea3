//! Who sends, and the vendors' accounts.

mod http;
mod sens_alimtalk;
mod solapi;
mod twilio;

use super::origin::Origin;
use super::reader::Reader;
use crate::server::provider::roster::ProviderSettings;
use crate::server::provider::routes::Routes;
use crate::server::provider::sens::{self, SensSettings};
use crate::server::provider::sens_alimtalk::{self as alimtalk, SensAlimtalkSettings};
use crate::server::provider::setting::sender_digits;
use crate::server::provider::{Proxy, http_hook, outbox, solapi as solapi_vendor, twilio_messaging, twilio_verify};

/// Every provider there is.
const NAMES: [&str; 7] =
    [outbox::NAME, sens::NAME, alimtalk::NAME, solapi_vendor::NAME, twilio_messaging::NAME, twilio_verify::NAME, http_hook::NAME];
/// Those that share a country with no other: one sends nothing, the other's codes are good at no other.
const ALONE: [&str; 2] = [outbox::NAME, twilio_verify::NAME];
/// Those that send to Korea only, here.
pub(super) const KOREA_ONLY: [&str; 2] = [sens::NAME, alimtalk::NAME];

/// `origin` is where vendors call back.
pub(super) fn read(env: &mut Reader<'_>, origin: &Origin) -> ProviderSettings {
    let routes = read_routes(env);
    let (sens, sens_alimtalk) = read_naver(env, routes.uses(sens::NAME), routes.uses(alimtalk::NAME));
    let (twilio, twilio_messaging) = twilio::read(env, &routes, origin);
    ProviderSettings {
        https_proxy: read_https_proxy(env),
        sens,
        sens_alimtalk,
        solapi: solapi::read(env, routes.uses(solapi_vendor::NAME)),
        twilio,
        twilio_messaging,
        http: http::read(env, routes.uses(http_hook::NAME)),
        routes,
    }
}

/// One provider by `SMS_PROVIDER`, or several by `SMS_PROVIDERS`.
pub(super) fn read_routes(env: &mut Reader<'_>) -> Routes {
    let one = env.one_of("SMS_PROVIDER", &NAMES);
    let Some(several) = env.optional("SMS_PROVIDERS") else { return Routes::everywhere(&[one]) };
    if env.optional("SMS_PROVIDER").is_some() {
        env.refuse("SMS_PROVIDER", "says the same as SMS_PROVIDERS: leave one of them out");
    }
    let routes = Routes::parse(&several, &NAMES, &ALONE);
    env.check("SMS_PROVIDERS", routes).unwrap_or_else(|| Routes::everywhere(&[one]))
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

/// The two services of SENS, which share keys and sender: the SMS service is meant by its id, or by keys that nothing else needs.
fn read_naver(env: &mut Reader<'_>, needs_sms: bool, needs_talk: bool) -> (Option<SensSettings>, Option<SensAlimtalkSettings>) {
    const ID: &str = "NAVER_SERVICE_ID";
    const KEYS: [&str; 3] = ["NAVER_ACCESS_KEY", "NAVER_SECRET_KEY", "SENDER_PHONE_NUMBER"];
    let has_talk = needs_talk || sens_alimtalk::is_meant(env);
    let has_sms = needs_sms || env.optional(ID).is_some() || !has_talk && KEYS.iter().any(|name| env.optional(name).is_some());
    if !has_sms && !has_talk {
        return (None, None);
    }
    let service_id = if has_sms { env.account([ID], true) } else { None };
    let [access_key, secret_key, sender] = env.account(KEYS, true).unwrap_or_default();
    let sender = match sender.as_str() {
        "" => sender,
        typed => env.check("SENDER_PHONE_NUMBER", sender_digits(typed)).unwrap_or_default(),
    };
    let base_url = env.parse("SENS_BASE_URL", sens::DEFAULT_BASE_URL, vendor_url);
    let [service_id] = service_id.unwrap_or_default();
    let settings = SensSettings { base_url, service_id, access_key, secret_key, sender };
    let talk = has_talk.then(|| sens_alimtalk::read(env, settings.clone()));
    (has_sms.then_some(settings), talk)
}

/// A vendor is spoken to over https; plain http is for an emulator on this machine.
fn vendor_url(text: &str) -> Result<String, String> {
    let origin = Origin::parse(text)?;
    if origin.is_https() || origin.is_loopback() { Ok(origin.as_str().to_owned()) } else { Err("must be https".to_owned()) }
}

#[cfg(test)]
mod tests;
