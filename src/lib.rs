//! Beonho: sign-up by phone number that a team hosts itself.
//!
//! # Layout
//!
//! Each room imports only from those below it.
//!
//! - `commands` does what the operator asks for by hand.
//! - `app` arranges: it builds the server, its routes, and what holds for every request.
//! - `pages` show what the server knows.
//! - [`islands`] move: all the code that a browser runs.
//! - [`api`] is the door: server functions and the JSON interface.
//! - `server` acts: configuration, clock, sessions, the verifier, its store and its providers.
//! - `messages` holds the words.
//! - [`authorization`] decides what other applications get; [`verification`] decides: the rules and the public outcomes, pure, without I/O, clock or entropy.
#![warn(missing_docs, unreachable_pub)]

#[cfg(feature = "ssr")]
pub mod app;
#[cfg(not(target_arch = "wasm32"))]
pub mod authorization;
#[cfg(feature = "ssr")]
pub mod commands;
#[cfg(feature = "ssr")]
mod messages;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
pub mod server;
#[cfg(not(target_arch = "wasm32"))]
pub mod verification;

#[cfg(feature = "islands")]
pub mod islands;

/// The door: server functions and the JSON interface.
#[cfg(feature = "islands")]
pub mod api {
    pub mod answer;
    pub mod functions;
    pub mod post;

    #[cfg(feature = "ssr")]
    pub(crate) mod addresses;
    #[cfg(feature = "ssr")]
    pub(crate) mod call;
    #[cfg(feature = "ssr")]
    pub(crate) mod cookies;
    #[cfg(feature = "ssr")]
    pub(crate) mod flash;
    #[cfg(feature = "ssr")]
    pub(crate) mod hooks;
    #[cfg(feature = "ssr")]
    pub mod json;
    #[cfg(feature = "ssr")]
    pub(crate) mod oidc;
    #[cfg(feature = "ssr")]
    pub(crate) mod refusal;
    #[cfg(feature = "ssr")]
    pub(crate) mod reply;
    #[cfg(feature = "ssr")]
    pub(crate) mod visit;
}

/// What the browser calls once the code is there: it gives every island on the page its life.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
