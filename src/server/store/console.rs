//! What the operator's console needs: links that open it, its sessions, the audit from end to end, and the figures of a day.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Audited, Deed, Stored};
use crate::verification::{PhoneNumber, Tally};

/// A session of the console that begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewConsoleSession {
    /// SHA-256 of its cookie.
    pub digest: String,
    /// When it ends, however busy it is.
    pub expires_at: Timestamp,
}

/// A line of the audit, as the console lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// The name of its row.
    pub id: String,
    /// Who did what, when and why.
    pub audited: Audited,
    /// A masked number, `everybody`, `console`, a `client_id`, or the name of a key.
    pub target: String,
}

/// What happened in an hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HourFigures {
    /// Sends that a vendor took, or may have taken.
    pub sends: u64,
    /// Challenges that were proven.
    pub verified: u64,
}

/// What became of the sends through a vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VendorFigures {
    /// Its name; none where the challenge is forgotten.
    pub provider: Option<String>,
    /// `reserved`, `accepted`, `failed` or `unknown`.
    pub result: String,
    /// How many.
    pub sends: u64,
}

/// The figures of a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayFigures {
    /// The hours that have any, by their count since the Unix epoch.
    pub hours: Vec<(i64, HourFigures)>,
    /// All sends together.
    pub tally: Tally,
    /// How often each rule refused, the most frequent first.
    pub refusals: Vec<(String, u64)>,
    /// Each vendor in the last hour.
    pub vendors: Vec<VendorFigures>,
    /// Sends of the whole service that count against its day.
    pub service_sends: u64,
}

/// What is remembered for the console.
#[async_trait]
pub trait Console: Send + Sync {
    /// Adds a link that opens the console, and the line of the audit that says so.
    async fn add_link(&self, digest: &str, deed: &Deed, expires_at: Timestamp) -> Stored<()>;
    /// Whether a link is good.
    async fn find_link(&self, digest: &str, now: Timestamp) -> Stored<bool>;
    /// Uses a link up and begins its session, with a line of the audit. False when it was used or is over: of several at once one has it.
    async fn claim_link(&self, digest: &str, session: &NewConsoleSession, now: Timestamp) -> Stored<bool>;
    /// Begins the session of somebody who has proven a number, with a line of the audit.
    async fn add_console_session(&self, session: &NewConsoleSession, deed: &Deed) -> Stored<()>;
    /// Who a session is of, if it was seen since `rested_since` and has not ended. From now on it was seen now.
    async fn claim_console_session(&self, digest: &str, rested_since: Timestamp, now: Timestamp) -> Stored<Option<String>>;
    /// Ends a session.
    async fn remove_console_session(&self, digest: &str) -> Stored<()>;
    /// Writes down that somebody looked at a whole number.
    async fn mark_unmasked(&self, number: &PhoneNumber, deed: &Deed) -> Stored<()>;
    /// The audit, newest first, from behind a line on: its instant and the name of its row.
    async fn find_audit(&self, behind: Option<&(Timestamp, String)>, limit: u32) -> Stored<Vec<AuditLine>>;
    /// The figures of the day before `now`.
    async fn find_day(&self, now: Timestamp) -> Stored<DayFigures>;
}
