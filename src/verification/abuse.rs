//! What looks like abuse in a day's sends: many numbers behind one source, texts that nobody proves, accounts in bursts. It is reported, and nothing
//! is blocked by it.

use std::collections::BTreeMap;

/// From how many on a source is worth a look. Each is set in `ABUSE_THRESHOLDS` by the name of its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AbuseThresholds {
    /// Numbers that one browser asked for.
    pub browser: u64,
    /// Numbers that were asked for from one address.
    pub address: u64,
    /// Numbers that were asked for from one /24, or /48 of IPv6.
    pub network: u64,
    /// Sends into one prefix (numbers but for their last four digits) that nobody proved.
    pub prefix: u64,
    /// Accounts of one hour, where it is also four times the usual.
    pub burst: u64,
}

impl Default for AbuseThresholds {
    fn default() -> Self {
        Self { browser: 3, address: 10, network: 30, prefix: 8, burst: 20 }
    }
}

impl AbuseThresholds {
    /// Reads `browser=3 address=10`; what is not named keeps its default.
    ///
    /// ```
    /// use beonho::verification::AbuseThresholds;
    ///
    /// let read = AbuseThresholds::parse("address=50 burst=100").expect("they are");
    /// assert_eq!(read, AbuseThresholds { address: 50, burst: 100, ..AbuseThresholds::default() });
    /// assert!(AbuseThresholds::parse("adress=50").is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// With what is wrong, for the operator.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut read = Self::default();
        for entry in text.split_whitespace() {
            let wrong = || format!("must be like browser=3 address=10 network=30 prefix=8 burst=20, which {entry} is not");
            let (name, count) = entry.split_once('=').ok_or_else(wrong)?;
            let count = count.parse().ok().filter(|count| *count > 0).ok_or_else(wrong)?;
            match name {
                "browser" => read.browser = count,
                "address" => read.address = count,
                "network" => read.network = count,
                "prefix" => read.prefix = count,
                "burst" => read.burst = count,
                _ => return Err(wrong()),
            }
        }
        Ok(read)
    }

    /// The hours, of those with their counts of new accounts, that are a burst: many, and four times the mean of the others.
    #[must_use]
    pub fn bursts(&self, hours: &BTreeMap<i64, u64>, window_hours: u64) -> Vec<(i64, u64)> {
        let all: u64 = hours.values().sum();
        let is_burst = |count: u64| count >= self.burst && count * window_hours.saturating_sub(1) >= 4 * (all - count);
        hours.iter().map(|(hour, count)| (*hour, *count)).filter(|(_, count)| is_burst(*count)).collect()
    }
}

/// What came of the sends of one source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Sends that a vendor took, or may have taken.
    pub sends: u64,
    /// Numbers that they went to.
    pub numbers: u64,
    /// Browsers that asked for them.
    pub browsers: u64,
    /// Challenges that were proven.
    pub proven: u64,
}

impl Tally {
    /// The tally of two sources together. Numbers and browsers that are in both count twice.
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        Self {
            sends: self.sends + other.sends,
            numbers: self.numbers + other.numbers,
            browsers: self.browsers + other.browsers,
            proven: self.proven + other.proven,
        }
    }

    /// Sends that nobody proved.
    #[must_use]
    pub fn unproven(&self) -> u64 {
        self.sends.saturating_sub(self.proven)
    }

    /// How many of a hundred numbers were proven.
    #[must_use]
    pub fn conversion_percent(&self) -> u64 {
        (100 * self.proven.min(self.numbers)).checked_div(self.numbers).unwrap_or(0)
    }
}

/// The /24 of an address, or the /48 of IPv6, whose requesters are stored as /64 already.
#[must_use]
pub fn wider_network(requester: &str) -> String {
    let parts = |mark: char| requester.split(mark).take(3).collect::<Vec<_>>();
    match requester {
        v6 if v6.ends_with("::/64") => format!("{}::/48", parts(':').join(":")),
        v4 if v4.bytes().filter(|byte| *byte == b'.').count() == 3 => format!("{}.0/24", parts('.').join(".")),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_read_or_refused() {
        assert_eq!(AbuseThresholds::parse(""), Ok(AbuseThresholds::default()));
        for wrong in ["browser", "browser=", "browser=0", "browser=-1", "browser=1.5", "browsers=3", "browser=3,address=4", "=3"] {
            assert!(AbuseThresholds::parse(wrong).expect_err(wrong).contains("must be like"), "{wrong}");
        }
    }

    #[test]
    fn a_burst_is_many_and_unusual() {
        let thresholds = AbuseThresholds::default();
        let hours = |counts: &[u64]| (0_i64..).zip(counts.iter().copied()).collect::<BTreeMap<_, _>>();
        assert_eq!(thresholds.bursts(&hours(&[1, 2, 20]), 24), [(2, 20)]);
        assert!(thresholds.bursts(&hours(&[1, 2, 19]), 24).is_empty(), "few");
        assert!(thresholds.bursts(&hours(&[30; 24]), 24).is_empty(), "usual");
        assert_eq!(thresholds.bursts(&hours(&[25]), 24), [(0, 25)], "nothing before");
    }

    #[test]
    fn networks_are_a_step_wider_than_requesters() {
        assert_eq!(wider_network("203.0.113.7"), "203.0.113.0/24");
        assert_eq!(wider_network("2001:db8:1:2::/64"), "2001:db8:1::/48");
        assert_eq!(wider_network("unknown"), "unknown");
    }

    #[test]
    fn conversion_never_leaves_its_scale() {
        let tally = |numbers, proven| Tally { sends: 10, numbers, proven, browsers: 1 };
        assert_eq!([tally(0, 0), tally(4, 3), tally(1, 5)].map(|tally| tally.conversion_percent()), [0, 75, 100]);
        assert_eq!(tally(4, 11).unproven(), 0);
    }
}
