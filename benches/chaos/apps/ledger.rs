//! What applications leave behind: every call with its answer, what the keys were when, and who was told of a sign-out.

use std::collections::HashMap;

use serde_json::Value;

/// Microseconds since the run began.
pub type Instant = u64;

/// What a call asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// A code.
    Authorize {
        /// For which application.
        client: usize,
        /// What it wants to find in the ID token.
        nonce: String,
        /// Whether it wants a refresh token.
        is_offline: bool,
    },
    /// Tokens for a code.
    Redeem(String),
    /// Tokens for a refresh token.
    Refresh(String),
    /// What an access token opens.
    UserInfo(String),
    /// The end of the session.
    SignOut {
        /// Whether an ID token came along as a hint.
        by_hint: bool,
    },
    /// The end of all sessions of the account.
    Everywhere,
}

/// Tokens as they came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set {
    /// Opens userinfo.
    pub access: String,
    /// Is changed for the next pair.
    pub refresh: Option<String>,
    /// Says who is there.
    pub id_token: String,
}

/// What the caller knows afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// Here is a code.
    Code(String),
    /// Here are tokens.
    Tokens(Set),
    /// This person, by this name.
    Person(String),
    /// It is done.
    Done,
    /// No: what was brought is not good, or nobody is signed in.
    Refused,
    /// Nobody knows: no answer, or one that says to try again.
    Nothing,
    /// An answer that is none of the interface's.
    Odd(String),
}

/// One call.
#[derive(Clone, Debug)]
pub struct Call {
    /// When it went out.
    pub from: Instant,
    /// When it was answered; the end of time where nobody knows what became of it.
    pub to: Instant,
    /// Which replica was spoken to.
    pub replica: usize,
    /// Whose.
    pub account: usize,
    /// Which session of theirs, numbered through the whole run.
    pub session: usize,
    /// What was asked.
    pub asked: Ask,
    /// What came back.
    pub told: Told,
}

/// The keys that a replica published at an instant.
#[derive(Clone, Debug)]
pub struct Look {
    /// When it was asked.
    pub from: Instant,
    /// When it answered.
    pub to: Instant,
    /// Which replica.
    pub replica: usize,
    /// Their names.
    pub kids: Vec<String>,
}

/// `beonho keys rotate`.
#[derive(Clone, Debug)]
pub struct Rotation {
    /// When it was begun.
    pub from: Instant,
    /// When it had ended.
    pub to: Instant,
    /// Whether the former keys are worth nothing from then on.
    pub is_at_once: bool,
}

/// An application heard that a session is over.
#[derive(Clone, Debug)]
pub struct Notice {
    /// When.
    pub at: Instant,
    /// Which application's address it came to.
    pub client: String,
    /// The logout token.
    pub token: String,
    /// Whether the application answered that it heard.
    pub is_taken: bool,
}

/// Everything.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// What tokens must name as their issuer.
    pub issuer: String,
    /// The id of each account, by its place.
    pub accounts: Vec<String>,
    /// Every call.
    pub calls: Vec<Call>,
    /// What was published when.
    pub looks: Vec<Look>,
    /// Every key that was ever published, by its name.
    pub keys: HashMap<String, Value>,
    /// When keys were rotated.
    pub rotations: Vec<Rotation>,
    /// Who was told what.
    pub notices: Vec<Notice>,
    /// Rows that should not be there, and how many.
    pub left_over: Vec<(String, usize)>,
}
