//! The operator's own program.

use reqwest::Url;

use super::super::reader::Reader;
use crate::server::network::is_loopback_host;
use crate::server::provider::http_hook::{HttpHookSettings, address, signature::HookSecrets};

pub(super) fn read(env: &mut Reader<'_>, is_needed: bool) -> Option<HttpHookSettings> {
    let reports = env.one_of("SMS_HTTP_REPORTS", &["no", "yes"]) == "yes";
    let [url, secrets] = env.account(["SMS_HTTP_URL", "SMS_HTTP_SECRET"], is_needed || reports)?;
    // One that is missing has been told.
    let checked = (!url.is_empty()).then(|| env.check("SMS_HTTP_URL", hook_url(&url))).flatten();
    let secrets = (!secrets.is_empty()).then(|| env.check("SMS_HTTP_SECRET", HookSecrets::parse(&secrets))).flatten();
    Some(HttpHookSettings { url: checked?, secrets: secrets?, reports })
}

/// Codes are posted there: https, or this machine.
fn hook_url(text: &str) -> Result<String, String> {
    let url: Url = address(text).map_err(|wrong| wrong.to_string())?;
    let is_safe = url.scheme() == "https" || url.host_str().is_some_and(is_loopback_host);
    if is_safe { Ok(text.to_owned()) } else { Err("must be https, because codes are posted there".to_owned()) }
}
