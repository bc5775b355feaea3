//! What is remembered. `sqlx` lives in this room and nowhere else.
//!
//! Every verb of [`Store`] is atomic by itself, and every guarantee against races is a guarded statement or a locked row in it.
//! One SQL text serves both databases (`store/sql.rs`); it is compiled once for each driver.

mod guarded;
mod migrations;
mod postgres;
mod rows;
mod sqlite;
mod suspicion;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

use guarded::{DatabaseFile, Guarded};
use migrations::Schema;

use crate::verification::{
    Challenge, ChallengeId, CodeDigest, Delivered, PhoneNumber, Policy, Purpose, SendHistory, SendPlan, SendRefusal, SubjectId,
};

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

/// Opens the database of a URL (`sqlite://…` or `postgres://…`) and migrates it. Replicas that start at once migrate once.
///
/// # Errors
///
/// When the URL is of neither kind, or the database cannot be reached or migrated.
pub async fn connect(url: &str) -> Stored<Arc<dyn Store>> {
    let suspicion = Arc::default();
    if is_postgres(url) {
        return Ok(Arc::new(Guarded::new(postgres::connect(url, &suspicion).await?, None, suspicion)));
    }
    let (store, path) = sqlite::connect(url).await?;
    Ok(Arc::new(Guarded::new(store, Some(DatabaseFile::at(path)?), suspicion)))
}

/// Opens a database that is there, as it is, for a command of the operator.
///
/// # Errors
///
/// When the URL is of neither kind, there is no such database, or its tables are not those of this program.
pub async fn open(url: &str) -> Stored<Arc<dyn Store>> {
    let suspicion = Arc::default();
    let (store, schema): (Arc<dyn Store>, _) = if is_postgres(url) {
        let (store, schema) = postgres::open(url, &suspicion).await?;
        (Arc::new(Guarded::new(store, None, suspicion)), schema)
    } else {
        let (store, schema) = sqlite::open(url).await?;
        (Arc::new(Guarded::new(store, None, suspicion)), schema)
    };
    demand(schema)?;
    Ok(store)
}

/// A command must know every place that a number may be in.
fn demand(schema: Schema) -> Stored<()> {
    let why = match schema {
        Schema::Current => return Ok(()),
        Schema::Missing => "it is no database of Beonho",
        Schema::Older => "its tables are of an older Beonho: start this one's server on it first",
        Schema::Newer => "its tables are of a newer Beonho: use the commands of that one",
    };
    Err(StoreFault(why.into()))
}

/// Whether a URL names a database whole, with no option that nobody would read. The words name no secret part.
///
/// # Errors
///
/// With what is wrong.
pub fn check_url(url: &str) -> Result<(), String> {
    if is_postgres(url) { postgres::check_url(url) } else { sqlite::check_url(url) }
}

/// Which database a URL means, in words that hold no password.
#[must_use]
pub fn name_of(url: &str) -> String {
    let name = if is_postgres(url) { postgres::name_of(url) } else { sqlite::name_of(url) };
    name.unwrap_or_else(|| "a database whose URL cannot be read".to_owned())
}

/// Copies the SQLite database of a URL, as it stands at one moment, into a new file. Others may write meanwhile.
///
/// # Errors
///
/// When the database is of another kind, the file exists, or either of them fails.
pub async fn back_up(url: &str, copy: &str) -> Stored<()> {
    if is_postgres(url) {
        return Err(StoreFault("PostgreSQL has its own tools for that: pg_dump, pg_basebackup".into()));
    }
    sqlite::back_up(url, copy).await
}

fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres:") || url.starts_with("postgresql:")
}

/// A send to reserve.
#[derive(Clone, Debug)]
pub struct SendRequest {
    /// Who asks.
    pub subject: SubjectId,
    /// Where the request comes from.
    pub requester: String,
    /// The number.
    pub phone_number: PhoneNumber,
    /// What the challenge is for.
    pub purpose: Purpose,
    /// The provider that will send.
    pub provider: &'static str,
}

/// A send that was reserved: it counts from now on, whatever becomes of it.
#[derive(Clone, Debug)]
pub struct Reservation {
    /// The name of the send.
    pub send_id: String,
    /// Whether it adds a code or opens a challenge.
    pub plan: SendPlan,
    /// The challenge that the code belongs to.
    pub challenge: ChallengeId,
    /// What is stored of the code; none when the vendor holds it.
    pub code_digest: Option<CodeDigest>,
    /// When this code expires.
    pub expires_at: Timestamp,
    /// What is known once the send is reserved.
    pub after: SendHistory,
}

/// Turns what is known into a reservation or a refusal, inside the transaction that holds the locks.
pub type DecideSend = Box<dyn Fn(&SendHistory) -> Result<Reservation, SendRefusal> + Send + Sync>;

/// What became of a send at the vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendResult {
    /// The vendor took it.
    Accepted {
        /// The vendor's name for it.
        reference: Option<String>,
        /// When the vendor is asked what became of it; none when it does not tell.
        poll_at: Option<Timestamp>,
    },
    /// It certainly was not sent.
    Failed,
    /// Nobody knows.
    Unknown,
}

/// Whether a send counts against subject and number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendCharge {
    /// It counts.
    Kept,
    /// Both got it back.
    GivenBack,
}

/// A request with an `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedKey {
    /// Who asks: a key is good for one subject.
    pub subject: SubjectId,
    /// The digest of the key.
    pub key: String,
    /// The digest of path and body.
    pub request: String,
}

/// What is known of such a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// What the first was answered.
    Answer(KeptAnswer),
    /// The first has no answer yet.
    UnderWay {
        /// When it came.
        since: Timestamp,
    },
    /// The key belongs to another request.
    OfAnotherRequest,
}

/// An answer that is given again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The body, as it was.
    pub body: String,
    /// `Retry-After`, in seconds.
    pub retry_after_secs: Option<u32>,
}

/// An accepted send whose vendor is to be asked what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DuePoll {
    /// The send.
    pub send_id: String,
    /// The provider that took it.
    pub provider: String,
    /// The provider's name for it.
    pub reference: String,
    /// Where it went; none once the number was erased.
    pub phone_number: Option<PhoneNumber>,
}

/// What became of one accepted text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryResult {
    /// The send.
    pub send_id: String,
    /// Whether it reached a handset.
    pub delivered: Delivered,
    /// The vendor's code and words, for the operator.
    pub reason: String,
}

/// An attempt that was counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The challenge, the attempt included.
    pub challenge: Challenge,
    /// The digests of its codes that have not expired; none when the vendor holds the code.
    pub codes: Vec<CodeDigest>,
}

/// A stored session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSession {
    /// Who it belongs to.
    pub subject: SubjectId,
    /// Its account, once signed up or in.
    pub account_id: Option<String>,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Set when another session took its place.
    pub rotated: Option<Rotated>,
}

/// What is kept of a session that was replaced, to answer a repeat of the post that replaced it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// When.
    pub at: Timestamp,
    /// The digest of the form's one-time value.
    pub by: String,
    /// The answer that post got.
    pub outcome: String,
}

/// The replacement of a session by another.
#[derive(Clone, Debug)]
pub struct Rotation {
    /// The digest of the cookie that came.
    pub old_digest: String,
    /// The digest of the cookie that goes out.
    pub new_digest: String,
    /// Who it belongs to, before and after.
    pub subject: SubjectId,
    /// When the new session ends while it has no account.
    pub expires_at: Timestamp,
    /// When the new session ends once it has an account.
    pub account_expires_at: Timestamp,
    /// The digest of the form's one-time value.
    pub by: String,
    /// Now.
    pub at: Timestamp,
}

/// What a right code made of a challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Consumed {
    /// Verified: good for sign-up.
    Verified,
    /// A sign-in: the session now has this account.
    SignedIn,
    /// Someone was faster, or the challenge or its session is closed.
    Lost,
}

/// A person's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its name: 128 random bits.
    pub id: String,
    /// The proven number.
    pub phone_number: PhoneNumber,
    /// What the person wants to be called.
    pub nickname: String,
    /// When terms and privacy were agreed to.
    pub consented_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A new account, whose number comes from the subject's verified challenge.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Its name.
    pub id: String,
    /// The verified challenge.
    pub challenge: ChallengeId,
    /// What the person wants to be called.
    pub nickname: String,
    /// When terms and privacy were agreed to.
    pub consented_at: Option<Timestamp>,
    /// The oldest proof that is still good.
    pub verified_after: Timestamp,
}

/// What a sign-up came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddedAccount {
    /// The account exists.
    Added,
    /// The number got an account meanwhile; the challenge is closed.
    NumberTaken,
    /// The challenge is not verified any more.
    NotVerified,
}

/// The database, in verbs that are each atomic.
#[async_trait]
pub trait Store: Send + Sync {
    /// Whether the database answers, and can be written.
    async fn ping(&self) -> Stored<()>;

    /// The session of a cookie, and the history of its subject and of the requester; the history of `subject` when the cookie has no
    /// session.
    async fn find_visitor(
        &self,
        digest: &str,
        subject: &SubjectId,
        requester: &str,
        policy: &Policy,
        now: Timestamp,
    ) -> Stored<(Option<StoredSession>, SendHistory)>;
    /// Lets a session that is used end later, never sooner.
    async fn prolong_session(&self, digest: &str, expires_at: Timestamp) -> Stored<()>;
    /// Counts that a session that was replaced is asked for its successor; false after `max_repeats` times.
    async fn count_repeat(&self, digest: &str, max_repeats: u32) -> Stored<bool>;

    /// What is known of a request with a key.
    async fn find_kept(&self, asked: &AskedKey) -> Stored<Option<Kept>>;
    /// Claims a key for a request that begins now. False when another has claimed it, unless that one began before `dead_before` and has
    /// no answer.
    async fn claim_key(&self, asked: &AskedKey, now: Timestamp, dead_before: Timestamp) -> Stored<bool>;
    /// Keeps the answer of a claimed key, for a day.
    async fn keep_answer(&self, asked: &AskedKey, answer: &KeptAnswer) -> Stored<()>;
    /// Frees a claimed key whose request did nothing.
    async fn give_key_up(&self, asked: &AskedKey) -> Stored<()>;

    /// Ends a session and its subject's challenge, unless it was replaced.
    async fn remove_session(&self, digest: &str, subject: &SubjectId, now: Timestamp) -> Stored<()>;

    /// The subject's challenge that is not closed, and what counts against the budgets of subject and its number.
    async fn find_history(&self, subject: &SubjectId, policy: &Policy, now: Timestamp) -> Stored<SendHistory> {
        Ok(self.find_visitor("", subject, "", policy, now).await?.1)
    }
    /// A challenge by name.
    async fn find_challenge(&self, id: &ChallengeId) -> Stored<Option<Challenge>>;
    /// Reserves a send: locks requester, subject and number in that order, reads what counts, lets `decide` decide, and writes.
    /// An answer that the number is taken is charged here too; any other refusal leaves no trace.
    async fn reserve_send(
        &self,
        request: &SendRequest,
        policy: &Policy,
        now: Timestamp,
        decide: DecideSend,
    ) -> Stored<Result<Reservation, SendRefusal>>;
    /// Records what became of a send. A certain failure removes its code, opens the challenge again that was closed for it, never counts
    /// against the subject or the service, and is given back to the number at most
    /// [`MAX_SENDS_GIVEN_BACK`](crate::verification::policy::MAX_SENDS_GIVEN_BACK) times a day.
    async fn mark_send(&self, send_id: &str, result: &SendResult, now: Timestamp) -> Stored<SendCharge>;

    /// Claims sends whose vendor is due to be asked; each is claimed by one replica, and comes due again later unless a result is
    /// marked meanwhile.
    async fn claim_polls(&self, now: Timestamp, batch: u32) -> Stored<Vec<DuePoll>>;
    /// Records what became of texts. A failure gives the send back to subject and number within the bound of [`Store::mark_send`], never
    /// to the service, which pays for what its vendor took; the challenge stays, so that another code can be asked for at once.
    async fn mark_deliveries(&self, results: &[DeliveryResult], now: Timestamp) -> Stored<()>;

    /// Counts one attempt before the code is looked at; none when the challenge, or the subject's own where none is named, takes no
    /// more attempts of this subject now.
    async fn count_attempt(
        &self,
        id: Option<&ChallengeId>,
        subject: &SubjectId,
        max_attempts: u32,
        now: Timestamp,
    ) -> Stored<Option<Attempt>>;
    /// Records that a vendor counts no more guesses.
    async fn mark_exhausted(&self, id: &ChallengeId, max_attempts: u32) -> Stored<()>;
    /// Records that a vendor has nothing to check any more: every code has expired and nothing lives there, unless the challenge was
    /// verified meanwhile.
    async fn mark_expired(&self, id: &ChallengeId, now: Timestamp) -> Stored<()>;
    /// Gives an attempt back that the vendor certainly did not judge.
    async fn give_attempt_back(&self, id: &ChallengeId) -> Stored<()>;
    /// Consumes a challenge after its right code, and rotates the session with it.
    async fn mark_verified(&self, challenge: &Challenge, rotation: &Rotation) -> Stored<Consumed>;
    /// The challenges of a number whose verification may still live at the vendor, those that were opened after an instant and not ended
    /// there, closed ones too, but not `except`.
    async fn find_hosted(
        &self,
        number: &PhoneNumber,
        provider: &str,
        except: &ChallengeId,
        opened_after: Timestamp,
    ) -> Stored<Vec<Challenge>>;
    /// Claims the right to ask the vendor about a challenge now. False when somebody did after `last_before`, or it is over.
    async fn claim_look_up(&self, id: &ChallengeId, now: Timestamp, last_before: Timestamp) -> Stored<bool>;
    /// Keeps the vendor's name for a challenge; if that is open, closes any other open one that holds the same name.
    async fn mark_reference(&self, id: &ChallengeId, reference: &str, now: Timestamp) -> Stored<()>;
    /// Closes one challenge that was ended at its vendor, unless it is verified.
    async fn close_challenge(&self, id: &ChallengeId, now: Timestamp) -> Stored<()>;
    /// Closes the subject's challenge.
    async fn close_challenges(&self, subject: &SubjectId, now: Timestamp) -> Stored<()>;

    /// Makes an account of a verified challenge, and rotates the session with it.
    async fn add_account(&self, account: &NewAccount, rotation: &Rotation) -> Stored<AddedAccount>;
    /// An account by name.
    async fn find_account(&self, id: &str) -> Stored<Option<Account>>;

    /// Lifts what stops a number, or everybody: sends until now no longer count, neither for the number nor for the subjects that asked.
    /// Says how many those were.
    async fn lift_budgets(&self, number: Option<&PhoneNumber>) -> Stored<u64>;
    /// Erases a person: account, sessions and challenges, and the number wherever it stands; counts stay. False when no account had it.
    async fn remove_account(&self, number: &PhoneNumber) -> Stored<bool>;
    /// Erases at most `batch` rows of each kind whose time is over, and says whether there may be more. Any number of replicas may
    /// do so at once.
    async fn sweep(&self, policy: &Policy, now: Timestamp, batch: u32) -> Stored<bool>;
}
