//! Work for a send. A worker does it, so that the page stays alive; its file is loaded only then.

use js_sys::Promise;
use leptos::prelude::window;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlFormElement, HtmlInputElement};

use super::dom;

/// Solves a challenge and writes the proof into a form; none where this browser cannot, or took too long.
pub(super) async fn prove(challenge: &str, form: &HtmlFormElement) -> Option<()> {
    let window = window();
    // The document has it (`Boot`): as a script it is a third of what it would be here.
    let work: js_sys::Function = dom::get(&window, "work")?.dyn_into().ok()?;
    let told: Promise = work.call2(&window, &"/work.js".into(), &challenge.into()).ok()?.dyn_into().ok()?;
    let proof = JsFuture::from(told).await.ok()?.as_string()?;
    let field = form.query_selector("input[name=proof]").ok().flatten()?;
    field.unchecked_ref::<HtmlInputElement>().set_value(&proof);
    Some(())
}
