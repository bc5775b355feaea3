//! The URL of a database: whether it names one whole, and which, without a piece of its password.

use super::start;

/// The options that are read from a URL. Others would be passed over with a warning, and some of them are about safety.
const URL_OPTIONS: [&str; 14] = [
    "application_name",
    "options",
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "sslcert",
    "sslkey",
    "host",
    "port",
    "dbname",
    "user",
    "password",
    "statement-cache-capacity",
];

const SSL_MODES: [&str; 6] = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

/// Whether a URL names a database of a server, with options that are read.
pub(in crate::server::store) fn check_url(url: &str) -> Result<(), String> {
    let (rest, query) = url.split_once('?').unwrap_or((url, ""));
    let options: Vec<(&str, &str)> =
        query.split('&').filter(|option| !option.is_empty()).map(|o| o.split_once('=').unwrap_or((o, ""))).collect();
    let has = |name: &str| options.iter().any(|(option, value)| *option == name && !value.is_empty());
    let (_, place) = rest.split_once("://").ok_or("must be like postgres://user:password@host/database")?;
    let (authority, database) = place.split_once('/').unwrap_or((place, ""));
    if is_cut_short(authority, database) {
        return Err("ends its host too early: in a password, write / as %2F, ? as %3F and # as %23".to_owned());
    }
    if let Some((unknown, _)) = options.iter().find(|(name, _)| !URL_OPTIONS.contains(name)) {
        return Err(unknown_option(unknown, !database.is_empty()));
    }
    if options.iter().any(|(name, value)| matches!(*name, "sslmode" | "ssl-mode") && !SSL_MODES.contains(value)) {
        return Err(format!("sslmode must be one of {}", SSL_MODES.join(", ")));
    }
    if options.iter().any(|(name, value)| matches!(*name, "sslrootcert" | "ssl-root-cert") && *value == "system") {
        return Err("sslrootcert must be a file; without it the system's certificates count".to_owned());
    }
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if host.is_empty() && !has("host") || database.is_empty() && !has("dbname") {
        return Err("names no host or no database: it must be like postgres://user:password@host/database".to_owned());
    }
    start::options(url).map(drop).map_err(|_| "cannot be read: it must be like postgres://user:password@host/database".to_owned())
}

/// Whether what looks like the host may be the beginning of a password: then no part of it may be shown.
fn is_cut_short(authority: &str, database: &str) -> bool {
    let port = authority.rsplit_once(':').map_or("", |(_, port)| port);
    let is_half = !authority.contains(['@', '[']) && port.bytes().any(|byte| !byte.is_ascii_digit());
    is_half || authority.contains('#') || database.contains(['@', '#'])
}

/// It is named only if it looks like the name of an option: else it may be a piece of a password.
fn unknown_option(name: &str, is_whole: bool) -> String {
    let is_name = is_whole && name.len() <= 40 && name.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'-' | b'_'));
    let named = if is_name { format!(": {name}") } else { "; in a password, write ? as %3F and & as %26".to_owned() };
    format!("has an option that is not understood here, and so would not hold{named}")
}

/// Which database a URL means, without its password.
pub(in crate::server::store) fn name_of(url: &str) -> Option<String> {
    let options = start::options(url).ok()?;
    let host = options.get_socket().map_or_else(|| options.get_host().to_owned(), |socket| socket.display().to_string());
    let database = options.get_database().unwrap_or_else(|| options.get_username());
    Some(format!("postgres://{}@{host}:{}/{database}", options.get_username(), options.get_port()))
}
