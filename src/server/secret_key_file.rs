//! The `SECRET_KEY` of a first run: made once and kept beside the database file.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use base64::{Engine, prelude::BASE64_STANDARD};

use super::entropy;
use crate::verification::SecretKeys;
use crate::verification::secret_keys::MIN_KEY_BYTES;

/// Reads the key of a file, or makes both.
pub(crate) fn read_or_make(path: &Path) -> Result<SecretKeys, Box<dyn std::error::Error + Send + Sync>> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    // Readable by the owner only, and never written over: two processes that start at once agree on the first one's key.
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(mut file) => {
            writeln!(file, "{}", BASE64_STANDARD.encode(entropy::bytes::<MIN_KEY_BYTES>()))?;
            file.sync_all()?;
        }
        Err(fault) if fault.kind() == ErrorKind::AlreadyExists => {}
        Err(fault) => return Err(fault.into()),
    }
    read(path)
}

/// Reads the key of a file that is there.
pub(crate) fn read(path: &Path) -> Result<SecretKeys, Box<dyn std::error::Error + Send + Sync>> {
    Ok(SecretKeys::parse(std::fs::read_to_string(path)?.trim())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_only_its_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("new").join("beonho.secret-key");
        read_or_make(&path).expect("made");
        let made = std::fs::read_to_string(&path).expect("file");
        read_or_make(&path).expect("read");
        assert_eq!(std::fs::read_to_string(&path).expect("file"), made);
        assert_eq!(std::fs::metadata(&path).expect("file").permissions().mode() & 0o777, 0o600);
    }
}
