//! What a run is going to do, and what it came to.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::path::Path;
use std::time::Duration;

use super::presses::passed_on;
use super::record::{Asked, Book, Entry, Heard, Record};
use super::schedule::Schedule;

/// Prints what is going to happen.
pub fn print_plan(database: &str, seed: u64, replicas: usize, schedule: &Schedule) {
    let (stories, kills) = (&schedule.stories, schedule.kills.len());
    let people: usize = stories.iter().map(|story| story.people.len()).sum();
    let moves: usize = stories.iter().flat_map(|story| &story.people).flatten().map(|act| act.moves.len()).sum();
    let guests = &schedule.guests;
    let deeds: usize = guests.iter().flat_map(|guest| &guest.acts).map(|act| act.moves.len()).sum();
    println!(
        "{database}, {replicas} replica(s), seed {seed}, schedule {:016x}: {} numbers, {people} people, {moves} calls, {kills} kills; \
         {} guests of applications, {deeds} deeds",
        schedule.fingerprint(),
        stories.len(),
        guests.len(),
    );
}

/// Prints what happened.
pub fn print(record: &Record, killed: usize, elapsed: Duration) {
    println!("\n| what | how many |\n|---|--:|");
    println!("| seconds | {} |\n| replicas killed and restarted | {killed} |", elapsed.as_secs());
    println!("| calls | {} |", record.entries.len());
    for (what, count) in counts(record.entries.iter().map(described)) {
        println!("| {what} | {count} |");
    }
    for (what, count) in counts(record.messages.iter().map(|sms| match sms.fate.status {
        Some(202) if sms.fate.is_delivered => "messages delivered".to_owned(),
        Some(202) => "messages accepted, then not delivered".to_owned(),
        Some(status) => format!("messages answered {status}"),
        None => "messages with the connection cut".to_owned(),
    })) {
        println!("| {what} | {count} |");
    }
    println!("| presses that another sender was tried for | {} |", passed_on(&record.messages));
    println!("| most messages to one number | {} |", most(record.messages.iter().map(|sms| sms.number.clone())));
    let is_judged = |entry: &&Entry| matches!(entry.outcome(), Some("verified" | "incorrect_code"));
    let judged = record.entries.iter().filter(is_judged).filter_map(|entry| entry.challenge().map(str::to_owned));
    println!("| most judged guesses at one challenge | {} |", most(judged));
    for (state, count) in counts(record.endings.iter().map(|ending| ending.state.clone())) {
        println!("| acknowledged verifications that ended {state} | {count} |");
    }
    let Book { price, budget, of_hours, .. } = record.money;
    println!("| messages that the day's money is for, and that it was spent on | {}, {} |", budget / price, of_hours / price);
    println!("| accounts in the database | {} |", record.accounts.len());
}

/// Things, each on a line of its own.
pub fn lines<T: Debug>(things: &[T]) -> String {
    things.iter().map(|thing| format!("{thing:?}")).collect::<Vec<_>>().join("\n")
}

/// Writes the whole record to a file, in order of time, and says where.
pub fn keep(record: &Record) -> std::io::Result<String> {
    let mut entries: Vec<&Entry> = record.entries.iter().collect();
    entries.sort_by_key(|entry| entry.at_ms);
    let line = |entry: &&Entry| {
        let Entry { at_ms, replica, subject, number, proof, asked, heard } = entry;
        format!("{at_ms} ms, {number}, person {subject}, replica {replica}, proof {proof:?}: {asked:?} -> {heard:?}\n")
    };
    let calls: String = entries.iter().map(line).collect();
    let endings: Vec<String> = record
        .endings
        .iter()
        .map(|ending| format!("{}, person {}: {} {}", ending.number, ending.subject, ending.proof, ending.state))
        .collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/chaos-record.txt");
    std::fs::write(&path, format!("{calls}\n{}\n{}\n{}", lines(&record.messages), lines(&endings), lines(&record.accounts)))?;
    Ok(path.display().to_string())
}

fn described(entry: &Entry) -> String {
    let asked = match &entry.asked {
        Asked::Send => "sends",
        Asked::Check { is_foreign: true, .. } => "guesses at others' challenges",
        Asked::Check { .. } => "guesses",
        Asked::SignUp => "sign-ups",
        Asked::Status => "questions",
    };
    match &entry.heard {
        Heard::Answered(answer) => format!("{asked}: {}", answer.outcome),
        Heard::Lost => format!("{asked}: answer lost"),
        Heard::Unsent => format!("{asked}: nobody there"),
    }
}

fn counts(words: impl Iterator<Item = String>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for word in words {
        *counts.entry(word).or_default() += 1;
    }
    counts
}

fn most(words: impl Iterator<Item = String>) -> usize {
    counts(words).into_values().max().unwrap_or_default()
}
