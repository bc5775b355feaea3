//! Which key signs, which are published and which are forgotten: what time makes of the keys of one algorithm.
//!
//! A key is published a day before it signs, and a day longer than it did: applications keep what `/oauth/jwks` said. A token that it
//! signed is known for a hundred days more, because it comes back as a hint at sign-out.

use jiff::{SignedDuration, Timestamp};

use crate::verification::policy::{DAY, MAX_CLOCK_SKEW};

/// How long a key signs.
pub const KEY_LIFETIME: SignedDuration = SignedDuration::from_hours(24 * 90);
/// How long a key is published before it signs.
pub const PUBLISHED_AHEAD: SignedDuration = DAY;
/// How long a key is published after another took its place.
const PUBLISHED_AFTER: SignedDuration = DAY;
/// How long it is kept after that.
const KEPT_AFTER: SignedDuration = SignedDuration::from_hours(24 * 100);

/// The keys of one algorithm by generation, each as the instant from which on it signs. A key has its place in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Succession(Vec<Timestamp>);

impl Succession {
    /// Of keys in the order of their generations.
    pub fn new(signs_from: impl IntoIterator<Item = Timestamp>) -> Self {
        Self(signs_from.into_iter().collect())
    }

    /// The place of the key that signs: the newest whose time has come. None where none may.
    ///
    /// A key that another replica has just made for now may lie a little ahead.
    #[must_use]
    pub fn signing(&self, now: Timestamp) -> Option<usize> {
        self.0.iter().rposition(|signs_from| *signs_from <= now + MAX_CLOCK_SKEW)
    }

    /// Whether a key is to be told: it signs, will, or did a short while ago.
    #[must_use]
    pub fn is_published(&self, place: usize, now: Timestamp) -> bool {
        self.replaced_at(place).is_none_or(|at| now < at + PUBLISHED_AFTER)
    }

    /// Whether nobody needs a key any more.
    #[must_use]
    pub fn is_forgotten(&self, place: usize, now: Timestamp) -> bool {
        self.replaced_at(place).is_some_and(|at| now >= at + PUBLISHED_AFTER + KEPT_AFTER)
    }

    /// Whether the key that signs needs a successor now. A next one that lies further ahead than any is made was dated by a clock that has
    /// been set back, and is none.
    #[must_use]
    pub fn is_next_due(&self, now: Timestamp) -> bool {
        let Some(signing) = self.signing(now) else { return false };
        let has_next = self.0[signing + 1..].iter().any(|signs_from| *signs_from <= now + PUBLISHED_AHEAD + MAX_CLOCK_SKEW);
        !has_next && now >= self.0[signing] + KEY_LIFETIME - PUBLISHED_AHEAD
    }

    /// When another took a key's place, or will.
    fn replaced_at(&self, place: usize) -> Option<Timestamp> {
        self.0.get(place + 1..).unwrap_or_default().iter().min().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000).expect("in range") + DAY * i32::try_from(day).expect("a few")
    }

    fn keys(days: &[i64]) -> Succession {
        Succession::new(days.iter().map(|at| day(*at)))
    }

    fn published(keys: &Succession, now: Timestamp) -> Vec<usize> {
        (0..keys.0.len()).filter(|place| keys.is_published(*place, now)).collect()
    }

    const SECOND: SignedDuration = SignedDuration::from_secs(1);

    #[test]
    fn the_newest_key_whose_time_has_come_signs() {
        let both = keys(&[0, 90]);
        assert_eq!((both.signing(day(0)), both.signing(day(89)), both.signing(day(90))), (Some(0), Some(0), Some(1)));
        assert_eq!(both.signing(day(5000)), Some(1), "late is better than never");
        assert_eq!(keys(&[]).signing(day(0)), None);
        // Made in a hurry while another waited for its turn.
        let hurried = keys(&[0, 10, 9]);
        assert_eq!((hurried.signing(day(9)), hurried.signing(day(11))), (Some(2), Some(2)));
    }

    #[test]
    fn a_key_of_a_replica_that_is_a_little_ahead_signs() {
        let first = keys(&[1]);
        assert_eq!(first.signing(day(1) - MAX_CLOCK_SKEW), Some(0));
        assert_eq!(first.signing(day(1) - MAX_CLOCK_SKEW - SECOND), None);
    }

    #[test]
    fn the_next_key_is_due_a_day_before_the_time_of_the_current_is_over() {
        let one = keys(&[0]);
        assert!(!one.is_next_due(day(89) - SECOND));
        assert!(one.is_next_due(day(89)) && one.is_next_due(day(500)));
        let both = keys(&[0, 90]);
        assert!(!both.is_next_due(day(89)) && !both.is_next_due(day(90)));
        assert!(both.is_next_due(day(179)));
        assert!(!keys(&[]).is_next_due(day(0)), "what nobody needed yet has no next");
    }

    #[test]
    fn a_next_key_of_a_wrong_clock_is_none() {
        let wrong = keys(&[0, 4000]);
        assert!(wrong.is_next_due(day(89)));
        let mended = keys(&[0, 4000, 90]);
        assert_eq!((mended.signing(day(90)), mended.signing(day(4001))), (Some(2), Some(2)));
        assert!(!mended.is_next_due(day(91)));
    }

    #[test]
    fn a_key_is_published_a_day_before_and_a_day_after_its_time() {
        let both = keys(&[0, 90]);
        assert_eq!(published(&both, day(89)), [0, 1]);
        assert_eq!(published(&both, day(91) - SECOND), [0, 1]);
        assert_eq!(published(&both, day(91)), [1]);
        // What never signed goes with the one that it was to follow.
        assert_eq!(published(&keys(&[0, 10, 9]), day(10)), [2]);
    }

    #[test]
    fn a_key_is_kept_for_a_hundred_days_after_it_was_published() {
        let both = keys(&[0, 90]);
        assert!(!both.is_forgotten(0, day(191) - SECOND) && both.is_forgotten(0, day(191)));
        assert!(!both.is_forgotten(1, day(9000)) && !both.is_forgotten(7, day(9000)));
    }
}
