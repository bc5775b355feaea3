//! What a run leaves behind: every call with its answer, every message, and what stood in the end.

use super::caller::Answer;
use super::vendor::Sms;

/// What a call asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A code.
    Send,
    /// Judgement of a code, for a challenge.
    Check {
        /// The challenge that the call names.
        challenge: String,
        /// The code.
        code: String,
        /// Whether the challenge is another subject's.
        is_foreign: bool,
    },
    /// An account.
    SignUp,
    /// The status.
    Status,
}

/// What the caller knows afterwards.
#[derive(Clone, Debug)]
pub enum Heard {
    /// An answer.
    Answered(Answer),
    /// The call went out and no answer came back: nobody knows what became of it.
    Lost,
    /// Nobody was there to take it.
    Unsent,
}

/// One call.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Milliseconds since the run began.
    pub at_ms: u64,
    /// Which replica was spoken to.
    pub replica: usize,
    /// Who called.
    pub subject: u32,
    /// The number that the subject wants to prove.
    pub number: String,
    /// Which acknowledged verification the call's session stood for, or may have.
    pub proof: Option<Proof>,
    /// What was asked.
    pub asked: Asked,
    /// What came back.
    pub heard: Heard,
}

/// The name of an acknowledged verification: the cookie that came with it.
pub type Proof = String;

/// What an acknowledged verification stood at in the end.
#[derive(Clone, Debug)]
pub struct Ending {
    /// Which one.
    pub proof: Proof,
    /// Whose.
    pub subject: u32,
    /// For which number.
    pub number: String,
    /// The state that its session's newest cookie was told.
    pub state: String,
}

/// Everything.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Every call.
    pub entries: Vec<Entry>,
    /// Every message, in order for each number.
    pub messages: Vec<Sms>,
    /// Every acknowledged verification.
    pub endings: Vec<Ending>,
    /// The number of every account in the database.
    pub accounts: Vec<String>,
    /// What the messages cost.
    pub money: Book,
}

/// The books of a run, in millionths. Every message has the same price.
#[derive(Clone, Copy, Debug, Default)]
pub struct Book {
    /// What a message costs.
    pub price: i64,
    /// What all of them may.
    pub budget: i64,
    /// What the hours say that they cost.
    pub of_hours: i64,
    /// What the sends say, those left out that certainly failed.
    pub of_sends: i64,
    /// How many messages may be under way at one instant.
    pub in_flight: i64,
}

impl Entry {
    /// The outcome, where there was an answer.
    pub fn outcome(&self) -> Option<&str> {
        match &self.heard {
            Heard::Answered(answer) => Some(&answer.outcome),
            Heard::Lost | Heard::Unsent => None,
        }
    }

    /// The challenge that a check was for.
    pub fn challenge(&self) -> Option<&str> {
        match &self.asked {
            Asked::Check { challenge, .. } => Some(challenge),
            _ => None,
        }
    }
}
