//! What is read before a send.

use super::{CountedRow, instant};
use crate::verification::{DaySpent, SendHistory};

/// The history of a send that is asked for.
#[derive(sqlx::FromRow)]
pub(in crate::server::store) struct AskedRow {
    #[sqlx(flatten)]
    counted: CountedRow,
    requester_spent_at: Option<i64>,
    service_sends: Option<i64>,
    taken_at: Option<i64>,
    /// There where the proof that is to buy the send was spent.
    pub(in crate::server::store) proof_expired_at: Option<i64>,
}

impl AskedRow {
    /// What of the day is spent in money comes from elsewhere.
    pub(in crate::server::store) fn into_history(self) -> SendHistory {
        // Sends that came to nothing are taken out of the count of the hour that they were made in, which may be forgotten by then.
        let sends = u64::try_from(self.service_sends.unwrap_or(0)).unwrap_or(0);
        SendHistory {
            is_number_taken: self.taken_at.is_some(),
            requester_spent_at: self.requester_spent_at.map(instant),
            day: DaySpent { sends, ..DaySpent::default() },
            ..self.counted.into()
        }
    }
}
