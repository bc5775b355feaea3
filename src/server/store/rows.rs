//! What the database's rows become, for both drivers.

use jiff::Timestamp;

use super::{Account, Rotated, StoredSession};
use crate::verification::policy::CountedSend;
use crate::verification::{Challenge, ChallengeId, Delivered, PhoneNumber, Purpose, SendHistory, State, SubjectId};

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
    provider_reference: Option<String>,
    delivery: Option<String>,
    attempts: i64,
    expires_at: i64,
    verified_at: Option<i64>,
    closed_at: Option<i64>,
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
            provider: row.provider,
            provider_reference: row.provider_reference,
            delivery: row.delivery.as_deref().map(Delivered::from_stored),
            state,
        }
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct SessionRow {
    subject: String,
    account_id: Option<String>,
    expires_at: i64,
    flash: Option<String>,
    rotated_at: Option<i64>,
    rotated_by: Option<String>,
    rotated_outcome: Option<String>,
}

impl From<SessionRow> for StoredSession {
    fn from(row: SessionRow) -> Self {
        let rotated = row.rotated_at.map(|at| Rotated {
            at: instant(at),
            by: row.rotated_by.unwrap_or_default(),
            outcome: row.rotated_outcome.unwrap_or_default(),
        });
        Self {
            subject: SubjectId::from_stored(row.subject),
            account_id: row.account_id,
            expires_at: instant(row.expires_at),
            flash: row.flash,
            rotated,
        }
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

/// One line of the history statement: which budget, when, and how the send ended.
#[derive(sqlx::FromRow)]
pub(super) struct CountedRow {
    kind: String,
    at: i64,
    result: String,
}

/// The history that the statement's lines tell, newest first whatever order they came in.
pub(super) fn history(mut rows: Vec<CountedRow>, current: Option<Challenge>) -> SendHistory {
    rows.sort_by_key(|row| std::cmp::Reverse(row.at));
    let mut history = SendHistory { current, ..SendHistory::default() };
    for row in rows {
        let at = instant(row.at);
        match row.kind.as_str() {
            "subject" => history.subject_sends.push(CountedSend { at, is_delivery: row.result != "taken" }),
            "number" => history.number_sends.push(at),
            "requester" => history.requester_spent_at = Some(at),
            "service" => history.is_service_spent = true,
            _ => history.is_number_taken = true,
        }
    }
    history
}
