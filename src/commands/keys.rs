//! `beonho keys rotate`: other keys for ID tokens than those that sign now.

use std::io::Write;

use super::{Fault, KeysCommand, open};
use crate::server::config::{CommandConfig, secret_keys_from_env};
use crate::server::oversight::time;
use crate::server::secret_key_file;
use crate::server::signing_keys::SigningKeys;
use crate::server::store::StoredKey;
use crate::verification::SecretKeys;

impl KeysCommand {
    pub(super) async fn run(self, config: &CommandConfig) -> Result<(), Fault> {
        let Self::Rotate { now: at_once, by } = self;
        let (keys, deed) = (SigningKeys::new(secret_keys(config)?), by.now());
        let made = keys.rotate(&*open(config).await?, at_once, &deed).await?;
        if made.is_empty() {
            return Err("there is no key that SECRET_KEY opens: servers make the first when an application needs it".into());
        }
        let line = |key: &StoredKey| format!("{} {} signs from {}\n", key.algorithm, key.kid, time(key.signs_from));
        let told: String = made.iter().map(line).collect();
        tracing::warn!(actor = deed.actor, at_once, "the operator rotated the keys for ID tokens");
        std::io::stdout().write_all(told.as_bytes()).map_err(Into::into)
    }
}

/// The servers' own: a key that was sealed under another would sign nothing.
fn secret_keys(config: &CommandConfig) -> Result<SecretKeys, Fault> {
    if let Some(keys) = secret_keys_from_env().map_err(|wrong| wrong.join("; "))? {
        return Ok(keys);
    }
    let path = config.secret_key_path().ok_or("SECRET_KEY must be set: that of the servers")?;
    secret_key_file::read(&path).map_err(|fault| format!("SECRET_KEY is not set, and {}: {fault}", path.display()).into())
}
