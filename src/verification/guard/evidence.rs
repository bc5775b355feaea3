//! What is known of those who ask and of where the code would go, and what follows from it. The figures are those of the simulation
//! (`make simulate`): they stop each of its attacks and refuse nobody on its honest days.

use super::{GuardRule, HoldKey, Verdict};

/// P1: unproven sends of ten minutes.
const BURST_IN_PREFIX: i64 = 8;
/// P2: mature unproven sends of a day, of which fewer than this part was proven.
const SLOW_IN_PREFIX: i64 = 10;
const SLOW_IN_PREFIX_PERCENT: i64 = 20;
/// C1, of a country that is not home: many unproven, or fewer where hardly anybody proves at all.
const COUNTRY_GONE: i64 = 50;
const COUNTRY_GONE_PERCENT: i64 = 15;
const COUNTRY_DEAD: i64 = 35;
const COUNTRY_DEAD_PERCENT: i64 = 5;
/// C2.
const COUNTRY_DOUBTFUL: i64 = 20;
const COUNTRY_DOUBTFUL_PERCENT: i64 = 30;
/// C3: sends of ten minutes, and how often the best ten minutes so far.
const COUNTRY_RUSH: i64 = 20;
const COUNTRY_RUSH_TIMES: i64 = 4;
/// R1: mature unproven sends of an hour.
const REQUESTER: i64 = 10;
const REQUESTER_PERCENT: i64 = 20;
/// R2.
const NETWORK: i64 = 30;
const NETWORK_PERCENT: i64 = 10;

/// Sends, and how many of them were proven. What a vendor did not take or could not deliver is in neither.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// How many.
    pub sends: i64,
    /// Of these, proven.
    pub verified: i64,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.sends += other.sends;
        self.verified += other.verified;
    }
}

impl Counts {
    /// One send.
    pub const SENT: Self = Self { sends: 1, verified: 0 };
    /// One send that was counted and is to be no longer.
    pub const NOT_SENT: Self = Self { sends: -1, verified: 0 };
    /// One send that was counted turns out to be a person's.
    pub const PROVEN: Self = Self { sends: 0, verified: 1 };

    fn unproven(self) -> i64 {
        self.sends - self.verified
    }

    /// At least so many unproven, and less than this part of all proven.
    fn is_bad(self, unproven: i64, percent: i64) -> bool {
        self.unproven() >= unproven && 100 * self.verified < percent * self.sends
    }
}

/// What is known of a country.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CountryEvidence {
    /// Mature sends of a day.
    pub day: Counts,
    /// Sends of ten minutes.
    pub recent: i64,
    /// Proven sends of the best day of the fortnight before.
    pub best_day: i64,
    /// Proven sends of its best ten minutes.
    pub best_recent: i64,
}

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Sends of ten minutes to the prefix.
    pub prefix_recent: Counts,
    /// Its mature sends of a day.
    pub prefix_day: Counts,
    /// The country.
    pub country: CountryEvidence,
    /// It is one of those that the team serves at home: never held as a whole.
    pub is_home: bool,
    /// Mature sends of an hour that the requester asked for.
    pub requester: Counts,
    /// The same of its /24 or /48.
    pub network: Counts,
    /// Many people share the address (`GUARD_EXEMPT`): it says nothing of any of them.
    pub is_exempt: bool,
}

impl Evidence {
    /// What the rules say of one more send to a prefix of a country. A hold goes before a challenge.
    #[must_use]
    pub fn judge(&self, prefix: &str, country: &str) -> Verdict {
        let (hold_prefix, hold_country) = (|| HoldKey::Prefix(prefix.to_owned()), || HoldKey::Country(country.to_owned()));
        if self.prefix_recent.unproven() >= BURST_IN_PREFIX {
            return Verdict::Hold(GuardRule::P1, hold_prefix());
        }
        if self.prefix_day.is_bad(SLOW_IN_PREFIX, SLOW_IN_PREFIX_PERCENT) {
            return Verdict::Hold(GuardRule::P2, hold_prefix());
        }
        let CountryEvidence { day, recent, best_day, best_recent } = self.country;
        let is_gone = day.is_bad(COUNTRY_GONE.max(best_day), COUNTRY_GONE_PERCENT)
            || day.is_bad(COUNTRY_DEAD.max(best_day), COUNTRY_DEAD_PERCENT);
        if !self.is_home && is_gone {
            return Verdict::Hold(GuardRule::C1, hold_country());
        }
        if day.is_bad(COUNTRY_DOUBTFUL.max(best_day / 2), COUNTRY_DOUBTFUL_PERCENT) {
            return Verdict::Challenge(GuardRule::C2);
        }
        if !self.is_home && recent > COUNTRY_RUSH.max(COUNTRY_RUSH_TIMES * best_recent) {
            return Verdict::Challenge(GuardRule::C3);
        }
        if !self.is_exempt && self.requester.is_bad(REQUESTER, REQUESTER_PERCENT) {
            return Verdict::Challenge(GuardRule::R1);
        }
        if !self.is_exempt && self.network.is_bad(NETWORK, NETWORK_PERCENT) {
            return Verdict::Challenge(GuardRule::R2);
        }
        Verdict::Send
    }

    /// What an operator reads of a hold's reason.
    #[must_use]
    pub fn reason(&self, rule: GuardRule) -> String {
        let told = |counts: Counts, span: &str| format!("{} of {} sends proven in {span}", counts.verified, counts.sends);
        match rule {
            GuardRule::P1 => told(self.prefix_recent, "10 minutes"),
            GuardRule::P2 => told(self.prefix_day, "a day"),
            _ => told(self.country.day, "a day"),
        }
    }
}
