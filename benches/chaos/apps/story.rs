//! The calls of one account, and which of them belong together.

use std::collections::HashMap;

use super::ledger::{Ask, Call, Instant, Ledger, Set, Told};

/// What one code led to.
pub struct Grant<'a> {
    /// The call that brought the code.
    pub made: &'a Call,
    /// The application.
    pub client: usize,
    /// What the ID token must repeat.
    pub nonce: &'a str,
    /// Whether it outlives its session.
    pub is_offline: bool,
    /// The calls that tried to redeem the code.
    pub redeems: Vec<&'a Call>,
    /// The calls that brought a refresh token of it.
    pub refreshes: Vec<&'a Call>,
    /// The calls that brought an access token of it.
    pub looks: Vec<&'a Call>,
}

/// A token that came.
#[derive(Clone, Copy)]
pub struct Origin<'a> {
    /// The code that it came from in the end.
    pub code: &'a str,
    /// How many refresh tokens were changed for it.
    pub depth: usize,
    /// When the first call went out that may have brought it.
    pub from: Instant,
    /// When it was first heard of.
    pub to: Instant,
    /// Whether a code brought it, not a refresh token.
    pub is_first: bool,
}

/// One account.
pub struct Story<'a> {
    /// All its calls, in the order of their answers.
    pub calls: Vec<&'a Call>,
    /// What each code led to.
    pub grants: HashMap<&'a str, Grant<'a>>,
    /// Where each token came from.
    pub origins: HashMap<&'a str, Origin<'a>>,
}

impl<'a> Story<'a> {
    /// The story of each account.
    pub fn all(ledger: &'a Ledger) -> Vec<Self> {
        let mut calls: HashMap<usize, Vec<&Call>> = HashMap::new();
        for call in &ledger.calls {
            calls.entry(call.account).or_default().push(call);
        }
        let mut accounts: Vec<_> = calls.into_iter().collect();
        accounts.sort_by_key(|(account, _)| *account);
        accounts.into_iter().map(|(_, calls)| Self::of(calls)).collect()
    }

    fn of(mut calls: Vec<&'a Call>) -> Self {
        calls.sort_by_key(|call| (call.to, call.from));
        let mut story = Self { calls, grants: HashMap::new(), origins: HashMap::new() };
        for call in story.calls.clone() {
            story.take(call);
        }
        story
    }

    fn take(&mut self, call: &'a Call) {
        let code = match (&call.asked, &call.told) {
            (Ask::Authorize { client, nonce, is_offline }, Told::Code(code)) => {
                let (redeems, refreshes, looks) = (Vec::new(), Vec::new(), Vec::new());
                let (client, is_offline) = (*client, *is_offline);
                self.grants.insert(code, Grant { made: call, client, nonce, is_offline, redeems, refreshes, looks });
                return;
            }
            (Ask::Redeem(code), _) => Some(code.as_str()),
            (Ask::Refresh(token) | Ask::UserInfo(token), _) => self.origins.get(token.as_str()).map(|origin| origin.code),
            _ => None,
        };
        let Some((code, grant)) = code.and_then(|code| Some((code, self.grants.get_mut(code)?))) else { return };
        match &call.asked {
            Ask::Redeem(_) => grant.redeems.push(call),
            Ask::Refresh(_) => grant.refreshes.push(call),
            _ => grant.looks.push(call),
        }
        if let Told::Tokens(set) = &call.told {
            self.keep(code, call, set);
        }
    }

    fn keep(&mut self, code: &'a str, call: &'a Call, set: &'a Set) {
        let (is_first, depth) = match &call.asked {
            Ask::Refresh(token) => (false, self.origins.get(token.as_str()).map_or(1, |origin| origin.depth + 1)),
            _ => (true, 0),
        };
        let is_same = |other: &&&Call| other.asked == call.asked;
        let from = self.calls.iter().filter(is_same).map(|other| other.from).min().unwrap_or(call.from);
        let origin = Origin { code, depth, from, to: call.to, is_first };
        for token in [Some(&set.access), set.refresh.as_ref()].into_iter().flatten() {
            self.origins.entry(token).or_insert(origin);
        }
    }

    /// Ends of all sessions, and of one.
    pub fn ends(&self, session: Option<usize>) -> impl Iterator<Item = &'a Call> {
        self.calls.iter().copied().filter(move |call| match call.asked {
            Ask::Everywhere => true,
            Ask::SignOut { .. } => session == Some(call.session),
            _ => false,
        })
    }

    /// When somebody first wanted the end of a session.
    pub fn ends_first(&self, session: usize) -> Option<Instant> {
        self.ends(Some(session)).filter(|end| end.asked != Ask::Everywhere).map(|end| end.from).min()
    }

    /// Whether a call certainly ended what it asked for the end of. In a browser that was signed out before there are no others to be ended.
    pub fn has_ended(&self, end: &Call) -> bool {
        let is_out =
            |other: &&Call| matches!(other.asked, Ask::SignOut { .. }) && other.session == end.session && other.from < end.to;
        end.told == Told::Done && !(end.asked == Ask::Everywhere && self.calls.iter().any(is_out))
    }

    /// When a grant may first have been ended by what its application did: its code came twice, or a refresh token after its successor.
    pub fn may_be_revoked_at(&self, grant: &Grant<'a>) -> Instant {
        let mut redeemed: Vec<Instant> = grant.redeems.iter().map(|call| call.from).collect();
        redeemed.sort_unstable();
        let depth = |call: &Call| match &call.asked {
            Ask::Refresh(token) => self.origins.get(token.as_str()).map(|origin| origin.depth),
            _ => None,
        };
        let reused = grant.refreshes.iter().flat_map(|old| grant.refreshes.iter().map(move |new| (old, new)));
        let reused = reused.filter(|(old, new)| depth(old) < depth(new) && new.from < old.to);
        let reused = reused.map(|(old, new)| old.from.max(new.from)).min();
        redeemed.get(1).copied().into_iter().chain(reused).min().unwrap_or(Instant::MAX)
    }
}
