//! The names of the built files: cargo-leptos puts a hash of the content into each, so that they can be kept for ever.

use std::path::PathBuf;
use std::sync::{LazyLock, OnceLock};

use leptos::prelude::*;

/// Where the built files are, seen from the project's root.
pub(crate) const SITE_ROOT: &str = "target/site";
const OUTPUT_NAME: &str = "beonho";
/// What cargo-leptos reloads the browser over while developing; the value in `Cargo.toml`.
const RELOAD_PORT: u32 = 3001;

/// The paths that a page loads.
#[derive(Clone, Debug)]
pub(crate) struct Assets {
    /// The glue.
    pub js: String,
    /// The islands.
    pub wasm: String,
    /// The style.
    pub css: String,
    /// The port of the reloader, while developing.
    pub reload_port: Option<u32>,
}

/// cargo-leptos says that it watches by `LEPTOS_WATCH`.
#[expect(clippy::disallowed_methods, reason = "a fact of the process that runs this, not a setting")]
static IS_WATCHED: LazyLock<bool> = LazyLock::new(|| std::env::var("LEPTOS_WATCH").is_ok());

impl Assets {
    /// The files of this build. While developing they may change under a running server, so they are looked up each time.
    #[must_use]
    pub(crate) fn current() -> Self {
        static BUILT: OnceLock<Assets> = OnceLock::new();
        if *IS_WATCHED { Self::read() } else { BUILT.get_or_init(Self::read).clone() }
    }

    fn read() -> Self {
        let hashes = hash_file().and_then(|path| std::fs::read_to_string(path).ok()).unwrap_or_default();
        let hash = |kind: &str| {
            let lines = hashes.lines().filter_map(|line| line.split_once(':'));
            let hash = lines.filter(|(key, _)| key.trim() == kind).map(|(_, hash)| hash.trim()).next();
            hash.map(|hash| format!(".{hash}")).unwrap_or_default()
        };
        let path = |kind: &str| format!("/pkg/{OUTPUT_NAME}{}.{kind}", hash(kind));
        Self { js: path("js"), wasm: path("wasm"), css: path("css"), reload_port: IS_WATCHED.then_some(RELOAD_PORT) }
    }

    /// The script that reloads the page while developing.
    #[must_use]
    pub(crate) fn reloader(&self) -> Option<impl IntoView + use<>> {
        let port = self.reload_port?;
        let options = LeptosOptions::builder().output_name(OUTPUT_NAME).reload_port(port).build();
        Some(view! { <leptos::hydration::AutoReload options/> })
    }
}

/// cargo-leptos leaves the hashes beside the executable.
fn hash_file() -> Option<PathBuf> {
    Some(std::env::current_exe().ok()?.parent()?.join("hash.txt"))
}
