//! What must hold, whatever was killed when: a pure function over the record.

use std::collections::{HashMap, HashSet};

use super::presses::{doubled, last_tries};
use super::record::{Asked, Book, Ending, Entry, Heard, Record};

/// The promises' numbers.
const MAX_ATTEMPTS: usize = 5;
const MAX_MESSAGES: usize = 5;
const MAX_GIVEN_BACK: usize = 3;

/// A promise that was not kept, and whose.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Violation {
    /// More than five guesses at a challenge were judged.
    SixthAttempt(String),
    /// A number was sent more than five messages beyond those given back.
    SixthMessage(String),
    /// A number was sent more messages than were asked for.
    DoubledMessage(String),
    /// One press became two texts, of two senders.
    TwoTexts(String),
    /// A challenge was verified twice.
    AcceptedTwice(String),
    /// A code was right that no message to the number had.
    CodeOutOfNowhere(String),
    /// A guess at another subject's challenge was judged.
    ForeignGuess(String),
    /// A number has two accounts.
    TwoAccounts(String),
    /// An acknowledged verification is gone.
    VerificationLost(String),
    /// An acknowledged account is gone.
    AccountLost(String),
    /// More money was spent than the budget and what was in flight.
    Overspent(String),
    /// The hours and the sends do not say the same.
    WrongBook(String),
    /// The vendor took more messages than are in the book.
    UnpaidMessage(String),
    /// An answer that is none of the interface's: 500, or no outcome.
    NotAnAnswer(String),
}

/// Every violation in a record.
pub fn check(record: &Record) -> Vec<Violation> {
    let mut found = Vec::new();
    found.extend(guesses(record));
    found.extend(messages(record));
    found.extend(doubled(&record.messages));
    found.extend(accounts(record));
    found.extend(money(record));
    found.extend(record.endings.iter().filter_map(|ending| ending_violated(record, ending)));
    found.extend(
        record.entries.iter().filter(|entry| is_no_answer(entry)).map(|entry| Violation::NotAnAnswer(format!("{entry:?}"))),
    );
    found.sort();
    found
}

fn guesses(record: &Record) -> Vec<Violation> {
    let (mut judged, mut accepted) = (HashMap::<&str, usize>::new(), HashMap::<&str, usize>::new());
    let mut sessions = HashSet::new();
    let sent: HashSet<(&str, &str)> = record.messages.iter().map(|sms| (sms.number.as_str(), sms.code.as_str())).collect();
    let mut found = Vec::new();
    for entry in &record.entries {
        let (Asked::Check { challenge, code, is_foreign }, Some(outcome)) = (&entry.asked, entry.outcome()) else { continue };
        if !matches!(outcome, "verified" | "incorrect_code") {
            continue;
        }
        if is_repeat(entry, &mut sessions) {
            continue;
        }
        *judged.entry(challenge).or_default() += 1;
        if *is_foreign {
            found.push(Violation::ForeignGuess(challenge.clone()));
        }
        if outcome == "verified" {
            *accepted.entry(challenge).or_default() += 1;
            if !sent.contains(&(entry.number.as_str(), code.as_str())) {
                found.push(Violation::CodeOutOfNowhere(challenge.clone()));
            }
        }
    }
    found.extend(over(&judged, MAX_ATTEMPTS).map(Violation::SixthAttempt));
    found.extend(over(&accepted, 1).map(Violation::AcceptedTwice));
    found
}

/// Whether an answer is that of an earlier request once more: it brings the session that that one brought.
fn is_repeat<'a>(entry: &'a Entry, sessions: &mut HashSet<&'a str>) -> bool {
    match &entry.heard {
        Heard::Answered(answer) => answer.cookie.as_deref().is_some_and(|cookie| !sessions.insert(cookie)),
        Heard::Lost | Heard::Unsent => false,
    }
}

fn over(counts: &HashMap<&str, usize>, most: usize) -> impl Iterator<Item = String> {
    counts.iter().filter(move |(_, count)| **count > most).map(|(name, _)| (*name).to_owned())
}

fn messages(record: &Record) -> Vec<Violation> {
    let (mut sent, mut given_back, mut asked) =
        (HashMap::<&str, usize>::new(), HashMap::<&str, usize>::new(), HashMap::<&str, usize>::new());
    for sms in last_tries(&record.messages) {
        *sent.entry(&sms.number).or_default() += 1;
        // A certain failure, now or later by the carrier.
        let is_failed = sms.fate.status == Some(503) || sms.fate.status == Some(202) && !sms.fate.is_delivered;
        *given_back.entry(&sms.number).or_default() += usize::from(is_failed);
    }
    for entry in record.entries.iter().filter(|entry| may_have_sent(entry)) {
        *asked.entry(&entry.number).or_default() += 1;
    }
    let count = |counts: &HashMap<&str, usize>, number: &str| counts.get(number).copied().unwrap_or_default();
    let mut found = Vec::new();
    for (number, sent) in sent {
        if sent > MAX_MESSAGES + count(&given_back, number).min(MAX_GIVEN_BACK) {
            found.push(Violation::SixthMessage(number.to_owned()));
        }
        if sent > count(&asked, number) {
            found.push(Violation::DoubledMessage(number.to_owned()));
        }
    }
    found
}

/// Whether a call may have led to a message: it said so, or nobody knows.
fn may_have_sent(entry: &Entry) -> bool {
    let told = ["code_sent", "code_may_arrive", "delivery_failed", "unavailable"];
    entry.asked == Asked::Send
        && match &entry.heard {
            Heard::Answered(answer) => told.contains(&answer.outcome.as_str()),
            Heard::Lost => true,
            Heard::Unsent => false,
        }
}

/// A message that the vendor took, or may have taken, is billed; one that it certainly refused is not.
fn money(record: &Record) -> Vec<Violation> {
    let Book { price, budget, of_hours, of_sends, in_flight } = record.money;
    let billed = last_tries(&record.messages).into_iter().filter(|sms| sms.may_arrive()).count();
    let billed = i64::try_from(billed).unwrap_or(i64::MAX).saturating_mul(price);
    let mut found = Vec::new();
    if billed.max(of_hours) > budget + in_flight * price {
        found.push(Violation::Overspent(format!("{billed} billed, {of_hours} counted, of {budget}")));
    }
    if of_hours != of_sends {
        found.push(Violation::WrongBook(format!("{of_hours} by the hours, {of_sends} by the sends")));
    }
    if billed > of_sends {
        found.push(Violation::UnpaidMessage(format!("{billed} billed, {of_sends} in the book")));
    }
    found
}

fn accounts(record: &Record) -> Vec<Violation> {
    let (mut acknowledged, mut stored) = (HashMap::<&str, usize>::new(), HashMap::<&str, usize>::new());
    let mut sessions = HashSet::new();
    for entry in record.entries.iter().filter(|entry| entry.outcome() == Some("signed_up")) {
        if is_repeat(entry, &mut sessions) {
            continue;
        }
        *acknowledged.entry(&entry.number).or_default() += 1;
    }
    for number in &record.accounts {
        *stored.entry(number).or_default() += 1;
    }
    let twice: HashSet<String> = over(&acknowledged, 1).chain(over(&stored, 1)).collect();
    let lost = acknowledged.keys().filter(|number| !stored.contains_key(**number));
    twice.into_iter().map(Violation::TwoAccounts).chain(lost.map(|number| Violation::AccountLost((*number).to_owned()))).collect()
}

/// What an acknowledged verification must stand at in the end follows from the sign-ups that its session tried.
fn ending_violated(record: &Record, ending: &Ending) -> Option<Violation> {
    let of_proof = |entry: &&Entry| entry.proof.as_ref() == Some(&ending.proof) && entry.asked == Asked::SignUp;
    let tried: Vec<&Entry> = record.entries.iter().filter(of_proof).collect();
    let has = |outcome| tried.iter().any(|entry| entry.outcome() == Some(outcome));
    let is_unknown = tried.iter().any(|entry| matches!(entry.heard, Heard::Lost));
    let has_account = record.accounts.contains(&ending.number);
    let holds = match ending.state.as_str() {
        "signed_up" => has("signed_up") && has_account,
        "verified" => !has("signed_up"),
        // Somebody else's account of the number ends it; a lost answer may have been that of the sign-up.
        _ => !has("signed_up") && has_account && (has("phone_number_taken") || is_unknown),
    };
    (!holds).then(|| Violation::VerificationLost(format!("{ending:?}")))
}

fn is_no_answer(entry: &Entry) -> bool {
    matches!(&entry.heard, Heard::Answered(answer) if answer.status == 500 || answer.outcome.is_empty())
}
