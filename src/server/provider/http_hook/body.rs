//! What is posted: the shape of Supabase's Send-SMS hook, and what else a vendor may need.

use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::super::Message;

#[derive(Serialize)]
struct HookBody<'a> {
    metadata: Metadata,
    user: User<'a>,
    sms: Code<'a>,
    beonho: Ours<'a>,
}

#[derive(Serialize)]
struct Metadata {
    uuid: String,
    time: String,
    name: &'static str,
}

#[derive(Serialize)]
struct User<'a> {
    id: &'a str,
    phone: &'a str,
}

#[derive(Serialize)]
struct Code<'a> {
    otp: &'a str,
    sms_type: &'static str,
    phone: &'a str,
}

/// What Supabase has not: the whole text with the line that binds the code to its origin, and what it is of.
#[derive(Serialize)]
struct Ours<'a> {
    text: &'a str,
    locale: &'static str,
    channel: &'static str,
    challenge_id: &'a str,
}

/// The body of a send. Supabase writes numbers in E.164 without the plus.
pub(super) fn of(message: &Message<'_>, now: Timestamp) -> Vec<u8> {
    let phone = message.to.as_e164().trim_start_matches('+');
    let body = HookBody {
        metadata: Metadata { uuid: uuid_of(message.send_id), time: now.to_string(), name: "send-sms" },
        user: User { id: message.subject.as_str(), phone },
        sms: Code { otp: message.code.as_str(), sms_type: message.purpose.as_str(), phone },
        beonho: Ours { text: message.text, locale: message.locale.tag(), channel: "sms", challenge_id: message.challenge.as_str() },
    };
    serde_json::to_vec(&body).expect("texts are JSON")
}

/// The send's name as a UUID, for programs that read one: version 8, made of a hash (RFC 9562, 5.8).
fn uuid_of(send_id: &str) -> String {
    let hash = Sha256::digest(send_id.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    bytes[6] = 0x80 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    let hex = format!("{:032x}", u128::from_be_bytes(bytes));
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_send_has_one_uuid_and_another_send_another() {
        let uuid = uuid_of("s3nd");
        assert_eq!(uuid, uuid_of("s3nd"));
        assert_ne!(uuid, uuid_of("S3nd"));
        let parts: Vec<_> = uuid.split('-').collect();
        assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [8, 4, 4, 4, 12], "{uuid}");
        assert!(parts[2].starts_with('8') && parts[3].starts_with(['8', '9', 'a', 'b']), "{uuid}");
    }
}
