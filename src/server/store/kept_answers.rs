//! What requests with an `Idempotency-Key` were answered.

use async_trait::async_trait;
use jiff::Timestamp;

use super::Stored;
use crate::verification::SubjectId;

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
        /// When its key was claimed.
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

/// What is remembered of requests that bring a key of their own.
#[async_trait]
pub trait KeptAnswers: Send + Sync {
    /// What is known of a request with a key; none while nobody has claimed the key.
    async fn find_kept(&self, asked: &AskedKey) -> Stored<Option<Kept>>;
    /// Claims a key for a request that begins now. False when another has claimed it, unless that one began before `dead_before` and has
    /// no answer.
    async fn claim_key(&self, asked: &AskedKey, now: Timestamp, dead_before: Timestamp) -> Stored<bool>;
    /// Keeps the answer of a claimed key, for a day.
    async fn keep_answer(&self, asked: &AskedKey, answer: &KeptAnswer) -> Stored<()>;
    /// Frees a claimed key whose request did nothing.
    async fn give_key_up(&self, asked: &AskedKey) -> Stored<()>;
}
