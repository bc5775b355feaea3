//! Accounts.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Deed, Rotation, Stored};
use crate::verification::{ChallengeId, PhoneNumber};

/// What a sign-up makes of a proven number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its name: 128 random bits.
    pub id: String,
    /// The proven number.
    pub phone_number: PhoneNumber,
    /// What the person wants to be called, in composed form (Unicode NFC).
    pub nickname: String,
    /// When terms and privacy were agreed to; none where the team has neither.
    pub consented_at: Option<Timestamp>,
    /// When the person signed up.
    pub created_at: Timestamp,
}

/// A new account, whose number comes from the subject's verified challenge.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// A fresh name for it.
    pub id: String,
    /// The challenge that proved the number.
    pub challenge: ChallengeId,
    /// As the account is to have it.
    pub nickname: String,
    /// When terms and privacy were agreed to; none where the team has neither.
    pub consented_at: Option<Timestamp>,
    /// A proof of this instant or before is too old.
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

/// What is remembered of accounts.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Makes an account of a verified challenge, and rotates the session with it.
    async fn add_account(&self, account: &NewAccount, rotation: &Rotation) -> Stored<AddedAccount>;
    /// The account of that name, unless it was erased.
    async fn find_account(&self, id: &str) -> Stored<Option<Account>>;
    /// Erases a person: account, sessions and challenges, and the number wherever it stands; counts stay. False when no account had it.
    /// The deed is written down in either case.
    async fn remove_account(&self, number: &PhoneNumber, deed: &Deed) -> Stored<bool>;
}
