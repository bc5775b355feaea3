//! Beonho: sign-up by phone number that a team hosts itself.
//!
//! # Layout
//!
//! - [`verification`] decides: the rules, pure, without I/O, clock or entropy.
//! - `server` acts: configuration, clock, sessions, the verifier, its store and its providers.
#![warn(missing_docs)]

pub mod messages;

#[cfg(feature = "ssr")]
pub mod server;
#[cfg(not(target_arch = "wasm32"))]
pub mod verification;
