//! Whether the checker finds what it looks for: a sound record passes, and each kind of violation that is planted in it is found.

use std::mem::discriminant;
use std::time::Duration;

use super::caller::Answer;
use super::checker::{Violation, check};
use super::record::{Asked, Book, Ending, Entry, Heard, Record};
use super::vendor::{Fate, Sms};

/// What is planted, and what the checker should call it.
type Planted = (&'static str, fn(&mut Record), fn(String) -> Violation);

const PLANTED: [Planted; 20] = [
    ("a sixth judged guess", |record| record.entries.extend(vec![guess("000000", "incorrect_code"); 3]), Violation::SixthAttempt),
    ("a sixth message", |record| send(record, 4, Some(202), true), Violation::SixthMessage),
    ("a sixth message among lost ones", |record| send(record, 4, None, true), Violation::SixthMessage),
    (
        "a fourth failure given back",
        |record| {
            send(record, 2, Some(202), true);
            send(record, 4, Some(503), true);
        },
        Violation::SixthMessage,
    ),
    ("a second text of one press", |record| try_again(record, Some(202)), Violation::TwoTexts),
    ("a second text beside one that was lost", |record| try_again(record, None), Violation::TwoTexts),
    ("a message nobody asked for", |record| record.messages.push(sms("nobody's", Some(202), true)), Violation::DoubledMessage),
    ("a code accepted twice", |record| record.entries.push(guess("123456", "verified")), Violation::AcceptedTwice),
    ("a code that was never sent", |record| record.entries.push(other(guess("999999", "verified"))), Violation::CodeOutOfNowhere),
    ("a stranger's guess", |record| record.entries.push(stranger(guess("000000", "incorrect_code"))), Violation::ForeignGuess),
    ("two sign-ups", |record| record.entries.push(entry(Asked::SignUp, "signed_up")), Violation::TwoAccounts),
    ("two stored accounts", |record| record.accounts.push(NUMBER.to_owned()), Violation::TwoAccounts),
    ("an account that is gone", |record| record.accounts.clear(), Violation::AccountLost),
    ("a sign-up that is forgotten", |record| "none".clone_into(&mut record.endings[0].state), Violation::VerificationLost),
    ("a sign-up that fell back", |record| "verified".clone_into(&mut record.endings[0].state), Violation::VerificationLost),
    ("a verification that is gone", |record| record.endings.push(ending("another proof", "pending")), Violation::VerificationLost),
    ("a message over the budget", |record| record.money.budget = 10, Violation::Overspent),
    ("a price that is lost", |record| record.money.of_hours -= 10, Violation::WrongBook),
    (
        "a message that is in no book",
        |record| {
            record.money.of_hours -= 10;
            record.money.of_sends -= 10;
        },
        Violation::UnpaidMessage,
    ),
    ("an answer that is none", |record| record.entries.push(entry(Asked::Status, "")), Violation::NotAnAnswer),
];

const NUMBER: &str = "+821012345678";
const PRICE: i64 = 10;

/// Plants every violation and says how many were found. An error names the first that was not.
pub fn test() -> Result<usize, String> {
    let found = check(&sound());
    if !found.is_empty() {
        return Err(format!("a sound record is said to have {found:?}"));
    }
    for (name, plant, violation) in PLANTED {
        let mut record = sound();
        plant(&mut record);
        let found = check(&record);
        if !found.iter().any(|found| discriminant(found) == discriminant(&violation(String::new()))) {
            return Err(format!("{name} was planted, and {found:?} was found"));
        }
    }
    Ok(PLANTED.len())
}

/// Three sends (one failed for certain, one lost on the way), two wrong guesses, the right one twice at once, a sign-up, and calls that
/// nobody knows the end of.
fn sound() -> Record {
    let money = Book { price: PRICE, budget: 1000, ..Book::default() };
    let (accounts, endings) = (vec![NUMBER.to_owned()], vec![ending("proof", "signed_up")]);
    let mut record = Record { endings, accounts, money, ..Record::default() };
    send(&mut record, 1, Some(503), true);
    // The first sender refused what the second then lost.
    record.messages.push(sms("2", Some(503), true));
    send(&mut record, 1, None, true);
    send(&mut record, 1, Some(202), true);
    record.entries.extend([guess("000000", "incorrect_code"), guess("000001", "incorrect_code")]);
    record.entries.extend([guess("123456", "verified"), guess("123456", "code_expired")]);
    record.entries.push(entry(Asked::SignUp, "signed_up"));
    record.entries.push(stranger(guess("000000", "no_challenge")));
    record.entries.push(Entry { heard: Heard::Lost, ..guess("000002", "") });
    record.entries.push(Entry { heard: Heard::Unsent, ..entry(Asked::Send, "") });
    // Lost with the sign-up itself, and taken by somebody else.
    for (proof, heard) in [("lost", Heard::Lost), ("late", answered("phone_number_taken"))] {
        record.endings.push(ending(proof, "none"));
        record.entries.push(Entry { proof: Some(proof.to_owned()), heard, ..entry(Asked::SignUp, "") });
    }
    record
}

fn answered(outcome: &str) -> Heard {
    Heard::Answered(Answer { status: 200, outcome: outcome.to_owned(), ..Answer::default() })
}

fn entry(asked: Asked, outcome: &str) -> Entry {
    let proof = Some("proof".to_owned());
    Entry { at_ms: 0, replica: 0, subject: 1, number: NUMBER.to_owned(), proof, asked, heard: answered(outcome) }
}

fn guess(code: &str, outcome: &str) -> Entry {
    entry(Asked::Check { challenge: "challenge".to_owned(), code: code.to_owned(), is_foreign: false }, outcome)
}

fn other(mut entry: Entry) -> Entry {
    if let Asked::Check { challenge, .. } = &mut entry.asked {
        "another challenge".clone_into(challenge);
    }
    entry
}

fn stranger(mut entry: Entry) -> Entry {
    if let Asked::Check { is_foreign, .. } = &mut entry.asked {
        *is_foreign = true;
    }
    entry
}

fn sms(press: &str, status: Option<u16>, is_delivered: bool) -> Sms {
    let fate = Fate { delay: Duration::ZERO, status, is_delivered };
    Sms { number: NUMBER.to_owned(), press: press.to_owned(), code: "123456".to_owned(), fate }
}

/// Another sender is tried although the last text was taken.
fn try_again(record: &mut Record, status: Option<u16>) {
    let press = record.messages.last().map(|sms| sms.press.clone()).unwrap_or_default();
    record.messages.push(sms(&press, status, true));
}

fn send(record: &mut Record, times: usize, status: Option<u16>, is_delivered: bool) {
    let outcome = match status {
        Some(202) => "code_sent",
        Some(_) => "delivery_failed",
        None => "code_may_arrive",
    };
    record.entries.extend(vec![entry(Asked::Send, outcome); times]);
    for _ in 0..times {
        let press = record.messages.len().to_string();
        record.messages.push(sms(&press, status, is_delivered));
    }
    let billed = if matches!(status, Some(202) | None) { PRICE * i64::try_from(times).unwrap_or(0) } else { 0 };
    record.money.of_hours += billed;
    record.money.of_sends += billed;
}

fn ending(proof: &str, state: &str) -> Ending {
    Ending { proof: proof.to_owned(), subject: 1, number: NUMBER.to_owned(), state: state.to_owned() }
}
