//! An application that may ask who somebody is.

mod draft;
mod email_domain;
mod faults;
mod secrets;

use std::collections::BTreeMap;

pub use draft::ClientDraft;

use super::redirect_uri::is_same_but_for_port;
use super::{Algorithm, Scope, Scopes};
use secrets::Secrets;

/// What is put behind the origin of an application that a proxy guards: a path of ours on its host.
pub const FORWARD_AUTH_CALLBACK: &str = "/.beonho/callback";

/// An application, checked. `Debug` shows no secret.
#[expect(clippy::struct_excessive_bools, reason = "each is a field of its own in what an operator writes")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// `client_id`.
    pub id: String,
    /// What people see it by.
    pub name: String,
    /// Where a code may be sent.
    pub redirect_uris: Vec<String>,
    /// Where a browser may be sent after it signed out.
    pub post_logout_redirect_uris: Vec<String>,
    /// Who is told of a sign-out.
    pub backchannel_logout_uri: Option<String>,
    /// Whether a request without PKCE is refused.
    pub needs_pkce: bool,
    /// What its ID tokens are signed with.
    pub algorithm: Algorithm,
    /// Whether it knows people by names that no other application has.
    pub is_pairwise: bool,
    /// What stands behind the @ of the addresses it is given.
    pub email_domain: Option<String>,
    /// Where it is when a proxy asks for it.
    pub forward_auth_origin: Option<String>,
    /// All that it may ask for.
    pub scopes: Scopes,
    /// Whether an ID token tells what otherwise only userinfo does.
    pub has_claims_in_id_token: bool,
    is_public: bool,
    sector: String,
    secrets: Secrets,
}

impl Client {
    /// Reads one as it was written. Fails with every fault that it has, in words for an operator.
    pub fn new(draft: ClientDraft) -> Result<Self, Vec<String>> {
        draft::read(draft)
    }

    /// Whether it has no secret to keep: it runs in a browser or on somebody's phone.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.is_public
    }

    /// Whether it may know somebody who is not there.
    #[must_use]
    pub fn may_refresh(&self) -> bool {
        self.scopes.has(Scope::OfflineAccess)
    }

    /// How many secrets are good for it now. An application that has none and is not public only has a proxy ask for it.
    #[must_use]
    pub fn secrets(&self) -> usize {
        self.secrets.len()
    }

    /// Whether a text is one of its secrets, in constant time.
    #[must_use]
    pub fn is_secret(&self, typed: &str) -> bool {
        self.secrets.has(typed)
    }

    /// Whether a code may be sent there.
    #[must_use]
    pub fn has_redirect_uri(&self, uri: &str) -> bool {
        let is_it = |registered: &String| registered == uri || (self.is_public && is_same_but_for_port(registered, uri));
        self.redirect_uris.iter().any(is_it)
    }

    /// Whether a browser may be sent there after it signed out.
    #[must_use]
    pub fn has_post_logout_redirect_uri(&self, uri: &str) -> bool {
        self.post_logout_redirect_uris.iter().any(|registered| registered == uri)
    }

    /// The host of its redirect URIs. Applications of one host know people by the same pairwise names.
    #[must_use]
    pub fn sector(&self) -> &str {
        &self.sector
    }

    /// What cannot be told apart in a list: two of one id, or two behind one origin.
    #[must_use]
    pub fn clashes(clients: &[Self]) -> Vec<String> {
        let (mut ids, mut origins) = (BTreeMap::<_, usize>::new(), BTreeMap::<_, Vec<_>>::new());
        for client in clients {
            *ids.entry(client.id.as_str()).or_default() += 1;
            if let Some(origin) = &client.forward_auth_origin {
                origins.entry(origin).or_default().push(client.id.as_str());
            }
        }
        let twins = ids.iter().filter(|(_, times)| **times > 1);
        let twins = twins.map(|(id, times)| format!("client {id}: client_id: is there {times} times"));
        let shared = origins.iter().filter(|(_, ids)| ids.len() > 1);
        let shared = shared.map(|(origin, ids)| {
            format!("client {}: forward_auth_origin: {origin} is that of {} as well", ids[0], ids[1..].join(", "))
        });
        twins.chain(shared).collect()
    }
}

#[cfg(test)]
mod tests;
