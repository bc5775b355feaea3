//! How a server function is called: its arguments travel as the fields of a form, the answer comes back as compact text.
//!
//! The browser sends when a call is first polled, and what it lacks ends the call there: one that is pending was sent.

use futures::channel::oneshot;
use http::Method;
use js_sys::{Function, Promise, Reflect};
use leptos::prelude::{ServerFnError, window};
use serde::Serialize;
use server_fn::client::Client;
use server_fn::codec::{FromReq, PostUrl};
use server_fn::response::TryRes;
use server_fn::server::Server;
use server_fn::{ContentType, Protocol};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortSignal, Headers, RequestInit};

use super::answer::Answer;

/// Longer than the server ever takes (five seconds at the vendor): after that the line is lost.
pub(crate) const TIME_LIMIT_MS: u32 = 20_000;

/// Fields out, as the form itself would post them; the lines of an [`Answer`] back.
pub struct FormPost;

impl<Fields, C, S> Protocol<Fields, Answer, C, S, ServerFnError> for FormPost
where
    Fields: FromReq<PostUrl, S::Request, ServerFnError> + Serialize + Send,
    C: Client<ServerFnError>,
    S: Server<ServerFnError>,
{
    const METHOD: Method = Method::POST;

    async fn run_server<F, Fut>(request: S::Request, run: F) -> Result<S::Response, ServerFnError>
    where
        F: Fn(Fields) -> Fut + Send,
        Fut: Future<Output = Result<Answer, ServerFnError>> + Send,
    {
        let fields = Fields::from_req(request).await?;
        let answer = run(fields).await?;
        S::Response::try_from_string("text/plain; charset=utf-8", answer.encode())
    }

    fn run_client(path: &str, fields: Fields) -> impl Future<Output = Result<Answer, ServerFnError>> + Send {
        call(path, serde_urlencoded::to_string(fields).ok())
    }
}

/// Sends at once. The answer comes through a channel, since a call must be `Send` and a promise's future is not.
fn call(path: &str, body: Option<String>) -> impl Future<Output = Result<Answer, ServerFnError>> + Send + use<> {
    let (tell, told) = oneshot::channel();
    if let Some(sent) = send(path, body) {
        spawn_local(async move {
            if let Some(answer) = receive(sent).await {
                let _ = tell.send(answer);
            }
        });
    }
    async { told.await.map_err(|_| ServerFnError::Request(String::new())) }
}

/// Posts the fields; none when this browser cannot.
fn send(path: &str, body: Option<String>) -> Option<Promise> {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&body?.into());
    let headers = Headers::new().ok()?;
    headers.set("content-type", PostUrl::CONTENT_TYPE).ok()?;
    // By itself a fetch says of old browsers what they say of a page.
    headers.set("accept", "text/plain").ok()?;
    init.set_headers(&headers);
    if let Some(signal) = time_limit() {
        init.set_signal(Some(&signal));
    }
    let window: JsValue = window().into();
    method(&window, "fetch")?.call2(&window, &path.into(), &init).ok()?.dyn_into().ok()
}

/// Browsers before 2022 have none: there a request ends when the line does.
fn time_limit() -> Option<AbortSignal> {
    let signals = Reflect::get(&window(), &"AbortSignal".into()).ok()?;
    method(&signals, "timeout")?.call1(&signals, &TIME_LIMIT_MS.into()).ok()?.dyn_into().ok()
}

/// The answer; none when the line was cut or something else than our server answered.
async fn receive(sent: Promise) -> Option<Answer> {
    // Whatever wraps the fetch may answer with something like a `Response`.
    let response = JsFuture::from(sent).await.ok()?;
    let text: Promise = method(&response, "text")?.call0(&response).ok()?.dyn_into().ok()?;
    Answer::decode(&JsFuture::from(text).await.ok()?.as_string()?)
}

fn method(object: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(object, &name.into()).ok()?.dyn_into().ok()
}
