//! Posts a form the way the browser would, and reads the compact answer. What the browser lacks is noticed before anything is prevented: then it
//! posts the form itself.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, FormData, Headers, HtmlFormElement, RequestInit, UrlSearchParams};

use super::dom::get;
use crate::api::answer::Answer;

/// Longer than the server ever takes (five seconds at the vendor): after that the line is lost.
pub(super) const TIME_LIMIT_MS: u32 = 20_000;

/// A request that is under way.
pub(super) struct Sent(Promise);

/// Posts a form; none when this browser cannot.
pub(super) fn form(form: &HtmlFormElement) -> Option<Sent> {
    let fields = FormData::new_with_form(form).ok()?;
    let body = UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?;
    // Every form of ours says what it is for. Where that is lost, so is the rest.
    body.get("purpose")?;
    send(&form.get_attribute("action")?, &body)
}

/// Asks where the person stands, as the page of a purpose shows it.
pub(super) fn status(purpose: &str) -> Option<Sent> {
    let fields = UrlSearchParams::new().ok()?;
    fields.set("purpose", purpose);
    send("/api/status", &fields)
}

fn send(path: &str, body: &UrlSearchParams) -> Option<Sent> {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(body);
    // By itself a fetch says of old browsers what they say of a page.
    let headers = Headers::new().ok()?;
    headers.set("accept", "text/plain").ok()?;
    init.set_headers(&headers);
    if let Some(signal) = time_limit() {
        init.set_signal(Some(&signal));
    }
    let window: JsValue = window().into();
    let fetch: Function = get(&window, "fetch")?.dyn_into().ok()?;
    Some(Sent(fetch.call2(&window, &path.into(), &init).ok()?.dyn_into().ok()?))
}

/// Browsers before 2022 have none: there a request ends when the line does.
fn time_limit() -> Option<AbortSignal> {
    let signals = get(&window().into(), "AbortSignal")?;
    let timeout: Function = Reflect::get(&signals, &"timeout".into()).ok()?.dyn_into().ok()?;
    timeout.call1(&signals, &TIME_LIMIT_MS.into()).ok()?.dyn_into().ok()
}

impl Sent {
    /// The answer; none when the line was cut or something else than our server answered.
    pub(super) async fn answer(self) -> Option<Answer> {
        // Whatever wraps the fetch may answer with something like a `Response`.
        let response = JsFuture::from(self.0).await.ok()?;
        let read: Function = get(&response, "text")?.dyn_into().ok()?;
        let text: Promise = read.call0(&response).ok()?.dyn_into().ok()?;
        Answer::decode(&JsFuture::from(text).await.ok()?.as_string()?)
    }
}
