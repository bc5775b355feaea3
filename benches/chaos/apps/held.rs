//! What an application holds of somebody, and the calls that it can make with it.

use super::asking;
use super::ledger::{Ask, Set};
use super::web::Request;

/// A call that is about to be made, and the browser that it belongs to.
pub type Due = (Ask, usize, Request);

/// What an application was let have, as far as it knows.
#[derive(Clone)]
pub struct Held {
    /// Which application.
    pub client: usize,
    /// In which browser, by its place.
    pub browser: usize,
    /// The code.
    pub code: String,
    /// What the code is redeemed with.
    pub verifier: String,
    /// The access tokens, the oldest first.
    pub access: Vec<String>,
    /// The refresh tokens, the oldest first.
    pub chain: Vec<String>,
    /// The newest ID token.
    pub id_token: Option<String>,
    /// Whether it was told that all of it is over.
    pub is_over: bool,
}

impl Held {
    /// Takes tokens that came.
    pub fn keep(&mut self, set: &Set) {
        if !self.access.contains(&set.access) {
            self.access.push(set.access.clone());
        }
        self.chain.extend(set.refresh.iter().filter(|token| !self.chain.contains(token)).cloned().collect::<Vec<_>>());
        self.id_token = Some(set.id_token.clone());
    }
}

/// A code becomes tokens.
pub fn redeemed(held: &Held) -> Due {
    (Ask::Redeem(held.code.clone()), held.browser, asking::redeem(held))
}

/// A refresh token becomes tokens.
pub fn refreshed(held: &Held, token: &str) -> Due {
    (Ask::Refresh(token.to_owned()), held.browser, asking::refresh(held.client, token))
}

/// Each access token opens userinfo.
pub fn looked(held: &Held) -> impl DoubleEndedIterator<Item = Due> {
    held.access.iter().map(|token| (Ask::UserInfo(token.clone()), held.browser, asking::look(token)))
}
