//! The names of the built files: cargo-leptos puts a hash of the content into each, so that they can be kept for ever.

use std::path::Path;
use std::sync::{LazyLock, OnceLock};

use leptos::prelude::*;

use super::site::Site;

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
        if *IS_WATCHED { Self::find() } else { BUILT.get_or_init(Self::find).clone() }
    }

    fn find() -> Self {
        let path = |kind: &str| format!("/{}", newest(kind).unwrap_or_else(|| format!("pkg/{OUTPUT_NAME}.{kind}")));
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

/// Whether this build has a browser's half; one by `cargo build` alone has none.
pub(crate) fn are_built() -> bool {
    newest("wasm").is_some()
}

/// The built file of this kind. While developing, those of earlier builds lie beside it.
fn newest(kind: &str) -> Option<String> {
    let start = format!("pkg/{OUTPUT_NAME}.");
    let is_of_kind = |path: &str| Path::new(path).extension().is_some_and(|end| end == kind);
    let files = Site::iter().filter(|path| path.starts_with(&start) && is_of_kind(path));
    files.max_by_key(|path| Site::get(path).and_then(|file| file.metadata.last_modified())).map(Into::into)
}
