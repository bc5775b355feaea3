//! In the place of the crate of this name, which Leptos always brings for server functions that stream. That one exports three classes to
//! JavaScript, which no linker can leave out, and they are a tenth of the page (docs/weight.md). This one has what `server_fn` names, and exports
//! nothing: what nobody calls is left out.

use futures_util::stream::{Stream, unfold};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, ReadableStreamReadResult};

/// A stream of the browser.
#[derive(Debug)]
pub struct ReadableStream(web_sys::ReadableStream);

impl ReadableStream {
    /// Takes the browser's own.
    #[must_use]
    pub fn from_raw(raw: web_sys::ReadableStream) -> Self {
        Self(raw)
    }

    /// Would make one of a stream of ours, for a request whose body streams.
    ///
    /// # Panics
    ///
    /// Always: no server function of ours streams.
    #[must_use]
    pub fn from_stream<S>(_: S) -> Self
    where
        S: Stream<Item = Result<JsValue, JsValue>> + 'static,
    {
        panic!("vendor/wasm-streams sends no streams")
    }

    /// Gives the browser's own.
    #[must_use]
    pub fn into_raw(self) -> web_sys::ReadableStream {
        self.0
    }

    /// What it brings, chunk by chunk, until it ends or fails.
    pub fn into_stream(self) -> impl Stream<Item = Result<JsValue, JsValue>> {
        let reader = self.0.get_reader().unchecked_into::<ReadableStreamDefaultReader>();
        unfold(Some(reader), async |reader| {
            let reader = reader?;
            match JsFuture::from(reader.read()).await {
                Ok(chunk) => {
                    let chunk = chunk.unchecked_into::<ReadableStreamReadResult>();
                    (!chunk.get_done().unwrap_or(true)).then(|| (Ok(chunk.get_value()), Some(reader)))
                }
                Err(fault) => Some((Err(fault), None)),
            }
        })
    }
}
