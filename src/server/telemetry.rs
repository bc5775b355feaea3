//! The log: one structured line per outcome, to standard error. Numbers are masked; codes, bodies and credentials are never in it.

use tracing::Subscriber;
use tracing_subscriber::filter::{EnvFilter, filter_fn};
use tracing_subscriber::fmt::{MakeWriter, layer};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// A crate that writes the full numbers it reads into its finest lines. It is never listened to, whatever the filter says.
const TELLTALE: &str = "rlibphonenumber";

/// Whether a text is `RUST_LOG`'s syntax.
#[must_use]
pub fn is_filter(text: &str) -> bool {
    EnvFilter::try_new(text).is_ok()
}

/// Starts the log. `filter` is `RUST_LOG`'s syntax.
pub fn start(filter: &str) {
    subscriber(filter, std::io::stderr).init();
}

/// What the log is written by.
pub fn subscriber<W>(filter: &str, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let discreet = filter_fn(|line| !line.target().starts_with(TELLTALE));
    tracing_subscriber::registry().with(discreet).with(filter).with(layer().with_ansi(false).with_writer(writer))
}
