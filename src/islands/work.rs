//! Work for a send. A worker does it, so that the page stays alive; its file is loaded only then.

use js_sys::Promise;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlFormElement, HtmlInputElement, Worker};

use super::dom;

/// Solves a challenge; none where this browser cannot, or took too long.
pub(super) async fn solve(challenge: &str) -> Option<String> {
    let worker = Worker::new("/work.js").ok()?;
    let told = Promise::new(&mut |tell, _| {
        worker.set_onmessage(Some(&tell));
        worker.set_onerror(Some(&tell));
    });
    worker.post_message(&challenge.into()).ok()?;
    let event = JsFuture::from(told).await.ok()?;
    worker.terminate();
    dom::get(&event, "data")?.as_string().filter(|proof| !proof.is_empty())
}

/// The field that takes a proof, in a form that may need one.
pub(super) fn field_of(form: &HtmlFormElement) -> Option<HtmlInputElement> {
    form.query_selector("input[name=proof]").ok().flatten()?.dyn_into().ok()
}
