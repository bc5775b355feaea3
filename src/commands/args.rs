//! The words of a call.

mod client;

use clap::{ArgGroup, Args, Parser, Subcommand};
pub use client::{AddClient, ClientCommand};

use crate::server::clock::{Clock, SystemClock};
use crate::server::store::Deed;

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
    /// Tell what looks like abuse; nothing is blocked by it
    #[command(subcommand)]
    Report(ReportCommand),
    /// Print a link that opens the operator's console: good for five minutes, and once
    Console {
        /// For the audit
        #[command(flatten)]
        by: By,
    },
    /// See what the guard against pumping holds, or would have held
    #[command(subcommand)]
    Guard(GuardCommand),
    /// Look after accounts
    #[command(subcommand)]
    Account(AccountCommand),
    /// Look after the applications that may ask who somebody is
    #[command(subcommand)]
    Client(ClientCommand),
    /// Look after the keys that sign ID tokens
    #[command(subcommand)]
    Keys(KeysCommand),
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
    pub(super) fn now(self) -> Deed {
        Deed { actor: self.name, reason: self.reason, at: SystemClock.now() }
    }
}

/// What to tell of.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub enum ReportCommand {
    /// One source behind many numbers, sends that nobody proves, accounts in bursts, conversion by country
    Abuse {
        /// How many hours to look back
        #[arg(long, value_name = "HOURS", default_value_t = 24, value_parser = clap::value_parser!(u8).range(1..=24))]
        since: u8,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
}

/// What to do with the guard's holds.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub enum GuardCommand {
    /// List what is held, and what was
    Holds {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// End a hold now; what led to it is no reason any more
    Lift {
        /// A prefix (+82101234) or a country (KR)
        key: String,
        /// For the audit
        #[command(flatten)]
        by: By,
    },
    /// Let a hold last for a week from now
    Keep {
        /// A prefix (+82101234) or a country (KR)
        key: String,
        /// For the audit
        #[command(flatten)]
        by: By,
    },
    /// Tell what `GUARD_MODE=on` would have done
    Replay {
        /// How many days to look back
        #[arg(long, value_name = "DAYS", default_value_t = 14, value_parser = clap::value_parser!(u8).range(1..=15))]
        days: u8,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
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

/// What to do with the keys that sign ID tokens.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub enum KeysCommand {
    /// Make the next keys: published at once, they sign a day later
    Rotate {
        /// For a leak: they sign at once, and what the old ones signed is worth nothing any more
        #[arg(long)]
        now: bool,
        /// For the audit
        #[command(flatten)]
        by: By,
    },
}

#[cfg(test)]
mod tests;
