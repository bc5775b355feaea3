//! The release carries the site inside, and cargo cannot know by itself that the folder has other files now.

use std::env::var;

#[expect(clippy::disallowed_methods, reason = "what cargo tells a build script, not a setting")]
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is_release = var("PROFILE").is_ok_and(|profile| profile == "release");
    let is_server = var("CARGO_FEATURE_SSR").is_ok();
    if is_release && is_server {
        println!("cargo::rerun-if-changed=target/site/pkg");
        println!("cargo::rerun-if-changed=public");
    }
}
