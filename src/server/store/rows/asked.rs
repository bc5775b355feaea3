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
    spent_micros: Option<i64>,
    spent_abroad: Option<i64>,
    spent_country: Option<i64>,
    taken_at: Option<i64>,
}

impl AskedRow {
    pub(in crate::server::store) fn into_history(self) -> SendHistory {
        let day = DaySpent {
            // Sends that came to nothing are taken out of the count of the hour that they were made in, which may be forgotten by then.
            sends: u64::try_from(self.service_sends.unwrap_or(0)).unwrap_or(0),
            micros: self.spent_micros.unwrap_or(0),
            abroad: self.spent_abroad.unwrap_or(0),
            country: self.spent_country.unwrap_or(0),
        };
        SendHistory {
            is_number_taken: self.taken_at.is_some(),
            requester_spent_at: self.requester_spent_at.map(instant),
            day,
            ..self.counted.into()
        }
    }
}
