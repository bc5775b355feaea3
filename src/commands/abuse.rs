//! `beonho report abuse`: what looks like abuse, for somebody at a terminal.

use std::fmt::{self, Display, Formatter};

pub use crate::server::oversight::abuse::Report;
use crate::server::oversight::abuse::{Counted, Line};

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "since {}; thresholds are those of ABUSE_THRESHOLDS; nothing is blocked by this", self.since)?;
        list(f, "browsers that asked for many numbers", &self.browsers)?;
        list(f, "addresses from which many numbers were asked for", &self.addresses)?;
        list(f, "networks (/24, /48) from which many numbers were asked for", &self.networks)?;
        list(f, "prefixes with many sends that nobody proved", &self.prefixes)?;
        list(f, "hours with a burst of new accounts", &self.bursts)?;
        list(f, "numbers that were erased more than once", &self.removed_again)?;
        list(f, "countries", &self.countries)
    }
}

fn list<T: Display>(f: &mut Formatter<'_>, title: &str, lines: &[T]) -> fmt::Result {
    writeln!(f, "\n{title}{}", if lines.is_empty() { ": none" } else { "" })?;
    lines.iter().try_for_each(|line| writeln!(f, "  {line}"))
}

impl Display for Line {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { source, sends, numbers, browsers, proven, conversion_percent } = self;
        write!(f, "{source}: {sends} sends to {numbers} numbers, {browsers} browsers, {proven} proven ({conversion_percent} %)")
    }
}

impl Display for Counted {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.times)
    }
}
