//! `SECRET_KEY`, and where one lies that was made at first start.

use std::path::PathBuf;

use super::command::read_alone;
use super::database;
use super::reader::Reader;
use crate::verification::SecretKeys;

/// `SECRET_KEY`, for a command that needs it; none where it is not set.
///
/// # Errors
///
/// With what is wrong with it.
pub(crate) fn secret_keys_from_env() -> Result<Option<SecretKeys>, Vec<String>> {
    read_alone(&["SECRET_KEY"], read)
}

pub(super) fn read(env: &mut Reader<'_>) -> Option<SecretKeys> {
    env.optional("SECRET_KEY").and_then(|keys| env.check("SECRET_KEY", SecretKeys::parse(&keys)))
}

/// Where a `SECRET_KEY` made at first start is kept: beside the database file. None for another database.
pub(super) fn path(database_url: &str) -> Option<PathBuf> {
    Some(PathBuf::from(database::sqlite_file(database_url)?).with_extension("secret-key"))
}
