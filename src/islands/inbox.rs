//! The inbox's island: asks for the messages while somebody looks, and shows what is new.

use js_sys::Date;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Response;

use super::dom;

/// The messages, as the server drew them.
#[island]
pub fn Inbox(children: Children) -> impl IntoView {
    if is_browser() {
        tell_local_time();
        dom::every_second(|| {
            if !document().hidden() {
                spawn_local(refresh());
            }
        });
    }
    children()
}

async fn refresh() {
    let (Some(html), Some(list)) = (messages().await, dom::find("#messages")) else { return };
    if dom::data(&list, "data-shown") != html {
        let _ = list.set_attribute("data-shown", &html);
        list.set_inner_html(&html);
        tell_local_time();
    }
}

/// Tells the reader's time where the server told UTC, in the same way.
fn tell_local_time() {
    for time in dom::find_all("#messages time") {
        let sent_at = Date::new(&dom::data(&time, "datetime").into());
        time.set_text_content(sent_at.to_locale_time_string("en-GB").as_string().as_deref());
    }
}

async fn messages() -> Option<String> {
    let response: Response = JsFuture::from(window().fetch_with_str("/inbox/messages")).await.ok()?.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}
