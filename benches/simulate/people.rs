//! People: where they are, and whether they give their code back.

use super::chance::Chance;

/// Somebody who asks for a code.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Seconds since the day began.
    pub at: u64,
    /// E.164.
    pub number: String,
    /// The address.
    pub requester: String,
    /// Whether the code comes back.
    pub proves: bool,
    /// It is no person.
    pub is_attack: bool,
}

/// Six of ten come from the 256 addresses that a mobile carrier's people share, the rest from one of their own.
pub fn person(chance: &mut Chance, within: u64, percent_proven: u64) -> Ask {
    let requester = if chance.below(10) < 6 {
        format!("203.0.113.{}", chance.below(256))
    } else {
        format!("10.{}.{}.{}", chance.below(256), chance.below(256), chance.below(256))
    };
    Ask {
        at: chance.below(within),
        number: format!("+8210{:08}", chance.below(100_000_000)),
        requester,
        proves: chance.below(100) < percent_proven,
        is_attack: false,
    }
}
