//! What the database's rows become, for both drivers.

mod asked;
mod granted;

pub(super) use asked::AskedRow;
pub(super) use granted::{GrantRow, TokenRow};
use jiff::Timestamp;

use super::{Account, AskedKey, Attempt, Kept, KeptAnswer, Rotated, StoredSession};
use crate::verification::send::CountedSend;
use crate::verification::{
    Challenge, ChallengeId, CodeDigest, Delivered, Judge, PhoneNumber, Purpose, SendHistory, State, SubjectId,
};

/// An instant as it was stored. What lies outside jiff's range cannot have been stored by us.
pub(super) fn instant(unix_ms: i64) -> Timestamp {
    Timestamp::from_millisecond(unix_ms).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[derive(sqlx::FromRow)]
pub(super) struct ChallengeRow {
    id: String,
    subject: String,
    phone_number: String,
    purpose: String,
    provider: String,
    judge: Option<String>,
    provider_reference: Option<String>,
    delivery: Option<String>,
    attempts: i64,
    sent_at: i64,
    expires_at: i64,
    verified_at: Option<i64>,
    closed_at: Option<i64>,
}

/// The only hosted vendor that an older replica has, which stores none but a provider.
const HOSTED_OF_OLD: &str = "twilio_verify";

fn judge(stored: Option<String>, provider: &str) -> Judge {
    match stored {
        Some(text) => Judge::from_stored(text),
        None if provider == HOSTED_OF_OLD => Judge::Hosted(provider.to_owned()),
        None => Judge::Ours,
    }
}

impl From<ChallengeRow> for Challenge {
    fn from(row: ChallengeRow) -> Self {
        let state = match (row.closed_at, row.verified_at) {
            (Some(_), _) => State::Closed,
            (None, Some(at)) => State::Verified { verified_at: instant(at) },
            (None, None) => {
                State::Pending { attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX), expires_at: instant(row.expires_at) }
            }
        };
        Self {
            id: ChallengeId::from_stored(row.id),
            subject: SubjectId::from_stored(row.subject),
            phone_number: PhoneNumber::from_stored(row.phone_number),
            purpose: Purpose::from_stored(&row.purpose),
            judge: judge(row.judge, &row.provider),
            first_sender: row.provider,
            provider_reference: row.provider_reference,
            delivery: row.delivery.as_deref().map(Delivered::from_stored),
            sent_at: instant(row.sent_at),
            state,
        }
    }
}

/// What counts against the budgets of a subject and a number, and the subject's challenge: empty columns when it has none.
#[derive(sqlx::FromRow)]
struct CountedRow {
    #[sqlx(flatten)]
    challenge: ChallengeRow,
    subject_sends: Option<String>,
    number_sends: Option<String>,
}

impl From<CountedRow> for SendHistory {
    fn from(row: CountedRow) -> Self {
        let subject_sends = sends(row.subject_sends.as_deref());
        Self {
            current: (!row.challenge.id.is_empty()).then(|| Challenge::from(row.challenge)),
            subject_sends: subject_sends.map(|(at, result)| CountedSend { at, is_delivery: result != "taken" }).collect(),
            number_sends: sends(row.number_sends.as_deref()).map(|(at, _)| at).collect(),
            ..Self::default()
        }
    }
}

/// Reads sends as a statement puts them together, `instant result,…`, newest first whatever order they came in.
fn sends(text: Option<&str>) -> impl Iterator<Item = (Timestamp, &str)> {
    let lines = text.into_iter().flat_map(|text| text.split(',')).filter_map(|line| line.split_once(' '));
    let mut sends: Vec<_> = lines.filter_map(|(at, result)| Some((instant(at.parse().ok()?), result))).collect();
    sends.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    sends.into_iter()
}

/// A session, where there is one, and the history of its subject.
#[derive(sqlx::FromRow)]
pub(super) struct VisitorRow {
    session_subject: Option<String>,
    account_id: Option<String>,
    authenticated_at: Option<i64>,
    sid: Option<String>,
    session_expires_at: Option<i64>,
    rotated_at: Option<i64>,
    rotated_by: Option<String>,
    rotated_outcome: Option<String>,
    requester_spent_at: Option<i64>,
    #[sqlx(flatten)]
    counted: CountedRow,
}

impl VisitorRow {
    pub(super) fn into_parts(self) -> (Option<StoredSession>, SendHistory) {
        let rotated = self.rotated_at.map(|at| Rotated {
            at: instant(at),
            by: self.rotated_by.unwrap_or_default(),
            outcome: self.rotated_outcome.unwrap_or_default(),
        });
        let session = self.session_subject.map(|subject| StoredSession {
            subject: SubjectId::from_stored(subject),
            account_id: self.account_id,
            authenticated_at: self.authenticated_at.map(instant),
            sid: self.sid,
            expires_at: instant(self.session_expires_at.unwrap_or_default()),
            rotated,
        });
        let requester_spent_at = self.requester_spent_at.map(instant);
        (session, SendHistory { requester_spent_at, ..self.counted.into() })
    }
}

/// A challenge whose attempt was counted, and what is stored of its codes.
#[derive(sqlx::FromRow)]
pub(super) struct AttemptRow {
    #[sqlx(flatten)]
    challenge: ChallengeRow,
    codes: Option<String>,
}

impl AttemptRow {
    pub(super) fn is_of(&self, subject: &str) -> bool {
        self.challenge.subject == subject
    }

    /// With the codes that have not expired and do not lie ahead of every clock.
    pub(super) fn into_attempt(self, now: Timestamp, skewed: Timestamp) -> Attempt {
        let is_good = |expires_at: &str, reserved_at: &str| -> Option<bool> {
            Some(instant(expires_at.parse().ok()?) > now && instant(reserved_at.parse().ok()?) <= skewed)
        };
        let codes = self.codes.as_deref().unwrap_or_default().split(',').filter_map(|code| {
            let mut words = code.split(' ');
            let (digest, expires_at, reserved_at) = (words.next()?, words.next()?, words.next()?);
            is_good(expires_at, reserved_at)?.then(|| CodeDigest::from_stored(digest.to_owned()))
        });
        Attempt { codes: codes.collect(), challenge: self.challenge.into() }
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct AccountRow {
    id: String,
    phone_number: String,
    nickname: String,
    consented_at: Option<i64>,
    created_at: i64,
}

impl From<AccountRow> for Account {
    fn from(row: AccountRow) -> Self {
        Self {
            id: row.id,
            phone_number: PhoneNumber::from_stored(row.phone_number),
            nickname: row.nickname,
            consented_at: row.consented_at.map(instant),
            created_at: instant(row.created_at),
        }
    }
}

/// What is kept for an `Idempotency-Key`.
#[derive(sqlx::FromRow)]
pub(super) struct KeptRow {
    request: String,
    status: Option<i64>,
    body: Option<String>,
    retry_after_secs: Option<i64>,
    claimed_at: i64,
}

impl KeptRow {
    pub(super) fn into_kept(self, asked: &AskedKey) -> Kept {
        if self.request != asked.request {
            return Kept::OfAnotherRequest;
        }
        match (self.status.and_then(|status| u16::try_from(status).ok()), self.body) {
            (Some(status), Some(body)) => {
                let retry_after_secs = self.retry_after_secs.and_then(|secs| u32::try_from(secs).ok());
                Kept::Answer(KeptAnswer { status, body, retry_after_secs })
            }
            _ => Kept::UnderWay { since: instant(self.claimed_at) },
        }
    }
}
