//! What is remembered. `sqlx` lives in this room and nowhere else.
//!
//! Every verb of [`Store`] is atomic by itself, and every guarantee against races is a guarded statement or a locked row in it.
//! One SQL text serves both databases (`store/sql.rs`); it is compiled once for each driver.

mod accounts;
mod batch;
mod challenges;
mod clients;
mod console;
mod grants;
pub mod guard;
mod guarded;
mod kept_answers;
mod migrations;
mod open;
pub mod oversight;
mod postgres;
mod recent_faults;
mod rows;
mod sends;
mod sessions;
mod set;
mod sqlite;

use async_trait::async_trait;
use jiff::Timestamp;

pub use accounts::{Account, Accounts, AddedAccount, NewAccount};
pub use challenges::{Attempt, Challenges, Consumed, Proven};
pub use clients::{Clients, StoredClient, StoredKey};
pub use console::{AuditLine, Console, DayFigures, HourFigures, NewConsoleSession, VendorFigures};
pub use grants::{Grant, Grants, HeldToken, LogoutNotice, NewToken, OwnSession, Redeemed, Refreshed, TokenKind, WaitingRequest};
pub use guard::{CountedOf, Event, GuardBook, Hold, StoredEvidence, Suspect, Tallied};
pub use kept_answers::{AskedKey, Kept, KeptAnswer, KeptAnswers};
pub(crate) use open::{back_up, check_url, open};
pub use open::{connect, name_of};
pub use oversight::{AbuseFacts, Audited, Deed, NumberStory, Oversight, Refused, TalliedSource, ToldSend};
pub use sends::{DecideSend, DeliveryResult, Reservation, SendCharge, SendRequest, SendResult, Sends, SentText, SpentProof};
pub use sessions::{Rotated, Rotation, Sessions, StoredSession};

use crate::verification::Policy;

/// The database failed. Opaque outside; the source is logged once, at the door.
#[derive(Debug, thiserror::Error)]
#[error("the database failed")]
pub struct StoreFault(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// What PostgreSQL says of a prepared statement that is not on the connection it was prepared on, or that another program left there.
const STATEMENTS_MIXED_UP: [&str; 2] = ["26000", "42P05"];

impl From<sqlx::Error> for StoreFault {
    fn from(fault: sqlx::Error) -> Self {
        let code = fault.as_database_error().and_then(sqlx::error::DatabaseError::code);
        if code.is_some_and(|code| STATEMENTS_MIXED_UP.contains(&&*code)) {
            return Self(format!("{fault}; behind a pooler, DATABASE_URL needs statement-cache-capacity=0").into());
        }
        Self(Box::new(fault))
    }
}

impl From<std::io::Error> for StoreFault {
    fn from(fault: std::io::Error) -> Self {
        Self(Box::new(fault))
    }
}

type Stored<T> = Result<T, StoreFault>;

/// How a verb of several statements ends.
enum Ending<T> {
    /// What it wrote is kept.
    Commit(T),
    /// What it wrote is taken back: it came too late.
    Rollback(T),
}

/// The database, in verbs that are each atomic. Those of one kind of row stand in the file of its name.
#[async_trait]
pub trait Store:
    Sessions + KeptAnswers + Sends + Challenges + Accounts + Oversight + GuardBook + Console + Clients + Grants
{
    /// Whether the database answers, and can be written.
    async fn ping(&self) -> Stored<()>;
    /// Erases at most `batch` rows of each kind whose time is over, and says whether there may be more. Any number of replicas may
    /// do so at once.
    async fn sweep(&self, policy: &Policy, now: Timestamp, batch: u32) -> Stored<bool>;
}
