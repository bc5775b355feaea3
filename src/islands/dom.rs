//! Short names for what the islands ask of the document.

use leptos::prelude::{document, window};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, EventTarget, HtmlElement, HtmlInputElement};

/// The first element that matches.
pub(super) fn find(selector: &str) -> Option<HtmlElement> {
    document().query_selector(selector).ok().flatten()?.dyn_into().ok()
}

pub(super) fn find_all(selector: &str) -> Vec<HtmlElement> {
    let Ok(nodes) = document().query_selector_all(selector) else { return Vec::new() };
    (0..nodes.length()).filter_map(|at| nodes.get(at)?.dyn_into().ok()).collect()
}

/// Writes a text only where it differs, so that nothing is spoken or drawn again for nothing.
pub(super) fn set_text(element: &HtmlElement, text: &str) {
    if element.text_content().as_deref() != Some(text) {
        element.set_text_content(Some(text));
    }
}

/// An attribute; empty where there is none.
pub(super) fn data(element: &Element, name: &str) -> String {
    element.get_attribute(name).unwrap_or_default()
}

/// The input that an event came from.
pub(super) fn input_of(event: &Event) -> Option<HtmlInputElement> {
    event.target()?.dyn_into().ok()
}

/// Listens for as long as the page lives.
pub(super) fn listen(target: &EventTarget, event: &str, act: impl FnMut(Event) + 'static) {
    let closure = Closure::<dyn FnMut(Event)>::new(act).into_js_value();
    let _ = target.add_event_listener_with_callback(event, closure.unchecked_ref());
}

/// Acts every second for as long as the page lives.
pub(super) fn every_second(act: impl FnMut() + 'static) {
    let closure = Closure::<dyn FnMut()>::new(act).into_js_value();
    let _ = window().set_interval_with_callback_and_timeout_and_arguments_0(closure.unchecked_ref(), 1000);
}

/// Writes attribute `name` as a boolean, in a way that ARIA's own are too.
pub(super) fn toggle(element: &Element, name: &str, is_on: bool) {
    if is_on != element.has_attribute(name) {
        let _ = if is_on { element.set_attribute(name, "true") } else { element.remove_attribute(name) };
    }
}

/// A property of a JavaScript object; null and undefined are none.
pub(super) fn get(object: &JsValue, name: &str) -> Option<JsValue> {
    js_sys::Reflect::get(object, &name.into()).ok().filter(|value| !value.is_undefined() && !value.is_null())
}
