//! What a command of the operator reads, and no more.

use std::path::PathBuf;

use super::environment::Environment;
use super::guard;
use super::reader::Reader;
use super::{database, log_filter, policy, provider, secret_key};
use crate::verification::{AbuseThresholds, Policy, Regions};

const COMMAND_NAMES: &[&str] = &["DATABASE_URL", "DEFAULT_REGION", "RUST_LOG"];

/// What a question about the budgets reads besides.
const POLICY_NAMES: &[&str] = &[
    "SMS_PROVIDER",
    "SMS_PROVIDERS",
    "CODE_LIFETIME_SECS",
    "RESEND_COOLDOWN_SECS",
    "MAX_SENDS_PER_NUMBER",
    "MAX_SENDS_PER_SUBJECT",
    "MAX_SENDS_PER_REQUESTER",
    "MAX_SENDS_PER_DAY",
    "MAX_ATTEMPTS",
    "VERIFIED_LIFETIME_SECS",
];

/// What a command of the operator needs: nothing else that is wrong may stop an erasure.
#[derive(Debug)]
pub struct CommandConfig {
    pub(crate) database_url: String,
    /// `DEFAULT_REGION`, by which a number without a country code is read.
    pub(crate) regions: Regions,
    /// `RUST_LOG`: what is logged.
    pub log_filter: String,
}

impl CommandConfig {
    /// Reads the process's environment. Fails with one line for each of these settings that is wrong.
    pub fn from_env() -> Result<Self, Vec<String>> {
        read_alone(COMMAND_NAMES, |reader| {
            let default = reader.or("DEFAULT_REGION", "KR");
            Self {
                database_url: database::read(reader),
                regions: reader.check("DEFAULT_REGION", Regions::new(&default, "")).unwrap_or_default(),
                log_filter: reader.parse("RUST_LOG", "info", log_filter),
            }
        })
    }

    /// Where a server keeps a `SECRET_KEY` that it made itself. None where it must be set.
    pub(crate) fn secret_key_path(&self) -> Option<PathBuf> {
        secret_key::path(&self.database_url)
    }
}

/// The numbers by which the servers judge, for a command that judges too.
///
/// # Errors
///
/// With one line for each of these settings that is wrong.
pub(crate) fn policy_from_env() -> Result<Policy, Vec<String>> {
    read_alone(POLICY_NAMES, |reader| {
        let routes = provider::read_routes(reader);
        policy::read(reader, &routes)
    })
}

/// From how many on a report of abuse tells of a source.
///
/// # Errors
///
/// With what is wrong with them.
pub(crate) fn abuse_thresholds_from_env() -> Result<AbuseThresholds, Vec<String>> {
    read_alone(&["ABUSE_THRESHOLDS"], |reader| reader.parse("ABUSE_THRESHOLDS", "", AbuseThresholds::parse))
}

/// The regions that are never held as a whole.
///
/// # Errors
///
/// With what is wrong with these settings.
pub(crate) fn home_from_env() -> Result<Vec<String>, Vec<String>> {
    read_alone(&["DEFAULT_REGION", "ALLOWED_REGIONS", "HOME_REGIONS"], |reader| {
        let regions = super::read_regions(reader);
        guard::read_home(reader, &regions)
    })
}

/// Reads these settings of the process's environment and no others.
pub(super) fn read_alone<T>(names: &'static [&'static str], make: impl FnOnce(&mut Reader<'_>) -> T) -> Result<T, Vec<String>> {
    let (environment, mut wrong) = Environment::of_process(names);
    let source = |name: &str| environment.get(name);
    let mut reader = Reader::new(&source);
    reader.look_through(names);
    let settings = make(&mut reader);
    match reader.finish(settings) {
        Ok(settings) if wrong.is_empty() => Ok(settings),
        read => {
            wrong.extend(read.err().into_iter().flatten());
            Err(wrong)
        }
    }
}
