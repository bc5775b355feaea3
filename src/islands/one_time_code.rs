//! WebOTP: where the browser can read the code out of the SMS, it offers to fill it in (WICG sms-one-time-codes).

use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

use super::dom::get;

/// Waits for the code of an SMS; none where the browser cannot, or when `abort` fires.
pub(super) async fn receive(abort: &AbortController) -> Option<String> {
    let window: JsValue = window().into();
    get(&window, "OTPCredential")?;
    let credentials = get(&get(&window, "navigator")?, "credentials")?;
    let ask: js_sys::Function = get(&credentials, "get")?.dyn_into().ok()?;
    let promise: js_sys::Promise = ask.call1(&credentials, &options(abort)?).ok()?.dyn_into().ok()?;
    get(&JsFuture::from(promise).await.ok()?, "code")?.as_string()
}

/// `{otp: {transport: ["sms"]}, signal}`.
fn options(abort: &AbortController) -> Option<JsValue> {
    let (options, otp) = (js_sys::Object::new(), js_sys::Object::new());
    let transport = js_sys::Array::of1(&"sms".into());
    js_sys::Reflect::set(&otp, &"transport".into(), &transport).ok()?;
    js_sys::Reflect::set(&options, &"otp".into(), &otp).ok()?;
    js_sys::Reflect::set(&options, &"signal".into(), &abort.signal()).ok()?;
    Some(options.into())
}
