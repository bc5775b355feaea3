//! What the operator does by hand: `beonho unlock NUMBER`, `beonho account remove NUMBER` and `beonho backup FILE`. Each works on a database that
//! is there, as it is, and says which.

use std::io::Write;
use std::sync::Arc;

use clap::{ArgGroup, Parser, Subcommand};

use crate::server::config::{CommandConfig, settings};
use crate::server::store::{self, Store};
use crate::verification::PhoneNumber;

/// Sign-up by phone number that a team hosts itself. Without a command it serves.
#[derive(Debug, Parser)]
#[command(name = "beonho", version, after_help = "Settings are environment variables: see README.md.")]
pub struct Cli {
    /// What to do; without a word: serve.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to do instead of serving.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Lift what stops a number and those who asked for it, or everybody after an outage of a vendor
    #[command(group(ArgGroup::new("whom").required(true)))]
    Unlock {
        /// The number; without a + as it is dialled in `DEFAULT_REGION`
        #[arg(group = "whom")]
        number: Option<String>,
        /// Everybody
        #[arg(long, group = "whom")]
        all: bool,
    },
    /// Look after accounts
    #[command(subcommand)]
    Account(AccountCommand),
    /// Print every setting with its default, as a table
    Settings,
    /// Copy the SQLite database into a new file, while the server runs
    Backup {
        /// The new file
        file: String,
    },
}

/// What to do with an account.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub enum AccountCommand {
    /// Erase a person: the account, its sessions and challenges, and the number wherever it stands
    Remove {
        /// The number; without a + as it is dialled in `DEFAULT_REGION`
        number: String,
    },
}

type Fault = Box<dyn std::error::Error + Send + Sync>;

impl Command {
    /// Does it, and logs it.
    ///
    /// # Errors
    ///
    /// When a number is none, or the database fails or is not there.
    pub async fn run(self, config: &CommandConfig) -> Result<(), Fault> {
        if self != Self::Settings {
            eprintln!("database: {}", store::name_of(&config.database_url));
        }
        match self {
            Self::Settings => print_settings(),
            Self::Unlock { number, .. } => unlock(config, number.as_deref()).await,
            Self::Account(AccountCommand::Remove { number }) => remove_account(config, &number).await,
            Self::Backup { file } => backup(config, &file).await,
        }
    }
}

fn print_settings() -> Result<(), Fault> {
    std::io::stdout().write_all(settings::table().as_bytes()).map_err(Into::into)
}

async fn unlock(config: &CommandConfig, typed: Option<&str>) -> Result<(), Fault> {
    let number = typed.map(|typed| number(config, typed)).transpose()?;
    let sends = open(config).await?.lift_budgets(number.as_ref()).await?;
    let masked = number.as_ref().map_or_else(|| "all".to_owned(), PhoneNumber::masked);
    tracing::warn!(number = masked, sends, "the operator lifted budgets: these sends no longer count for numbers and people");
    Ok(())
}

async fn remove_account(config: &CommandConfig, typed: &str) -> Result<(), Fault> {
    let number = number(config, typed)?;
    let is_removed = open(config).await?.remove_account(&number).await?;
    tracing::warn!(number = number.masked(), is_removed, "the operator erased a number");
    if is_removed { Ok(()) } else { Err("no account has this number; its challenges and sends were erased all the same".into()) }
}

/// Only its owner can read the copy.
async fn backup(config: &CommandConfig, file: &str) -> Result<(), Fault> {
    store::back_up(&config.database_url, file).await?;
    tracing::info!(file, "the operator backed the database up");
    Ok(())
}

/// Whoever is stored may be erased, whatever numbers may sign up today.
fn number(config: &CommandConfig, typed: &str) -> Result<PhoneNumber, Fault> {
    config.regions.parse_any(typed).map_err(|wrong| format!("NUMBER: {wrong}").into())
}

async fn open(config: &CommandConfig) -> Result<Arc<dyn Store>, Fault> {
    Ok(store::open(&config.database_url).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_call_are_understood_or_refused() {
        let parse = |words: &str| Cli::try_parse_from(format!("beonho {words}").split_whitespace()).map(|cli| cli.command).ok();
        let unlock = |number: Option<&str>| Command::Unlock { number: number.map(str::to_owned), all: number.is_none() };
        assert_eq!(parse(""), Some(None));
        assert_eq!(parse("unlock 01012345678"), Some(Some(unlock(Some("01012345678")))));
        assert_eq!(parse("unlock +821012345678"), Some(Some(unlock(Some("+821012345678")))));
        assert_eq!(parse("settings"), Some(Some(Command::Settings)));
        assert_eq!(parse("unlock --all"), Some(Some(unlock(None))));
        let remove = Command::Account(AccountCommand::Remove { number: "010".into() });
        assert_eq!(parse("account remove 010"), Some(Some(remove)));
        assert_eq!(parse("backup a.db"), Some(Some(Command::Backup { file: "a.db".into() })));
        for wrong in ["unlock", "unlock 010 --all", "backup", "account", "account add x", "serve", "--help me", "--verson"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
