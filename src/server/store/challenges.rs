//! Challenges: their attempts, their proof, their end.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{CountedOf, Rotation, Stored};
use crate::verification::{Challenge, ChallengeId, CodeDigest, PhoneNumber, SubjectId};

/// An attempt that was counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The challenge, the attempt included.
    pub challenge: Challenge,
    /// The digests of its codes that have not expired; none when the vendor holds the code.
    pub codes: Vec<CodeDigest>,
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

/// What became of a right code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// What it made of the challenge.
    pub consumed: Consumed,
    /// The challenge's sends that reached a handset, or may have; none where it was lost.
    pub sends: Vec<CountedOf>,
}

/// What is remembered of challenges.
#[async_trait]
pub trait Challenges: Send + Sync {
    /// The challenge of that name, closed or not.
    async fn find_challenge(&self, id: &ChallengeId) -> Stored<Option<Challenge>>;
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
    async fn mark_verified(&self, challenge: &Challenge, rotation: &Rotation) -> Stored<Proven>;
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
}
