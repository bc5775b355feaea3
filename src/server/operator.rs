//! What the operator does by hand: `beonho unlock NUMBER`, `beonho account remove NUMBER` and `beonho backup FILE`. Each works on a database that
//! is there, as it is, and says which.

use super::config::CommandConfig;
use super::store::{self, Store};
use crate::verification::PhoneNumber;

/// How the program was called.
#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    /// Without a word: serve.
    Serve,
    /// Lift what stops a number.
    Unlock(String),
    /// Lift what stops everybody, after an outage of a vendor.
    UnlockAll,
    /// Erase a person.
    RemoveAccount(String),
    /// Copy the SQLite database.
    Backup(String),
}

type Fault = Box<dyn std::error::Error + Send + Sync>;

impl Command {
    /// How it is called.
    pub const USAGE: &str = "usage: beonho
       beonho unlock NUMBER | beonho unlock --all
       beonho account remove NUMBER
       beonho backup FILE";

    /// Reads the words after the program's name; none when they are no command.
    #[must_use]
    pub fn parse(words: &[String]) -> Option<Self> {
        match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            [] => Some(Self::Serve),
            ["unlock", "--all"] => Some(Self::UnlockAll),
            ["unlock", number] => Some(Self::Unlock(number.to_owned())),
            ["account", "remove", number] => Some(Self::RemoveAccount(number.to_owned())),
            ["backup", file] => Some(Self::Backup(file.to_owned())),
            _ => None,
        }
    }
}

/// Lifts what stops a number, or everybody where none is named, and logs it.
///
/// # Errors
///
/// When it is not a number, or the database fails or is not there.
pub async fn unlock(config: &CommandConfig, typed: Option<&str>) -> Result<(), Fault> {
    let number = typed.map(|typed| number(config, typed)).transpose()?;
    let sends = open(config).await?.lift_budgets(number.as_ref()).await?;
    let masked = number.as_ref().map_or_else(|| "all".to_owned(), PhoneNumber::masked);
    tracing::warn!(number = masked, sends, "the operator lifted budgets: these sends no longer count for numbers and people");
    Ok(())
}

/// Erases a person, and logs it.
///
/// # Errors
///
/// When it is not a number, no account has it, or the database fails or is not there.
pub async fn remove_account(config: &CommandConfig, typed: &str) -> Result<(), Fault> {
    let number = number(config, typed)?;
    let is_removed = open(config).await?.remove_account(&number).await?;
    tracing::warn!(number = number.masked(), is_removed, "the operator erased a number");
    if is_removed { Ok(()) } else { Err("no account has this number; its challenges and sends were erased all the same".into()) }
}

/// Copies the database into a new file, which only its owner can read, while the server runs, and logs it.
///
/// # Errors
///
/// When it is not SQLite or not there, the file exists, or the database fails.
pub async fn backup(config: &CommandConfig, file: &str) -> Result<(), Fault> {
    say_database(config);
    store::back_up(&config.database_url, file).await?;
    tracing::info!(file, "the operator backed the database up");
    Ok(())
}

/// Whoever is stored may be erased, whatever numbers may sign up today.
fn number(config: &CommandConfig, typed: &str) -> Result<PhoneNumber, Fault> {
    config.regions.parse_any(typed).map_err(|wrong| format!("NUMBER: {wrong}").into())
}

async fn open(config: &CommandConfig) -> Result<std::sync::Arc<dyn Store>, Fault> {
    say_database(config);
    Ok(store::open(&config.database_url).await?)
}

/// Whoever typed the command reads it, whatever the log lets through.
fn say_database(config: &CommandConfig) {
    eprintln!("database: {}", store::name_of(&config.database_url));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_call_are_understood_or_refused() {
        let parse = |words: &str| Command::parse(&words.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(parse(""), Some(Command::Serve));
        assert_eq!(parse("unlock 01012345678"), Some(Command::Unlock("01012345678".into())));
        assert_eq!(parse("unlock --all"), Some(Command::UnlockAll));
        assert_eq!(parse("account remove 010"), Some(Command::RemoveAccount("010".into())));
        assert_eq!(parse("backup a.db"), Some(Command::Backup("a.db".into())));
        for wrong in ["unlock", "backup", "account", "account add x", "serve", "--help me"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
