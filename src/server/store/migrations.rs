//! The migrations that are built in, and how the tables of a database stand to them.
//!
//! Migrations only ever expand, so one that this program does not know is none of its business: a newer replica has added something.

use sqlx::migrate::Migrator;

/// How a database's tables stand to this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Schema {
    /// Nothing was ever made here.
    Missing,
    /// A migration is yet to be run.
    Older,
    /// As this program knows them.
    Current,
    /// A newer program has added to them.
    Newer,
}

impl Schema {
    /// Judges the versions of the migrations that were run.
    pub(super) fn of(applied: &[i64]) -> Self {
        let migrator = migrator();
        if migrator.iter().any(|known| !applied.contains(&known.version)) {
            Self::Older
        } else if applied.iter().any(|version| !migrator.version_exists(*version)) {
            Self::Newer
        } else {
            Self::Current
        }
    }

    /// Whether a server can work on it as it is.
    pub(super) fn is_enough(self) -> bool {
        matches!(self, Self::Current | Self::Newer)
    }
}

/// The migrations. Whoever runs them keeps others from doing so too, by a transaction around all of it.
pub(super) fn migrator() -> Migrator {
    let mut migrator = sqlx::migrate!("./migrations");
    migrator.set_ignore_missing(true).set_locking(false);
    migrator
}

/// The tables that they make.
pub(super) fn tables() -> Vec<String> {
    let migrator = migrator();
    let lines = migrator.iter().flat_map(|migration| migration.sql.as_str().lines());
    lines.filter_map(|line| line.strip_prefix("create table ")?.split(' ').next()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_read_from_the_migrations() {
        assert!(["accounts", "sessions", "sends"].iter().all(|table| tables().iter().any(|made| made == table)), "{:?}", tables());
    }
}
