//! What the guard against pumping counts and holds, what sends cost, and what happened that an operator wants to know of.

use async_trait::async_trait;
use jiff::Timestamp;

use super::batch::Asked;
use super::{Deed, Stored};
use crate::verification::guard::{CountrySlot, Counts};
use crate::verification::{GuardMode, GuardRule, HoldKey, PhoneNumber};

/// An entry of the tally: whose sends, of which five minutes ([`slot_of`](crate::verification::guard::slot_of)), and how many more.
pub type Tallied = ((String, i64), Counts);

/// Of whom evidence is asked.
#[derive(Clone, Debug)]
pub struct Suspect {
    /// The tally's names of prefix, country, requester and network ([`keys_of`](crate::verification::guard::keys_of)).
    pub keys: [String; 4],
    /// When.
    pub now: Timestamp,
}

impl Asked for Suspect {}

/// What the tally knows of a prefix, a requester and its network, and what is held.
#[derive(Clone, Debug, Default)]
pub struct StoredEvidence {
    /// Sends of ten minutes to the prefix.
    pub prefix_recent: Counts,
    /// Its mature sends of a day.
    pub prefix_day: Counts,
    /// Mature sends of an hour that the requester asked for.
    pub requester: Counts,
    /// The same of its network.
    pub network: Counts,
    /// The slot up to which sends to the prefix are no evidence: an operator lifted its hold then.
    pub prefix_since: i64,
    /// Rules by which prefix or country is held now, and whether that is acted on.
    pub held: Vec<(GuardRule, GuardMode)>,
}

/// What is held, or was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Prefix or country.
    pub key: HoldKey,
    /// By which rule.
    pub rule: GuardRule,
    /// Whether it is acted on, or was written down only.
    pub mode: GuardMode,
    /// What the rule saw.
    pub evidence: String,
    /// When it began.
    pub held_at: Timestamp,
    /// When it ends.
    pub until: Timestamp,
    /// When an operator ended it, the last time.
    pub lifted_at: Option<Timestamp>,
}

/// A send, as the tally counts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedOf {
    /// Where it went.
    pub phone_number: PhoneNumber,
    /// Who asked.
    pub requester: String,
    /// When.
    pub at: Timestamp,
}

/// What happened that an operator wants to know of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its name: the same thing is told once, whoever finds it.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// `guard.held`, `budget.warning`, `budget.exhausted`, `abuse.found`.
    pub kind: String,
    /// A prefix, a country, a currency; never a whole number.
    pub about: String,
    /// In words.
    pub detail: String,
}

/// What the guard and the budgets remember.
#[async_trait]
pub trait GuardBook: Send + Sync {
    /// What is known of where a code would go and who asks for it; one statement.
    async fn find_evidence(&self, suspect: &Suspect) -> Stored<StoredEvidence>;
    /// What came of the sends to each country, from a slot on.
    async fn find_country_slots(&self, from: i64) -> Stored<Vec<CountrySlot>>;
    /// The same of prefixes, each with its slot.
    async fn find_prefix_slots(&self, from: i64) -> Stored<Vec<Tallied>>;
    /// Adds to the tally, in a shard that no other replica writes at the same time.
    async fn add_tally(&self, tallied: &[Tallied], shard: i64) -> Stored<()>;
    /// Holds a prefix or a country, and tells of it. False where that is so already.
    async fn hold(&self, hold: &Hold, event: &Event) -> Stored<bool>;
    /// What is held now, and what was until a while ago, newest first.
    async fn find_holds(&self) -> Stored<Vec<Hold>>;
    /// Ends a hold now, and writes the deed down. False where nothing is held by that name.
    async fn lift_hold(&self, key: &HoldKey, deed: &Deed) -> Stored<bool>;
    /// Lets a hold last until then, and writes the deed down.
    async fn keep_hold(&self, key: &HoldKey, until: Timestamp, deed: &Deed) -> Stored<bool>;
    /// What a rolling day cost, by country, in millionths of a currency.
    async fn find_costs(&self, currency: &str, now: Timestamp) -> Stored<Vec<(String, i64)>>;
    /// Tells of something. False where it was told.
    async fn add_event(&self, event: &Event) -> Stored<bool>;
    /// What happened, newest first.
    async fn find_events(&self, most: u32) -> Stored<Vec<Event>>;
}
