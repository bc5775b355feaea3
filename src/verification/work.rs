//! Work in the place of a puzzle: when a send costs some, how much, and the wait in its place where a browser runs no code.

use std::ops::RangeInclusive;

use jiff::{SignedDuration, Timestamp};

use super::policy::DAY;

/// When a send costs work, by `CHALLENGE`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WorkAsked {
    /// When it looks like abuse.
    #[default]
    Doubtful,
    /// Every time.
    Always,
    /// Never.
    Off,
}

impl WorkAsked {
    /// The values of the setting, the default first.
    pub const VALUES: [&str; 3] = ["doubtful", "always", "off"];

    /// Reads one of [`Self::VALUES`].
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text {
            "always" => Self::Always,
            "off" => Self::Off,
            _ => Self::Doubtful,
        }
    }
}

/// Iterations of one guess (PBKDF2 with SHA-256): what ALTCHA's own libraries take for a browser.
pub const ITERATIONS: u32 = 5_000;
/// Which guess is the right one: 300 take a second on a slow core, and two on a cheap phone. A debug build derives a hundred times slower, and
/// its tests work too.
pub const GUESSES: RangeInclusive<u32> = if cfg!(debug_assertions) { 2..=8 } else { 200..=400 };
/// A guess of the dearest challenge has this many times the iterations: eight seconds on that phone, which still ends within one post's time.
const MAX_FACTOR: u32 = 4;
/// How many earlier challenges of a source make the next one no dearer any more.
pub const DEAREST_AFTER: usize = 2;
/// How long a challenge may be solved.
pub const PROOF_LIFETIME: SignedDuration = SignedDuration::from_mins(10);
/// How long somebody waits whose browser cannot work.
pub const WAIT: SignedDuration = SignedDuration::from_secs(60);
/// How long after it began a wait is still good for a press.
pub const WAIT_LIFETIME: SignedDuration = SignedDuration::from_mins(15);

/// The iterations of a guess: twice those before with each challenge that a source was given within the hour.
///
/// ```
/// use beonho::verification::work::iterations_after;
///
/// assert_eq!([0, 1, 2, 9].map(iterations_after), [5_000, 10_000, 20_000, 20_000]);
/// ```
#[must_use]
pub fn iterations_after(earlier: usize) -> u32 {
    ITERATIONS * (1 << earlier.min(DEAREST_AFTER)).min(MAX_FACTOR)
}

/// How a wait stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitStanding {
    /// It has not ended.
    Early {
        /// When it does.
        until: Timestamp,
    },
    /// It is good for a press.
    Done,
    /// It ended too long ago, or begins later than now.
    Over,
}

/// How a wait stands that began then.
#[must_use]
pub fn wait_standing(began: Timestamp, now: Timestamp) -> WaitStanding {
    let waited = now.duration_since(began);
    if waited < SignedDuration::ZERO || waited > WAIT_LIFETIME {
        WaitStanding::Over
    } else if waited < WAIT {
        WaitStanding::Early { until: began + WAIT }
    } else {
        WaitStanding::Done
    }
}

/// The number of a day since the Unix epoch, and when it ends (UTC): a number is sent one code a day for a wait.
#[must_use]
pub fn day_of(now: Timestamp) -> (i64, Timestamp) {
    let day = now.as_second().div_euclid(DAY.as_secs());
    (day, Timestamp::from_second((day + 1) * DAY.as_secs()).unwrap_or(Timestamp::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_good_from_its_minute_to_its_quarter() {
        let began = Timestamp::from_second(1_700_000_000).expect("in range");
        let after = |secs| wait_standing(began, began + SignedDuration::from_secs(secs));
        assert_eq!([0, 59].map(after), [WaitStanding::Early { until: began + WAIT }; 2]);
        assert_eq!([60, 900].map(after), [WaitStanding::Done; 2]);
        assert_eq!([-1, 901].map(after), [WaitStanding::Over; 2]);
    }

    #[test]
    fn a_day_ends_when_the_next_begins() {
        let (day, ends) = day_of(Timestamp::from_second(1_700_000_000).expect("in range"));
        assert_eq!((day_of(ends - SignedDuration::from_secs(1)), day_of(ends).0), ((day, ends), day + 1));
    }

    #[test]
    fn the_values_of_the_setting_are_read() {
        assert_eq!(WorkAsked::VALUES.map(WorkAsked::parse), [WorkAsked::Doubtful, WorkAsked::Always, WorkAsked::Off]);
    }
}
