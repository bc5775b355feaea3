//! What the operator does by hand: `beonho unlock NUMBER`, `beonho account remove NUMBER` and `beonho backup FILE`.

use super::clock::{Clock, SystemClock};
use super::config::Config;
use super::store;

/// How the program was called.
#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    /// Without a word: serve.
    Serve,
    /// Lift a number's budgets.
    Unlock(String),
    /// Erase a person.
    RemoveAccount(String),
    /// Copy the SQLite database.
    Backup(String),
}

impl Command {
    /// Reads the words after the program's name; none when they are no command.
    #[must_use]
    pub fn parse(words: &[String]) -> Option<Self> {
        match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            [] => Some(Self::Serve),
            ["unlock", number] => Some(Self::Unlock(number.to_owned())),
            ["account", "remove", number] => Some(Self::RemoveAccount(number.to_owned())),
            ["backup", file] => Some(Self::Backup(file.to_owned())),
            _ => None,
        }
    }
}

/// Lifts a number's budgets, and logs it.
///
/// # Errors
///
/// When it is not a number, or the database fails.
pub async fn unlock(config: &Config, typed: &str) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let number = config.regions.parse(typed)?;
    let store = store::connect(&config.database_url).await?;
    store.lift_budget(&number, SystemClock.now()).await?;
    tracing::warn!(number = number.masked(), "the operator lifted a number's budgets");
    Ok(())
}

/// Erases a person, and logs it.
///
/// # Errors
///
/// When it is not a number, no account has it, or the database fails.
pub async fn remove_account(config: &Config, typed: &str) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let number = config.regions.parse(typed)?;
    let store = store::connect(&config.database_url).await?;
    if !store.remove_account(&number).await? {
        return Err("no account has this number; its challenges and sends were erased all the same".into());
    }
    tracing::warn!(number = number.masked(), "the operator removed an account");
    Ok(())
}

/// Copies the database into a new file while the server runs, and logs it.
///
/// # Errors
///
/// When it is not SQLite, the file exists, or the database fails.
pub async fn backup(config: &Config, file: &str) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    store::back_up(&config.database_url, file).await?;
    tracing::info!(file, "the operator backed the database up");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_call_are_understood_or_refused() {
        let parse = |words: &str| Command::parse(&words.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(parse(""), Some(Command::Serve));
        assert_eq!(parse("unlock 01012345678"), Some(Command::Unlock("01012345678".into())));
        assert_eq!(parse("account remove 010"), Some(Command::RemoveAccount("010".into())));
        assert_eq!(parse("backup a.db"), Some(Command::Backup("a.db".into())));
        for wrong in ["unlock", "backup", "account", "account add x", "serve", "--help me"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
