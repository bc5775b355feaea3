//! The built site.

use rust_embed::RustEmbed;

/// What cargo-leptos leaves in `target/site`. A release carries it inside; a debug build reads the folder each time, for it changes under
/// `cargo leptos watch`.
#[derive(RustEmbed)]
#[folder = "target/site"]
#[allow_missing = true]
pub(crate) struct Site;
