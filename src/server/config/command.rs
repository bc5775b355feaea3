//! What a command of the operator reads, and no more.

use super::environment::Environment;
use super::reader::Reader;
use super::{DEFAULT_DATABASE, database_url, log_filter};
use crate::verification::Regions;

const COMMAND_NAMES: &[&str] = &["DATABASE_URL", "DEFAULT_REGION", "RUST_LOG"];

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
        let (environment, mut wrong) = Environment::of_process(COMMAND_NAMES);
        let source = |name: &str| environment.get(name);
        let mut reader = Reader::new(&source);
        reader.look_through(COMMAND_NAMES);
        let default = reader.or("DEFAULT_REGION", "KR");
        let config = Self {
            database_url: reader.parse("DATABASE_URL", DEFAULT_DATABASE, database_url),
            regions: reader.check("DEFAULT_REGION", Regions::new(&default, "")).unwrap_or_default(),
            log_filter: reader.parse("RUST_LOG", "info", log_filter),
        };
        match reader.finish(config) {
            Ok(config) if wrong.is_empty() => Ok(config),
            read => {
                wrong.extend(read.err().into_iter().flatten());
                Err(wrong)
            }
        }
    }
}
