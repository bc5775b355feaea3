//! Tables, which scroll within themselves where they are wider than the screen.

use leptos::prelude::*;

use crate::messages::ConsoleWords;
use crate::server::oversight::abuse::Line;

/// What stands in a cell.
pub(super) enum Cell {
    Text(String),
    /// Right-aligned.
    Count(String),
    /// An instant, as [`time`](crate::server::oversight::time) writes it.
    Time(String),
}

impl From<u64> for Cell {
    fn from(count: u64) -> Self {
        Self::Count(count.to_string())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// An instant for people, and for programs.
pub(super) fn instant(at: &str) -> impl IntoView + use<> {
    let shown = at.replace('T', " ").replace('Z', " UTC");
    view! { <time datetime=at.to_owned()>{shown}</time> }
}

/// A heading and what it is about. The first column names its row.
pub(super) fn section(
    id: &'static str,
    title: &'static str,
    words: &ConsoleWords,
    heads: &[&'static str],
    rows: Vec<Vec<Cell>>,
) -> AnyView {
    let body = if rows.is_empty() { view! { <p class="hint">{words.none}</p> }.into_any() } else { table(id, heads, rows) };
    view! { <section><h2 id=id>{title}</h2>{body}</section> }.into_any()
}

/// The table alone, called as the element of that name.
pub(super) fn table(label: &'static str, heads: &[&'static str], rows: Vec<Vec<Cell>>) -> AnyView {
    let counts: Vec<bool> =
        rows.first().map(|row| row.iter().map(|cell| matches!(cell, Cell::Count(_))).collect()).unwrap_or_default();
    let heads = heads.iter().enumerate().map(|(at, head)| {
        let is_count = counts.get(at).copied().unwrap_or_default();
        view! { <th scope="col" class:count=is_count>{*head}</th> }
    });
    let heads = heads.collect_view();
    let rows = rows.into_iter().map(|row| view! { <tr>{row.into_iter().enumerate().map(cell).collect_view()}</tr> });
    view! {
        <div class="scroll" role="region" tabindex="0" aria-labelledby=label>
            <table aria-labelledby=label>
                <thead><tr>{heads}</tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn cell((at, cell): (usize, Cell)) -> AnyView {
    let is_count = matches!(cell, Cell::Count(_));
    let shown = match cell {
        Cell::Text(text) | Cell::Count(text) => view! { <bdi>{text}</bdi> }.into_any(),
        Cell::Time(at) => instant(&at).into_any(),
    };
    match at {
        0 => view! { <th scope="row" class:count=is_count>{shown}</th> }.into_any(),
        _ => view! { <td class:count=is_count>{shown}</td> }.into_any(),
    }
}

/// The figures of sources, each with its conversion.
pub(super) fn sources(
    id: &'static str,
    title: &'static str,
    source: &'static str,
    words: &ConsoleWords,
    lines: &[Line],
) -> AnyView {
    let heads = [source, words.sends, words.numbers, words.browsers, words.verified, words.conversion];
    let row = |line: &Line| {
        let percent = Cell::Count(format!("{}%", line.conversion_percent));
        vec![line.source.as_str().into(), line.sends.into(), line.numbers.into(), line.browsers.into(), line.proven.into(), percent]
    };
    section(id, title, words, &heads, lines.iter().map(row).collect())
}
