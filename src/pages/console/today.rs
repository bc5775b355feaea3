//! The first screen: the last 24 hours.

use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use leptos::prelude::*;

use super::chart::{Hour, chart};
use super::frame::Frame;
use super::table::{Cell, section};
use crate::messages::ConsoleWords;
use crate::server::store::{DayFigures, VendorFigures};
use crate::server::verifier::Costs;
use crate::verification::policy::DAY;
use crate::verification::{Money, Policy};

pub(crate) fn show(frame: &Frame, figures: &DayFigures, now: Timestamp, policy: &Policy, costs: Option<&Costs>) -> Response {
    let words = frame.words();
    frame.page(words.today, StatusCode::OK, || {
        let rows = figures.refusals.iter().map(|(rule, times)| vec![words.of_rule(rule).into(), Cell::from(*times)]).collect();
        view! {
            <p class="lead">{words.today_lead}</p>
            {totals(words, figures)}
            {chart(words, &hours(figures, now))}
            {section("refusals", words.refusals, words, &[words.rule, words.times], rows)}
            {budget(words, figures.service_sends, policy.max_sends_per_day)}
            {costs.and_then(|costs| money(words, policy, costs))}
            {vendors(words, &figures.vendors)}
        }
        .into_any()
    })
}

fn totals(words: &ConsoleWords, DayFigures { hours, tally, .. }: &DayFigures) -> impl IntoView + use<> {
    let verified: u64 = hours.iter().map(|(_, hour)| hour.verified).sum();
    let total = |id, word, value: String| view! { <div><dt>{word}</dt><dd id=id>{value}</dd></div> };
    view! {
        <dl class="totals">
            {total("total-sends", words.sends, tally.sends.to_string())}
            {total("total-numbers", words.numbers, tally.numbers.to_string())}
            {total("total-verified", words.verified, verified.to_string())}
            {total("total-conversion", words.conversion, format!("{}%", tally.conversion_percent()))}
        </dl>
    }
}

/// Every hour that the day touches, also those in which nothing happened.
fn hours(figures: &DayFigures, now: Timestamp) -> Vec<Hour> {
    let hour_of = |at: Timestamp| at.as_second().div_euclid(3600);
    let of = |hour: i64| figures.hours.iter().find(|(known, _)| *known == hour).map(|(_, figures)| *figures).unwrap_or_default();
    let all = hour_of(now - DAY)..=hour_of(now);
    let name = |hour: i64| Timestamp::from_second(hour * 3600).map(|at| at.strftime("%m-%d %H:00").to_string()).unwrap_or_default();
    all.map(|hour| (name(hour), of(hour))).collect()
}

fn budget(words: &ConsoleWords, spent: u64, most: u32) -> impl IntoView + use<> {
    let text = words.budget_spent.replace("{spent}", &spent.to_string()).replace("{most}", &most.to_string());
    view! {
        <section>
            <h2 id="budget">{words.budget}</h2>
            <meter aria-labelledby="budget" min="0" max=most.to_string() value=spent.to_string()></meter>
            <p>{text}</p>
        </section>
    }
}

/// What the day cost, by country, where there is a price list.
fn money(words: &ConsoleWords, policy: &Policy, costs: &Costs) -> Option<impl IntoView + use<>> {
    let tariff = policy.tariff.as_ref()?;
    let told = |micros| Money { currency: tariff.currency.clone(), micros }.to_string();
    let most = tariff.per_day.map_or_else(|| words.no_budget.to_owned(), told);
    let text = words.money_spent.replace("{spent}", &told(costs.spent)).replace("{most}", &most);
    let row = |(country, micros): &(String, i64)| vec![country.as_str().into(), Cell::Count(told(*micros))];
    let table = section("costs", words.money, words, &[words.country, words.money], costs.countries.iter().map(row).collect());
    Some(view! { {table}<p id="money">{text}</p> })
}

fn vendors(words: &ConsoleWords, vendors: &[VendorFigures]) -> AnyView {
    let mut names: Vec<_> = vendors.iter().map(|vendor| vendor.provider.as_deref().unwrap_or("-")).collect();
    names.dedup();
    let count = |name: &str, result: &str| {
        let of_both = vendors.iter().filter(|vendor| vendor.provider.as_deref().unwrap_or("-") == name && vendor.result == result);
        Cell::from(of_both.map(|vendor| vendor.sends).sum::<u64>())
    };
    let row = |name: &&str| {
        let results = ["accepted", "failed", "unknown", "reserved"].map(|result| count(name, result));
        [Cell::from(*name)].into_iter().chain(results).collect()
    };
    let heads = [words.vendor, words.accepted, words.failed, words.unknown, words.reserved];
    section("vendors", words.vendors, words, &heads, names.iter().map(row).collect())
}
