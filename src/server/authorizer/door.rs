//! A door in front of any proxy: it asks for each request who makes it.
//!
//! The cookie is the application's own, set on its own host by a callback that the proxy leads here, so that no other host can read or set it.
//! It is a token of a grant like any other, and ends when the session does.

use std::sync::Arc;

use super::{Authorizer, digest_of};
use crate::authorization::parameters::with_query;
use crate::authorization::{Client, FORWARD_AUTH_CALLBACK, Scope, Scopes, lifetimes};
use crate::server::entropy;
use crate::server::store::{NewToken, Redeemed, StoreFault, TokenKind};
use crate::verification::secret_keys::{Use, digest};

/// Whom the door opened to.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    pub(crate) sub: String,
    pub(crate) name: String,
    /// In E.164, where the application may know it.
    pub(crate) phone: Option<String>,
}

/// The way to sign in.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// What the browser keeps until it is back.
    pub(crate) state_cookie: String,
    /// Where it goes.
    pub(crate) location: String,
}

/// What a callback came to.
#[derive(Clone, Debug)]
pub(crate) enum DoorAnswer {
    /// The browser keeps the token, and goes on to where it wanted to.
    Passed { token: String, to: String },
    /// It is none of ours, or too late, or of another browser: it begins again.
    Refused,
}

impl Authorizer {
    /// The application of an origin.
    pub(crate) async fn find_door(&self, origin: &str) -> Result<Option<Arc<Client>>, StoreFault> {
        self.clients.find_by_forward_auth_origin(&*self.store, origin).await
    }

    /// Who is there, by the cookies of that name.
    pub(crate) async fn open_door(&self, client: &Client, cookies: &[&str]) -> Result<Option<Opened>, StoreFault> {
        for cookie in cookies.iter().take(3) {
            let held = self.store.find_token(&digest_of(cookie), self.now()).await?;
            if let Some(held) = held.filter(|held| held.kind == TokenKind::Door && held.grant.client_id == client.id) {
                let sub = self.subject_of(client, &held.account.id).await?;
                let phone =
                    Scopes::parse(&held.grant.scope).has(Scope::Phone).then(|| held.account.phone_number.as_e164().to_owned());
                return Ok(Some(Opened { sub, name: held.account.nickname, phone }));
            }
        }
        Ok(None)
    }

    /// Sends somebody to sign in who wants to go to this path of the application's.
    pub(crate) fn ask_at_door(&self, client: &Client, origin: &str, to: &str) -> Asked {
        let state = entropy::new_id();
        let scopes = Scopes::all_that(|scope| client.scopes.has(scope) && scope != Scope::OfflineAccess);
        let (callback, challenge) = ([origin, FORWARD_AUTH_CALLBACK].concat(), digest(self.verifier_of(&state).as_bytes()));
        let scope = scopes.to_string();
        let pairs = [
            ("client_id", client.id.as_str()),
            ("response_type", "code"),
            ("scope", &scope),
            ("redirect_uri", &callback),
            ("state", &state),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let location = with_query(&[self.issuer.as_str(), "/oauth/authorize"].concat(), &pairs);
        Asked { state_cookie: self.seal(client, &state, to), location }
    }

    /// Takes the code that came back, if it is this browser that asked for it.
    pub(crate) async fn pass_door(
        &self,
        client: &Client,
        origin: &str,
        code: &str,
        state: &str,
        cookie: &str,
    ) -> Result<DoorAnswer, StoreFault> {
        let Some(to) = self.open_seal(client, state, cookie) else { return Ok(DoorAnswer::Refused) };
        let Some(grant) = self.store.find_grant(&digest_of(code)).await? else { return Ok(DoorAnswer::Refused) };
        let challenge = digest(self.verifier_of(state).as_bytes());
        let is_theirs = grant.client_id == client.id
            && grant.redirect_uri == [origin, FORWARD_AUTH_CALLBACK].concat()
            && grant.challenge.as_deref() == Some(challenge.as_str());
        if !is_theirs {
            return Ok(DoorAnswer::Refused);
        }
        let (token, now) = (entropy::new_token(), self.now());
        let door = NewToken { digest: digest_of(&token), kind: TokenKind::Door, expires_at: now + lifetimes::DOOR };
        Ok(match self.store.redeem_code(&grant, &[door], now).await? {
            Redeemed::Issued => DoorAnswer::Passed { token, to },
            Redeemed::Replayed | Redeemed::Over => DoorAnswer::Refused,
        })
    }

    /// Closes the door behind somebody.
    pub(crate) async fn leave_door(&self, cookies: &[&str]) -> Result<(), StoreFault> {
        for cookie in cookies.iter().take(3) {
            self.store.remove_token(&digest_of(cookie)).await?;
        }
        Ok(())
    }

    /// Known to nobody outside: the code is redeemed here.
    fn verifier_of(&self, state: &str) -> String {
        digest(&self.secret_keys.mac(Use::Door, &[b"verifier", state.as_bytes()]))
    }

    fn seal(&self, client: &Client, state: &str, to: &str) -> String {
        let tag = self.secret_keys.mac(Use::Door, &[client.id.as_bytes(), state.as_bytes(), to.as_bytes()]);
        let to = percent_encoding::utf8_percent_encode(to, percent_encoding::NON_ALPHANUMERIC);
        format!("{state}.{}.{to}", digest(&tag))
    }

    fn open_seal(&self, client: &Client, state: &str, cookie: &str) -> Option<String> {
        let (named, rest) = cookie.split_once('.')?;
        let (tag, to) = rest.split_once('.')?;
        let to = percent_encoding::percent_decode_str(to).decode_utf8().ok()?.into_owned();
        let macs = self.secret_keys.macs(Use::Door, &[client.id.as_bytes(), state.as_bytes(), to.as_bytes()]);
        // A digest of the tag is compared: what the comparison's time tells is nothing that leads to the tag.
        (named == state && macs.iter().any(|mac| digest(mac) == tag)).then_some(to)
    }
}
