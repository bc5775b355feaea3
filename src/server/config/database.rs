//! Where everything is kept.

use super::reader::Reader;
use crate::server::store;

pub(super) fn read(env: &mut Reader<'_>) -> String {
    env.parse("DATABASE_URL", "sqlite://data/beonho.db", |text| store::check_url(text).map(|()| text.to_owned()))
}

/// The file of an SQLite URL; none for another database.
pub(super) fn sqlite_file(url: &str) -> Option<&str> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    path.split('?').next().filter(|path| !path.is_empty())
}
