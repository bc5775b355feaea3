//! The day as bars, drawn here, and as a table for whoever cannot see them.

use leptos::prelude::*;

use super::table::{Cell, table};
use crate::messages::ConsoleWords;
use crate::server::store::HourFigures;

const STEP: u64 = 20;
const BAR: u64 = 14;
const HEIGHT: u64 = 120;
/// Room for the half of a label.
const MARGIN: u64 = 20;
/// Hours between two labels.
const LABELLED: usize = 6;

/// An hour, `11-26 14:00`, and what happened in it.
pub(super) type Hour = (String, HourFigures);

pub(super) fn chart(words: &ConsoleWords, hours: &[Hour]) -> AnyView {
    let sum = |of: fn(&HourFigures) -> u64| hours.iter().map(|(_, figures)| of(figures)).sum::<u64>();
    let most = hours.iter().map(|(_, figures)| figures.sends.max(figures.verified)).max().unwrap_or_default();
    let about = words.chart_about.replace("{sends}", &sum(|hour| hour.sends).to_string());
    let about = about.replace("{verified}", &sum(|hour| hour.verified).to_string());
    let about = about.replace("{most}", &hours.iter().map(|(_, figures)| figures.sends).max().unwrap_or_default().to_string());
    let width = STEP * hours.len() as u64;
    let bars = hours.iter().enumerate().map(|(at, hour)| bars(at, hour, most.max(1))).collect_view();
    view! {
        <figure>
            <figcaption id="chart-title">{words.chart_title}</figcaption>
            <svg class="chart" viewBox=format!("-{MARGIN} 0 {} {}", width + 2 * MARGIN, HEIGHT + 24) role="img" aria-labelledby="chart-title"
                aria-describedby="chart-about" focusable="false">
                <path class="base" d=format!("M0 {HEIGHT}.5H{width}")/>
                {bars}
            </svg>
            <p id="chart-about" class="hint">{about}</p>
            <p class="legend" aria-hidden="true">
                <span class="sends">{words.sends}</span>
                <span class="verified">{words.verified}</span>
            </p>
            <details>
                <summary>{words.as_table}</summary>
                {figures(words, hours)}
            </details>
        </figure>
    }
    .into_any()
}

/// What was proven stands in front of what was sent.
fn bars(at: usize, (name, figures): &Hour, most: u64) -> impl IntoView + use<> {
    let left = STEP * at as u64;
    let bar = |count: u64| {
        let height = if count == 0 { 0 } else { (count * HEIGHT / most).max(2) };
        format!("M{} {HEIGHT}v-{height}h{BAR}v{height}z", left + (STEP - BAR) / 2)
    };
    let label = at.is_multiple_of(LABELLED).then(|| {
        let (x, y) = ((left + STEP / 2).to_string(), (HEIGHT + 20).to_string());
        let clock = name.rsplit(' ').next().unwrap_or_default().to_owned();
        view! { <text x=x y=y>{clock}</text> }
    });
    view! {
        <path class="sends" d=bar(figures.sends)/>
        <path class="verified" d=bar(figures.verified)/>
        {label}
    }
}

fn figures(words: &ConsoleWords, hours: &[Hour]) -> AnyView {
    let row = |(name, figures): &Hour| vec![Cell::from(name.as_str()), figures.sends.into(), figures.verified.into()];
    table("chart-title", &[words.hour, words.sends, words.verified], hours.iter().map(row).collect())
}
