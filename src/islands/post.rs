//! Posts a form the way the browser would, and reads the compact answer.

use leptos::prelude::window;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, FormData, Headers, HtmlFormElement, RequestInit, Response, UrlSearchParams};

use crate::api::answer::Answer;

/// Longer than the server ever takes (five seconds at the vendor): after that the line is lost.
const TIME_LIMIT_MS: u32 = 20_000;

/// Posts a form; none when the line was cut or something else than our server answered.
pub(super) async fn form(form: &HtmlFormElement) -> Option<Answer> {
    let fields = FormData::new_with_form(form).ok()?;
    let body = UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?;
    send(&form.get_attribute("action")?, &body).await
}

/// Asks where the person stands, as the page of a purpose shows it.
pub(super) async fn status(purpose: &str) -> Option<Answer> {
    let fields = UrlSearchParams::new().ok()?;
    fields.set("purpose", purpose);
    send("/api/status", &fields).await
}

async fn send(path: &str, body: &UrlSearchParams) -> Option<Answer> {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(body);
    // By itself a fetch says of old browsers what they say of a page.
    let headers = Headers::new().ok()?;
    headers.set("accept", "text/plain").ok()?;
    init.set_headers(&headers);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(TIME_LIMIT_MS)));
    let response = JsFuture::from(window().fetch_with_str_and_init(path, &init)).await.ok()?;
    let response: Response = response.dyn_into().ok()?;
    let text = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
    Answer::decode(&text)
}
