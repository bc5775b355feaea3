//! Twilio's status callback (Twilio, track the message status of outbound messages).

use reqwest::Url;
use url::form_urlencoded;

use super::super::callback::{Callback, Misread, Report};
use super::super::twilio::{is_sid, signature::is_signed};
use super::answers::delivery_of;

/// Says that another key signed, by a rule that the operator made in Twilio's console. Ours is the auth token.
const OTHER_KEY: &str = "x-twilio-webhooks-signature-settings";

/// Reads a callback that Twilio signed.
pub(super) fn read(callback: &Callback<'_>, origin: &Url, auth_token: &str) -> Result<Option<Report>, Misread> {
    if callback.headers.contains_key(OTHER_KEY) {
        return Err(Misread::Forged);
    }
    let signature = callback.header("x-twilio-signature").ok_or(Misread::Forged)?;
    let pairs = form_urlencoded::parse(callback.body);
    let form: Vec<_> = pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    if !is_signed(auth_token, origin, callback.target, &form, signature) {
        return Err(Misread::Forged);
    }
    let value = |name: &str| form.iter().find(|(named, _)| named == name).map(|(_, value)| value.as_str());
    let status = value("MessageStatus").ok_or(Misread::Unreadable)?;
    let reference = value("MessageSid").filter(|sid| is_sid("SM", sid)).ok_or(Misread::Unreadable)?;
    let send_id = callback.send_id.ok_or(Misread::Unreadable)?;
    let error_code = value("ErrorCode").and_then(|code| code.parse().ok());
    let delivery = delivery_of(status, error_code);
    Ok(Some(Report { send_id: send_id.to_owned(), reference: Some(reference.to_owned()), delivery }))
}
