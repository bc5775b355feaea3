//! Work in the place of a puzzle: gives challenges of ALTCHA's protocol out and judges what comes back, or the wait in its place
//! (docs/design.md, "What does a doubtful send cost?"). What was judged good is spent by the store, with the send that it buys.

mod challenge;
mod recent;
mod wait;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;

use crate::server::store::SpentProof;
use crate::verification::work::iterations_after;
use crate::verification::{PhoneNumber, Purpose, SecretKeys, SubjectId};
use recent::Recent;

/// Gives work out, dearer to whoever was given some before.
#[derive(Default)]
pub(crate) struct Work(Recent);

/// Which send it is for. Work for one is worthless for another.
#[derive(Clone, Debug)]
pub(crate) struct WorkFor {
    pub number: PhoneNumber,
    pub purpose: Purpose,
    pub subject: SubjectId,
    /// The address, IPv6 cut to /64.
    pub requester: String,
}

/// What somebody is given who must work first.
#[derive(Clone, Debug)]
pub(crate) struct GivenWork {
    /// The challenge, in JSON.
    pub challenge: String,
    /// What says, in a form, since when its person waits.
    pub wait: String,
}

/// What a proof is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Judged {
    /// Somebody worked.
    Solved(SpentProof),
    /// Somebody waited.
    Waited(SpentProof),
    /// Somebody waits, and pressed before it was time.
    Early { wait: String, until: Timestamp },
    /// None was given, or it is not good.
    Nothing,
}

impl Judged {
    pub(crate) fn proof(&self) -> Option<&SpentProof> {
        match self {
            Self::Solved(proof) | Self::Waited(proof) => Some(proof),
            Self::Early { .. } | Self::Nothing => None,
        }
    }
}

impl Work {
    /// Gives work out; none when the challenge cannot be made.
    pub(crate) fn give(&self, keys: &SecretKeys, sent: &WorkFor, now: Timestamp) -> Option<GivenWork> {
        let iterations = iterations_after(self.0.count(sent, now));
        let challenge = challenge::make(keys, sent, iterations, now);
        let challenge = challenge.inspect_err(|fault| tracing::error!(%fault, "no challenge was made")).ok()?;
        Some(GivenWork { challenge, wait: wait::begin(keys, sent, now) })
    }

    /// What a proof is worth for this send. Whatever is wrong with one is all the same.
    pub(crate) fn judge(keys: &SecretKeys, sent: &WorkFor, proof: Option<&str>, now: Timestamp) -> Judged {
        let Some(proof) = proof.filter(|proof| !proof.is_empty()) else { return Judged::Nothing };
        if let Some(token) = proof.strip_prefix(wait::MARK) {
            return wait::judge(keys, sent, token, now);
        }
        match challenge::judge(keys, sent, proof, now) {
            Ok(proof) => Judged::Solved(proof),
            Err(wrong) => {
                tracing::debug!(wrong, "a proof is not good");
                Judged::Nothing
            }
        }
    }
}

fn encoded(mac: &[u8; 32]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(mac)
}
