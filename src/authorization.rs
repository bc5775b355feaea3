//! The rules of the OpenID provider: who may ask for what, and what a request, a code and a token are worth.
//!
//! It decides and does nothing: `now` and random values are arguments. What is said in its docs of the specifications: OpenID Connect Core
//! 1.0, RFC 6749 (`OAuth` 2.0), RFC 7636 (PKCE), RFC 9207 (the issuer in the answer), RFC 9700 (what is safe today).

mod algorithm;
pub mod claims;
pub mod client;
mod error;
pub mod keys;
pub mod lifetimes;
pub mod parameters;
pub mod pkce;
pub mod redirect_uri;
pub mod request;
mod scope;

pub use algorithm::Algorithm;
pub use client::{Client, ClientDraft, FORWARD_AUTH_CALLBACK};
pub use error::{OauthError, Refused};
pub use parameters::Parameters;
pub use redirect_uri::form_action_of;
pub use request::{AuthorizationRequest, Prompt, Unanswered};
pub use scope::{Scope, Scopes};
