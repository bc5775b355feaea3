//! What those can do who use applications.

/// Somebody with an account, who is signed in a few times when the run begins.
#[derive(Clone, Hash)]
pub struct Guest {
    /// When it begins.
    pub at_ms: u64,
    /// The number as it is typed.
    pub number: String,
    /// In how many browsers.
    pub sessions: usize,
    /// What happens.
    pub acts: Vec<Act>,
}

/// Some calls at once.
#[derive(Clone, Hash)]
pub struct Act {
    /// When, from the guest's beginning; later if the guest is still busy.
    pub after_ms: u64,
    /// The calls.
    pub moves: Vec<Move>,
}

/// One call.
#[derive(Clone, Hash)]
pub struct Move {
    /// What.
    pub deed: Deed,
    /// Which of the sessions, codes or tokens that are there by then.
    pub pick: usize,
    /// Through which replica.
    pub replica: usize,
    /// What becomes of the answer.
    pub fate: Fate,
}

/// What can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Deed {
    /// An application asks who is there.
    Authorize {
        /// Which one.
        client: usize,
        /// Whether it wants a refresh token.
        is_offline: bool,
        /// Whether the request waits first, as for somebody who is not signed in.
        waits: bool,
    },
    /// The newest code is redeemed.
    Redeem,
    /// A code is redeemed that was before.
    Replay,
    /// An access token opens userinfo.
    Look,
    /// The newest refresh token of a grant is used.
    Refresh,
    /// The one before it once more.
    Repeat,
    /// One whose successor was used.
    Reuse,
    /// By the page.
    SignOut,
    /// By an application.
    Leave,
    /// By the page, in all browsers.
    Everywhere,
    /// Every token is tried.
    Probe,
}

/// What becomes of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fate {
    /// It is waited for.
    Heard,
    /// The caller hangs up.
    HungUp {
        /// That much after it asked.
        after_ms: u64,
    },
    /// The replica is killed.
    Killed {
        /// That much after it was asked.
        after_ms: u64,
        /// For how long.
        down_ms: u64,
    },
}
