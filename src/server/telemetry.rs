//! The log: one structured line per outcome, to standard error. Numbers are masked; codes, bodies and credentials are never in it.

use tracing_subscriber::EnvFilter;

/// Starts the log. `filter` is `RUST_LOG`'s syntax.
pub fn start(filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false).init();
}
