//! The wait in the place of work: a form carries since when its person waits, signed.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;

use super::{Judged, WorkFor, encoded};
use crate::server::store::SpentProof;
use crate::verification::SecretKeys;
use crate::verification::secret_keys::Use;
use crate::verification::work::{WaitStanding, day_of, wait_standing};

/// What tells a wait from a proof.
pub(super) const MARK: &str = "wait.";

/// Begins a wait: the instant, and our word on it.
pub(super) fn begin(keys: &SecretKeys, sent: &WorkFor, now: Timestamp) -> String {
    let began = now.as_millisecond().to_be_bytes();
    let tag = keys.mac(Use::Wait, &parts(sent, &began));
    format!("{MARK}{}", BASE64_URL_SAFE_NO_PAD.encode([&began[..], &tag].concat()))
}

fn parts<'a>(sent: &'a WorkFor, began: &'a [u8; 8]) -> [&'a [u8]; 4] {
    [sent.number.as_e164().as_bytes(), sent.purpose.as_str().as_bytes(), sent.subject.as_str().as_bytes(), began]
}

/// What a wait is worth. It buys a number one code a day.
pub(super) fn judge(keys: &SecretKeys, sent: &WorkFor, token: &str, now: Timestamp) -> Judged {
    let Some(began) = opened(keys, sent, token) else { return Judged::Nothing };
    match wait_standing(began, now) {
        WaitStanding::Early { until } => Judged::Early { wait: format!("{MARK}{token}"), until },
        WaitStanding::Done => {
            let (day, expires_at) = day_of(now);
            let number = encoded(&keys.mac(Use::Wait, &[sent.number.as_e164().as_bytes()]));
            Judged::Waited(SpentProof { id: format!("wait:{number}:{day}"), expires_at })
        }
        WaitStanding::Over => Judged::Nothing,
    }
}

fn opened(keys: &SecretKeys, sent: &WorkFor, token: &str) -> Option<Timestamp> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
    let (began, tag) = bytes.split_first_chunk::<8>()?;
    let is_ours = keys.is_mac(Use::Wait, &parts(sent, began), tag);
    Timestamp::from_millisecond(i64::from_be_bytes(*began)).ok().filter(|_| is_ours)
}
