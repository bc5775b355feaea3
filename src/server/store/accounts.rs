//! Accounts.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Rotation, Stored};
use crate::verification::{ChallengeId, PhoneNumber};

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

/// What is remembered of accounts.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Makes an account of a verified challenge, and rotates the session with it.
    async fn add_account(&self, account: &NewAccount, rotation: &Rotation) -> Stored<AddedAccount>;
    /// An account by name.
    async fn find_account(&self, id: &str) -> Stored<Option<Account>>;
    /// Erases a person: account, sessions and challenges, and the number wherever it stands; counts stay. False when no account had it.
    async fn remove_account(&self, number: &PhoneNumber) -> Stored<bool>;
}
