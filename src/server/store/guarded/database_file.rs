//! The file of a database, while it is open.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

/// The file that was opened: its path may come to name another.
pub(in crate::server::store) struct DatabaseFile {
    path: PathBuf,
    opened: (u64, u64),
}

impl DatabaseFile {
    /// Remembers which file lies at a path.
    pub(in crate::server::store) fn at(path: PathBuf) -> std::io::Result<Self> {
        let opened = identity(&std::fs::metadata(&path)?);
        Ok(Self { path, opened })
    }

    /// An open file lives on without a name, and so would everything written to it until the next start.
    pub(super) fn is_in_place(&self) -> bool {
        std::fs::metadata(&self.path).is_ok_and(|found| identity(&found) == self.opened)
    }
}

fn identity(file: &Metadata) -> (u64, u64) {
    (file.dev(), file.ino())
}
