//! What the operator does by hand: `beonho why NUMBER`, `beonho unlock NUMBER`, `beonho account remove NUMBER`, `beonho client add ID`,
//! `beonho keys rotate`, `beonho console` and `beonho backup FILE`. Each works on a database that is there, as it is, and says which.

pub mod abuse;
mod args;
mod client;
mod guard;
mod keys;
pub mod why;

use std::fmt::Display;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

pub use args::{AccountCommand, AddClient, By, Cli, ClientCommand, Command, GuardCommand, KeysCommand, ReportCommand};
use jiff::SignedDuration;
use serde::Serialize;

use crate::server::clock::{Clock, SystemClock};
use crate::server::config::{CommandConfig, abuse_thresholds_from_env, admin_addr_from_env, policy_from_env, settings};
use crate::server::console::make_link;
use crate::server::store::{self, Store};
use crate::verification::PhoneNumber;

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
            Self::Report(ReportCommand::Abuse { since, json }) => report_abuse(config, since, json).await,
            Self::Guard(command) => command.run(config).await,
            Self::Unlock { number, by, .. } => unlock(config, number.as_deref(), by).await,
            Self::Account(AccountCommand::Remove { number, by }) => remove_account(config, &number, by).await,
            Self::Keys(command) => command.run(config).await,
            Self::Client(command) => command.run(config).await,
            Self::Console { by } => console(config, by).await,
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
    print(&told, is_json)
}

async fn report_abuse(config: &CommandConfig, hours: u8, is_json: bool) -> Result<(), Fault> {
    let thresholds = abuse_thresholds_from_env().map_err(|wrong| wrong.join("; "))?;
    let now = SystemClock.now();
    let since = now - SignedDuration::from_hours(i64::from(hours));
    let facts = open(config).await?.find_abuse(since).await?;
    print(&abuse::Report::of(&facts, &thresholds, now), is_json)
}

fn print<T: Display + Serialize>(told: &T, is_json: bool) -> Result<(), Fault> {
    let text = if is_json { serde_json::to_string_pretty(told)? + "\n" } else { told.to_string() };
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

/// Whoever has the shell is the operator: the link stands on standard output, and in no log.
async fn console(config: &CommandConfig, by: By) -> Result<(), Fault> {
    let address = admin_addr_from_env().map_err(|wrong| wrong.join("; "))?;
    let address = address.ok_or("ADMIN_ADDR is off: there is no console")?;
    if address.port() == 0 {
        return Err("ADMIN_ADDR has port 0: which one the server chose is in its log".into());
    }
    // What listens everywhere is found on this machine too.
    let host = match address.ip() {
        ip if !ip.is_unspecified() => ip,
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    let deed = by.now();
    let token = make_link(&*open(config).await?, &deed).await?;
    let url = format!("http://{}/enter?token={token}\n", SocketAddr::new(host, address.port()));
    tracing::warn!(actor = deed.actor, "a link to the console was made");
    std::io::stdout().write_all(url.as_bytes()).map_err(Into::into)
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
