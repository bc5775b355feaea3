//! The log: one structured line per outcome, to standard error. Numbers are masked; codes, bodies and credentials are never in it.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use tracing::Subscriber;
use tracing_subscriber::filter::{EnvFilter, filter_fn};
use tracing_subscriber::fmt::{MakeWriter, layer};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// A crate that writes the full numbers it reads into its finest lines. It is never listened to, whatever the filter says.
const TELLTALE: &str = "rlibphonenumber";

/// How often what everybody meets is told.
const PAUSE: SignedDuration = SignedDuration::from_mins(10);

/// Lets a line through once in ten minutes: what thousands meet is told once, not a thousand times.
#[derive(Debug, Default)]
pub(crate) struct Seldom(AtomicI64);

impl Seldom {
    /// Whether it is time to say it again.
    #[must_use]
    pub(crate) fn is_due(&self, now: Timestamp) -> bool {
        let (now_ms, last_ms) = (now.as_millisecond(), self.0.load(Ordering::Relaxed));
        // A clock that was set back must not silence it.
        let is_due = u128::from(now_ms.abs_diff(last_ms)) >= PAUSE.unsigned_abs().as_millis();
        is_due && self.0.compare_exchange(last_ms, now_ms, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

/// Words that may stand alone in a filter: what they name writes lines here.
const TARGETS: [&str; 9] = ["beonho", "axum", "h2", "hyper", "leptos", "reqwest", "rustls", "sqlx", "tower_http"];
const LEVELS: [&str; 12] = ["off", "error", "warn", "info", "debug", "trace", "0", "1", "2", "3", "4", "5"];

/// Whether a text is `RUST_LOG`'s syntax. A word that is no level would be the name of something that writes nothing, and silence all else.
#[must_use]
pub(crate) fn is_filter(text: &str) -> bool {
    let is_meant = |word: &str| {
        let names_more = ["=", "::", "["].iter().any(|mark| word.contains(mark));
        names_more || LEVELS.contains(&word.to_ascii_lowercase().as_str()) || TARGETS.contains(&word)
    };
    EnvFilter::try_new(text).is_ok() && text.split(',').map(str::trim).filter(|word| !word.is_empty()).all(is_meant)
}

/// Starts the log, once a process. `filter` is `RUST_LOG`'s syntax; one that cannot be read counts as `info`.
pub fn start(filter: &str) {
    subscriber(filter, std::io::stderr).init();
}

/// The log as [`start`] writes it, to wherever a test reads it.
pub fn subscriber<W>(filter: &str, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let discreet = filter_fn(|line| !line.target().starts_with(TELLTALE));
    tracing_subscriber::registry().with(discreet).with(filter).with(layer().with_ansi(false).with_writer(writer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_names_levels_and_what_writes_lines() {
        for text in ["info", "WARN", "beonho=debug,info", "sqlx", "beonho::server=trace", "off", "info,[span]=debug"] {
            assert!(is_filter(text), "{text}");
        }
        for text in ["warning", "inof", "verbose", "info,verbose", "beonho=loud"] {
            assert!(!is_filter(text), "{text}");
        }
    }

    #[test]
    fn what_everybody_meets_is_told_once_in_a_while() {
        let (seldom, start) = (Seldom::default(), Timestamp::from_second(1_700_000_000).expect("in range"));
        let is_due = |secs: i64| seldom.is_due(start + SignedDuration::from_secs(secs));
        assert!(is_due(0));
        assert!(!is_due(1) && !is_due(599));
        assert!(is_due(600) && !is_due(601));
        assert!(is_due(-3600), "the clock was set back");
    }
}
