//! What must hold for applications, whatever was killed when: a pure function over the ledger.

mod codes;
mod id_tokens;
mod notices;
mod refreshes;
mod sessions;

use std::fmt::Debug;

use super::ledger::{Call, Ledger, Told};
use super::story::Story;

/// A promise that was not kept, and whose.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Broken {
    /// A code gave a second set of tokens.
    SecondSet(String),
    /// A code was good after it had been refused.
    CodeCameBack(String),
    /// Something of a code is good although the code came twice.
    AliveAfterReplay(String),
    /// A refresh token was changed for two pairs.
    OtherAnswer(String),
    /// A refresh token was good although its successor had been used.
    ReuseWorked(String),
    /// Something of a grant is good although a refresh token of it was reused.
    AliveAfterReuse(String),
    /// Something of a session is good although it was signed out.
    AliveAfterSignOut(String),
    /// Something of an account is good although it was signed out everywhere.
    AliveAfterEverywhere(String),
    /// What was good was refused.
    RefusedForNothing(String),
    /// An ID token says something else than it must, or nobody published its key.
    WrongIdToken(String),
    /// A replica did not publish a key that another signed with.
    Unpublished(String),
    /// A person is known by another name than before, or by that of somebody else.
    WrongSubject(String),
    /// An application was not told of a sign-out.
    NotTold(String),
    /// A logout token is wrong, or nobody signed out.
    WrongNotice(String),
    /// Rows are left over.
    LeftOver(String),
    /// An answer that is none of the interface's.
    NotAnAnswer(String),
}

/// Every violation in a ledger.
pub fn check(ledger: &Ledger) -> Vec<Broken> {
    let stories = Story::all(ledger);
    let mut found = Vec::new();
    for story in &stories {
        codes::check(story, &mut found);
        refreshes::check(story, &mut found);
        sessions::check(story, &mut found);
    }
    id_tokens::check(ledger, &stories, &mut found);
    notices::check(ledger, &stories, &mut found);
    found.extend(ledger.left_over.iter().map(|(what, rows)| Broken::LeftOver(format!("{rows} times: {what}"))));
    let odd = ledger.calls.iter().filter(|call| matches!(call.told, Told::Odd(_)));
    found.extend(odd.map(|call| Broken::NotAnAnswer(told(call))));
    found.sort();
    found.dedup();
    found
}

/// Whether something was given for a call.
fn is_good(call: &Call) -> bool {
    matches!(call.told, Told::Code(_) | Told::Tokens(_) | Told::Person(_))
}

fn told(about: impl Debug) -> String {
    format!("{about:?}")
}
