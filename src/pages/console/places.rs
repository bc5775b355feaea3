//! Countries and prefixes.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::frame::Frame;
use super::table::sources;
use crate::server::oversight::places::Places;

pub(crate) fn show(frame: &Frame, places: &Places) -> Response {
    let words = frame.words();
    frame.page(words.places, StatusCode::OK, || {
        view! {
            <p class="lead">{words.places_lead}</p>
            {sources("countries", words.countries, words.country, words, &places.countries)}
            {sources("prefixes", words.prefixes, words.prefix, words, &places.prefixes)}
        }
        .into_any()
    })
}
