//! What the operator looks at: whom a rule refused, a number's whole story, and what operators did.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Hold, Stored};
use crate::verification::{PhoneNumber, SubjectId, Tally};

/// Somebody whom a rule refused a code, once or several times in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The number that was asked for.
    pub phone_number: PhoneNumber,
    /// The name of the rule ([`SendRefusal::rule`](crate::verification::SendRefusal::rule)).
    pub rule: String,
    /// Who asked.
    pub subject: SubjectId,
    /// From which address.
    pub requester: String,
    /// The last time.
    pub at: Timestamp,
    /// How often, up to then.
    pub times: u64,
}

/// Who did something by hand, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// What the operator is called.
    pub actor: String,
    /// What the operator said it is for.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// A line of the audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audited {
    /// Who, when and why.
    pub deed: Deed,
    /// What was done.
    pub action: String,
}

/// A send to a number, as it stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldSend {
    /// When it was asked for.
    pub at: Timestamp,
    /// Who asked.
    pub subject: SubjectId,
    /// From which address.
    pub requester: String,
    /// Who was to send; none once the challenge is forgotten.
    pub provider: Option<String>,
    /// `sign_up` or `sign_in`; none once the challenge is forgotten.
    pub purpose: Option<String>,
    /// `reserved`, `accepted`, `failed` or `unknown`.
    pub result: String,
    /// Why it did not go through.
    pub fault: Option<String>,
    /// What became of the text: `delivered`, or the vendor's reason; none while nobody knows.
    pub delivery: Option<String>,
    /// Whether it counts against the number.
    pub is_counted: bool,
    /// Guesses at its challenge.
    pub attempts: u64,
    /// When its challenge was verified.
    pub verified_at: Option<Timestamp>,
}

/// All that is known of a number. Lists are newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NumberStory {
    /// When its account was made; none without one.
    pub account_made_at: Option<Timestamp>,
    /// The sends of the last day.
    pub sends: Vec<ToldSend>,
    /// The last refusals of the last day.
    pub refusals: Vec<Refused>,
    /// What operators did to it, to others that are masked alike, or to everybody.
    pub audit: Vec<Audited>,
    /// What holds its prefix or country, or did.
    pub holds: Vec<Hold>,
    /// Sends of the whole service within a day.
    pub service_sends: u64,
}

/// A source of sends, or where they went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TalliedSource {
    /// A subject, an address, or a prefix (a number but for its last four digits).
    pub source: String,
    /// What came of its sends.
    pub tally: Tally,
    /// One of its numbers.
    pub sample: Option<PhoneNumber>,
}

/// What may look like abuse. Sources with the most sends come first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AbuseFacts {
    /// From when on: later than what was asked for where there are more sends than are looked at.
    pub since: Timestamp,
    /// Who asked.
    pub browsers: Vec<TalliedSource>,
    /// From which addresses.
    pub addresses: Vec<TalliedSource>,
    /// To numbers of which prefix.
    pub prefixes: Vec<TalliedSource>,
    /// New accounts of each hour since the Unix epoch that has any.
    pub accounts_by_hour: BTreeMap<i64, u64>,
    /// Masked numbers that were erased more than once, and how often.
    pub removed: Vec<(String, u64)>,
}

/// What is remembered for the operator.
#[async_trait]
pub trait Oversight: Send + Sync {
    /// Adds refusals, and to the hour's count of each rule. Of a number the last [`MAX_REFUSALS_PER_NUMBER`] are kept, of all numbers the last
    /// [`MAX_REFUSALS`], whoever asks how often.
    async fn add_refusals(&self, refused: &[Refused], counts: &[(String, u64)], now: Timestamp) -> Stored<()>;
    /// Remembers why a send did not go through.
    async fn note_fault(&self, send_id: &str, fault: &str) -> Stored<()>;
    /// How many sends of the whole service count against its day.
    async fn find_service_sends(&self, now: Timestamp) -> Stored<u64>;
    /// All that is known of a number.
    async fn tell_of(&self, number: &PhoneNumber, now: Timestamp) -> Stored<NumberStory>;
    /// Whom the sends since an instant came from, where they went, and what came of them. Sends are kept for a day.
    async fn find_abuse(&self, since: Timestamp) -> Stored<AbuseFacts>;
}

/// How many refusals of one number are kept.
pub const MAX_REFUSALS_PER_NUMBER: u32 = 8;
/// How many refusals are kept in all.
pub const MAX_REFUSALS: u32 = 10_000;
