//! The Twilio account, and what it is used for: Verify, messages, or both.

use super::super::origin::Origin;
use super::super::reader::Reader;
use super::vendor_url;
use crate::server::provider::routes::Routes;
use crate::server::provider::twilio::is_sid;
use crate::server::provider::twilio_messaging::{self, TwilioFrom, TwilioMessagingSettings, is_price, is_sender};
use crate::server::provider::twilio_verify::{self, TwilioVerifySettings};

const VERIFY_SERVICE: &str = "TWILIO_VERIFY_SERVICE_SID";
const FROM: &str = "TWILIO_FROM";
const MESSAGING_SERVICE: &str = "TWILIO_MESSAGING_SERVICE_SID";
const MAX_PRICE: &str = "TWILIO_MAX_PRICE";

/// What both are told of the account.
struct Account {
    account_sid: String,
    auth_token: String,
}

pub(super) fn read(
    env: &mut Reader<'_>,
    routes: &Routes,
    origin: &Origin,
) -> (Option<TwilioVerifySettings>, Option<TwilioMessagingSettings>) {
    let has = |env: &Reader<'_>, names: &[&str]| names.iter().any(|name| env.optional(name).is_some());
    let verifies = routes.uses(twilio_verify::NAME) || has(env, &[VERIFY_SERVICE]);
    let texts = routes.uses(twilio_messaging::NAME) || has(env, &[FROM, MESSAGING_SERVICE, MAX_PRICE]);
    let Some([account_sid, auth_token]) = env.account(["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"], verifies || texts) else {
        return (None, None);
    };
    if !verifies && !texts {
        env.refuse(VERIFY_SERVICE, "is missing, or one of TWILIO_FROM and TWILIO_MESSAGING_SERVICE_SID: who is to send?");
    }
    let account = Account { account_sid, auth_token };
    check_account(env, &account, texts);
    let verify = if verifies { read_verify(env, &account) } else { None };
    let messaging = if texts { read_messaging(env, account, origin) } else { None };
    (verify, messaging)
}

/// Verify takes the sid of an API key in the account's place. Of messages it stands in the address, and callbacks are signed by the account's
/// own token.
fn check_account(env: &mut Reader<'_>, account: &Account, texts: bool) {
    let sid = &account.account_sid;
    if sid.is_empty() || is_sid("AC", sid) {
        return;
    }
    if texts {
        env.refuse(
            "TWILIO_ACCOUNT_SID",
            "must be AC and 32 hexadecimal digits: an API key cannot stand in for the account of twilio_messaging",
        );
    } else if !is_sid("SK", sid) {
        env.refuse("TWILIO_ACCOUNT_SID", "must be AC (or SK of an API key) and 32 hexadecimal digits");
    }
}

fn read_verify(env: &mut Reader<'_>, account: &Account) -> Option<TwilioVerifySettings> {
    let [service_sid] = env.account([VERIFY_SERVICE], true)?;
    if !service_sid.is_empty() && !is_sid("VA", &service_sid) {
        env.refuse(VERIFY_SERVICE, "must be VA and 32 hexadecimal digits");
    }
    let base_url = env.parse("TWILIO_VERIFY_BASE_URL", twilio_verify::DEFAULT_BASE_URL, vendor_url);
    let Account { account_sid, auth_token } = account;
    Some(TwilioVerifySettings { base_url, account_sid: account_sid.clone(), auth_token: auth_token.clone(), service_sid })
}

fn read_messaging(env: &mut Reader<'_>, account: Account, origin: &Origin) -> Option<TwilioMessagingSettings> {
    let from = read_from(env);
    let max_price = env.optional(MAX_PRICE);
    if max_price.as_deref().is_some_and(|price| !is_price(price)) {
        env.refuse(MAX_PRICE, "must be an amount in USD, like 0.05");
    }
    let base_url = env.parse("TWILIO_MESSAGING_BASE_URL", twilio_messaging::DEFAULT_BASE_URL, vendor_url);
    let called_back_at = can_call(&base_url, origin).then(|| origin.as_str().to_owned());
    let Account { account_sid, auth_token } = account;
    Some(TwilioMessagingSettings { base_url, account_sid, auth_token, from: from?, max_price, called_back_at })
}

/// Who texts are from: exactly one of two.
fn read_from(env: &mut Reader<'_>) -> Option<TwilioFrom> {
    match (env.optional(FROM), env.optional(MESSAGING_SERVICE)) {
        (Some(sender), None) => {
            if !is_sender(&sender) {
                env.refuse(FROM, "must be a number like +15005550006, or a name of 1 to 11 letters, digits and spaces");
            }
            Some(TwilioFrom::Sender(sender))
        }
        (None, Some(sid)) => {
            if !is_sid("MG", &sid) {
                env.refuse(MESSAGING_SERVICE, "must be MG and 32 hexadecimal digits");
            }
            Some(TwilioFrom::Service(sid))
        }
        (Some(_), Some(_)) => {
            env.refuse(FROM, "says who texts are from, and so does TWILIO_MESSAGING_SERVICE_SID: leave one of them out");
            None
        }
        (None, None) => {
            env.refuse(FROM, "is missing, or TWILIO_MESSAGING_SERVICE_SID");
            None
        }
    }
}

/// Whether a vendor reaches us: over https from outside, or within this machine, where an emulator is.
fn can_call(base_url: &str, origin: &Origin) -> bool {
    let is_emulator = Origin::parse(base_url).is_ok_and(|base| base.is_loopback());
    if origin.is_loopback() { is_emulator } else { origin.is_https() }
}
