//! Settings that are fine by themselves and do not go together.

use super::reader::Reader;
use super::{Config, admin, provider};
use crate::server::provider::outbox;

pub(super) fn refuse_what_does_not(env: &mut Reader<'_>, config: &Config) {
    let is_open = config.public_origin.is_https() || !config.public_origin.is_loopback();
    let is_outbox = config.provider.routes.uses(outbox::NAME);
    if is_outbox && is_open {
        env.refuse("SMS_PROVIDER", "outbox shows every code at /inbox, so PUBLIC_ORIGIN must be http on a loopback host");
    }
    if is_outbox && !config.listen_addr.ip().to_canonical().is_loopback() {
        env.refuse("LEPTOS_SITE_ADDR", "must be a loopback address with SMS_PROVIDER=outbox, which shows every code at /inbox");
    }
    if config.metrics_addr == Some(config.listen_addr) && config.listen_addr.port() != 0 {
        env.refuse("METRICS_ADDR", "must be another than LEPTOS_SITE_ADDR: the metrics are never told on the public port");
    }
    admin::refuse_what_is_taken(env, config);
    let is_insecure = env.one_of("INSECURE_HTTP", &["0", "1"]) == "1";
    if !config.public_origin.is_https() && !config.public_origin.is_loopback() && !is_insecure {
        env.refuse(
            "PUBLIC_ORIGIN",
            "must be https: over http codes and cookies can be read on the way (INSECURE_HTTP=1 if that is meant)",
        );
    }
    refuse_what_nobody_sends_to(env, config);
    if config.secret_keys.is_none() && (is_open || config.secret_key_path().is_none()) && env.optional("SECRET_KEY").is_none() {
        env.refuse("SECRET_KEY", "must be set: 32 bytes or more in hex or base64 (openssl rand -hex 32)");
    }
}

/// Each country must have somebody who sends there.
fn refuse_what_nobody_sends_to(env: &mut Reader<'_>, config: &Config) {
    for country in config.regions.allowed() {
        let names = config.provider.routes.of(&country);
        if names.is_empty() {
            env.refuse("SMS_PROVIDERS", format_args!("names nobody for {country}, which ALLOWED_REGIONS has: give the rest of the world a sender, like *:twilio_messaging"));
        }
        if country != "KR" && !names.is_empty() && names.iter().all(|name| provider::KOREA_ONLY.contains(name)) {
            env.refuse(
                "ALLOWED_REGIONS",
                format_args!("must be KR where {} sends: it reaches Korea only, here", names.join(" or ")),
            );
        }
    }
}
