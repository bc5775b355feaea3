//! What looks like abuse.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::frame::Frame;
use super::table::{section, sources};
use crate::server::oversight::abuse::{Counted, Report};

pub(crate) fn show(frame: &Frame, report: &Report) -> Response {
    let words = frame.words();
    let counted = |id, title, head, lines: &[Counted]| {
        let rows = lines.iter().map(|line| vec![line.what.as_str().into(), line.times.into()]).collect();
        section(id, title, words, &[head, words.times], rows)
    };
    frame.page(words.abuse, StatusCode::OK, || {
        view! {
            <p class="lead">{words.abuse_lead}</p>
            {sources("browsers", words.abuse_browsers, words.browser, words, &report.browsers)}
            {sources("addresses", words.abuse_addresses, words.address, words, &report.addresses)}
            {sources("networks", words.abuse_networks, words.network, words, &report.networks)}
            {sources("prefixes", words.abuse_prefixes, words.prefix, words, &report.prefixes)}
            {counted("bursts", words.abuse_bursts, words.hour, &report.bursts)}
            {counted("removed", words.abuse_removed, words.number_field, &report.removed_again)}
            {sources("countries", words.countries, words.country, words, &report.countries)}
        }
        .into_any()
    })
}
