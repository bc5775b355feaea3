//! What the operator does by hand: `beonho why NUMBER`, `beonho unlock NUMBER`, `beonho account remove NUMBER` and `beonho backup FILE`. Each works
//! on a database that is there, as it is, and says which.

pub mod why;

use std::io::Write;
use std::sync::Arc;

use clap::{ArgGroup, Args, Parser, Subcommand};

use crate::server::clock::{Clock, SystemClock};
use crate::server::config::{CommandConfig, policy_from_env, settings};
use crate::server::store::{self, Deed, Store};
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
    /// Tell all that is known of a number: its sends, what was refused, and what stops it now
    Why {
        /// The number; without a + as it is dialled in `DEFAULT_REGION`
        number: String,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Lift what stops a number and those who asked for it, or everybody after an outage of a vendor
    #[command(group(ArgGroup::new("whom").required(true)))]
    Unlock {
        /// The number; without a + as it is dialled in `DEFAULT_REGION`
        #[arg(group = "whom")]
        number: Option<String>,
        /// Everybody
        #[arg(long, group = "whom")]
        all: bool,
        /// For the audit
        #[command(flatten)]
        by: By,
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

/// What the audit says of whoever does something.
#[derive(Debug, PartialEq, Eq, Args)]
pub struct By {
    /// Who you are, for the audit
    #[arg(long = "as", value_name = "NAME", default_value = "shell")]
    name: String,
    /// What it is for, for the audit
    #[arg(long, value_name = "TEXT", default_value = "")]
    reason: String,
}

impl By {
    fn now(self) -> Deed {
        Deed { actor: self.name, reason: self.reason, at: SystemClock.now() }
    }
}

/// What to do with an account.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub enum AccountCommand {
    /// Erase a person: the account, its sessions and challenges, and the number wherever it stands
    Remove {
        /// The number; without a + as it is dialled in `DEFAULT_REGION`
        number: String,
        /// For the audit
        #[command(flatten)]
        by: By,
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
            Self::Why { number, json } => why(config, &number, json).await,
            Self::Unlock { number, by, .. } => unlock(config, number.as_deref(), by).await,
            Self::Account(AccountCommand::Remove { number, by }) => remove_account(config, &number, by).await,
            Self::Backup { file } => backup(config, &file).await,
        }
    }
}

fn print_settings() -> Result<(), Fault> {
    std::io::stdout().write_all(settings::table().as_bytes()).map_err(Into::into)
}

/// Wrong numbers of the service are told, and stop nothing else that an operator does.
async fn why(config: &CommandConfig, typed: &str, is_json: bool) -> Result<(), Fault> {
    let number = number(config, typed)?;
    let policy = policy_from_env().map_err(|wrong| wrong.join("; "))?;
    let now = SystemClock.now();
    let told = why::Told::of(&number, open(config).await?.tell_of(&number, now).await?, &policy, now);
    let text = if is_json { serde_json::to_string_pretty(&told)? + "\n" } else { told.to_string() };
    std::io::stdout().write_all(text.as_bytes()).map_err(Into::into)
}

async fn unlock(config: &CommandConfig, typed: Option<&str>, by: By) -> Result<(), Fault> {
    let number = typed.map(|typed| number(config, typed)).transpose()?;
    let sends = open(config).await?.lift_budgets(number.as_ref(), &by.now()).await?;
    let masked = number.as_ref().map_or_else(|| "all".to_owned(), PhoneNumber::masked);
    tracing::warn!(number = masked, sends, "the operator lifted budgets: these sends no longer count for numbers and people");
    Ok(())
}

async fn remove_account(config: &CommandConfig, typed: &str, by: By) -> Result<(), Fault> {
    let number = number(config, typed)?;
    let is_removed = open(config).await?.remove_account(&number, &by.now()).await?;
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
        let by = |name: &str, reason: &str| By { name: name.to_owned(), reason: reason.to_owned() };
        let unlock = |number: Option<&str>| Command::Unlock {
            number: number.map(str::to_owned),
            all: number.is_none(),
            by: by("shell", ""),
        };
        assert_eq!(parse(""), Some(None));
        assert_eq!(parse("unlock 01012345678"), Some(Some(unlock(Some("01012345678")))));
        assert_eq!(parse("unlock +821012345678"), Some(Some(unlock(Some("+821012345678")))));
        assert_eq!(parse("settings"), Some(Some(Command::Settings)));
        assert_eq!(parse("unlock --all"), Some(Some(unlock(None))));
        let remove = |by| Some(Some(Command::Account(AccountCommand::Remove { number: "010".into(), by })));
        assert_eq!(parse("account remove 010"), remove(by("shell", "")));
        assert_eq!(parse("account remove 010 --as mina --reason asked"), remove(by("mina", "asked")));
        assert_eq!(parse("why 010 --json"), Some(Some(Command::Why { number: "010".into(), json: true })));
        assert_eq!(parse("backup a.db"), Some(Some(Command::Backup { file: "a.db".into() })));
        for wrong in ["why", "unlock", "unlock 010 --all", "backup", "account", "account add x", "serve", "--help me", "--verson"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
