//! What an application is told of a person.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::{Client, Scope, Scopes, lifetimes};
use crate::verification::PhoneNumber;

/// How a number was proven (RFC 8176).
const METHODS: [&str; 2] = ["otp", "sms"];
/// What that is worth.
pub const CONTEXT_CLASS: &str = "urn:beonho:acr:number";
/// What a logout token is about (Back-Channel Logout 1.0, 2.4).
pub const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// A value of JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// A text.
    Text(String),
    /// A number.
    Number(i64),
    /// Yes or no.
    Flag(bool),
    /// Some texts.
    List(Vec<&'static str>),
    /// An object with one empty object in it.
    Event(&'static str),
}

/// Names and values.
pub type Claims = Vec<(&'static str, Claim)>;

fn text(value: impl Into<String>) -> Claim {
    Claim::Text(value.into())
}

fn instant(at: Timestamp) -> Claim {
    Claim::Number(at.as_second())
}

/// Whom it is about, as far as an application may know.
#[derive(Clone, Debug)]
pub struct Person<'a> {
    /// What this application calls them.
    pub sub: &'a str,
    /// What they call themselves: not unique, and nothing that an application may know somebody by.
    pub nickname: &'a str,
    /// Their proven number.
    pub phone_number: &'a PhoneNumber,
    /// When that last changed.
    pub updated_at: Timestamp,
}

impl Person<'_> {
    /// What userinfo tells (OpenID Connect Core, 5.4).
    #[must_use]
    pub fn claims(&self, client: &Client, scopes: &Scopes) -> Claims {
        let mut claims = vec![("sub", text(self.sub))];
        if scopes.has(Scope::Profile) {
            claims.push(("name", text(self.nickname)));
            claims.push(("nickname", text(self.nickname)));
            // Applications take it for unique.
            claims.push(("preferred_username", text(self.sub)));
            claims.push(("updated_at", instant(self.updated_at)));
        }
        if scopes.has(Scope::Phone) {
            claims.push(("phone_number", text(self.phone_number.as_e164())));
            claims.push(("phone_number_verified", Claim::Flag(true)));
        }
        if let Some(domain) = client.email_domain.as_deref().filter(|_| scopes.has(Scope::Email)) {
            claims.push(("email", text(format!("{}@{domain}", self.sub))));
            claims.push(("email_verified", Claim::Flag(false)));
        }
        claims
    }
}

/// What an ID token says beside the person.
#[derive(Clone, Debug)]
pub struct IdToken<'a> {
    /// Who issues it.
    pub issuer: &'a str,
    /// For whom.
    pub client_id: &'a str,
    /// When the person proved their number.
    pub authenticated_at: Option<Timestamp>,
    /// What the application wants to find; only after a code.
    pub nonce: Option<&'a str>,
    /// Which session.
    pub sid: &'a str,
    /// What it came with.
    pub access_token: &'a str,
}

impl IdToken<'_> {
    /// Its claims (OpenID Connect Core, 2), with those of the person behind them.
    #[must_use]
    pub fn claims(&self, person: Claims, now: Timestamp) -> Claims {
        let mut claims = vec![
            ("iss", text(self.issuer)),
            ("aud", text(self.client_id)),
            ("iat", instant(now)),
            ("exp", instant(now + lifetimes::ID_TOKEN)),
            ("amr", Claim::List(METHODS.to_vec())),
            ("acr", text(CONTEXT_CLASS)),
            ("sid", text(self.sid)),
            ("at_hash", text(half_hash(self.access_token))),
        ];
        claims.extend(self.authenticated_at.map(|at| ("auth_time", instant(at))));
        claims.extend(self.nonce.map(|nonce| ("nonce", text(nonce))));
        claims.extend(person);
        claims
    }
}

/// What a logout token says (Back-Channel Logout 1.0, 2.4). `id` is the same at every try.
#[must_use]
pub fn logout_token(issuer: &str, client_id: &str, sub: &str, sid: Option<&str>, id: &str, now: Timestamp) -> Claims {
    let mut claims = vec![
        ("iss", text(issuer)),
        ("aud", text(client_id)),
        ("iat", instant(now)),
        ("exp", instant(now + lifetimes::LOGOUT_TOKEN)),
        ("jti", text(id)),
        ("events", Claim::Event(LOGOUT_EVENT)),
        ("sub", text(sub)),
    ];
    claims.extend(sid.map(|sid| ("sid", text(sid))));
    claims
}

/// The left half of a hash, by which a token names another (OpenID Connect Core, 3.1.3.6). Both algorithms hash with SHA-256.
fn half_hash(token: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(&Sha256::digest(token)[..16])
}

/// What an application calls an account that no other application is to recognise: the secret is one for the whole database, and stays.
#[must_use]
pub fn pairwise(secret: &str, sector: &str, account_id: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(format!("{secret}\n{sector}\n{account_id}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_a_token_is_that_of_the_specification() {
        // OpenID Connect Core, A.3.
        assert_eq!(half_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"), "77QmUPtjPfzWtF2AnpK9RQ");
    }

    #[test]
    fn no_two_applications_know_the_same_person_by_a_pairwise_name() {
        let names = [pairwise("s", "a.example", "1"), pairwise("s", "b.example", "1"), pairwise("s", "a.example", "2")];
        assert!(names[0] != names[1] && names[0] != names[2] && pairwise("s", "a.example", "1") == names[0]);
    }
}
