//! A number's story, as `beonho why` tells it.

use leptos::prelude::*;

use super::table::{Cell, instant, section};
use crate::messages::ConsoleWords;
use crate::server::oversight::holds::Held;
use crate::server::oversight::why::{Operator, Refusal, Send, Told};

/// Whether a code may be sent, and what counts.
pub(super) fn verdict(words: &ConsoleWords, told: &Told) -> AnyView {
    let Told { number, account_made_at, verdict, .. } = told;
    let account = match account_made_at {
        Some(at) => instant(at).into_any(),
        None => words.no_account.into_any(),
    };
    let may = match (verdict.may_be_sent, &verdict.not_before) {
        (true, _) => words.may_now.into_any(),
        (false, None) => words.not_now.into_any(),
        (false, Some(at)) => {
            let (before, after) = words.not_before.split_once("{time}").unwrap_or_default();
            view! { {before}{instant(at)}{after} }.into_any()
        }
    };
    let counted = |count: u64, most: u32| words.counted.replace("{count}", &count.to_string()).replace("{most}", &most.to_string());
    let why = verdict.rule.map(|rule| view! { <div><dt>{words.why}</dt><dd id="rule">{words.of_rule(rule)}</dd></div> });
    view! {
        <dl class="facts">
            <div><dt>{words.number_field}</dt><dd><b id="masked" class="number" translate="no">{number.clone()}</b></dd></div>
            <div><dt>{words.account}</dt><dd>{account}</dd></div>
            <div><dt>{words.verdict}</dt><dd id="verdict">{may}</dd></div>
            {why}
            <div><dt>{words.counted_number}</dt><dd>{counted(verdict.counted_sends as u64, verdict.max_sends_per_number)}</dd></div>
            <div><dt>{words.counted_service}</dt><dd>{counted(verdict.service_sends, verdict.max_sends_per_day)}</dd></div>
        </dl>
    }
    .into_any()
}

pub(super) fn lists(words: &ConsoleWords, told: &Told) -> AnyView {
    let sends = told.sends.iter().map(|one| send(words, one)).collect();
    let refusals = told.refusals.iter().map(|one| refusal(words, one)).collect();
    let operators = told.operators.iter().map(|one| operator(words, one)).collect();
    let holds = told.holds.iter().map(held).collect();
    let of_hold = [words.held_key, words.rule, words.evidence, words.at, words.until];
    let of_send = [words.at, words.browser, words.address, words.purpose, words.vendor, words.result, words.guesses, words.counts];
    let of_refusal = [words.at, words.browser, words.address, words.rule, words.times];
    let of_operator = [words.at, words.actor, words.action, words.reason];
    view! {
        {section("sends", words.sends_of_number, words, &of_send, sends)}
        {section("refused", words.refused_of_number, words, &of_refusal, refusals)}
        {section("holds", words.holds, words, &of_hold, holds)}
        {section("operators", words.done_to_number, words, &of_operator, operators)}
    }
    .into_any()
}

fn send(words: &ConsoleWords, send: &Send) -> Vec<Cell> {
    let or_dash = |text: Option<&String>| text.map_or_else(|| "-".to_owned(), |text| words.of_stored(text));
    let verified = send.verified_at.as_ref().map(|_| words.verified.to_owned());
    let parts =
        [Some(words.of_stored(&send.result)), send.fault.clone(), send.delivery.as_deref().map(|text| words.of_stored(text))];
    let result: Vec<_> = parts.into_iter().chain([verified]).flatten().collect();
    vec![
        Cell::Time(send.at.clone()),
        send.subject.as_str().into(),
        send.requester.as_str().into(),
        or_dash(send.purpose.as_ref()).into(),
        or_dash(send.provider.as_ref()).into(),
        result.join(", ").into(),
        send.guesses.into(),
        if send.counts { words.yes } else { words.no }.into(),
    ]
}

fn held(hold: &Held) -> Vec<Cell> {
    let rule = format!("{} ({})", hold.rule, hold.mode);
    let (key, evidence) = (hold.key.as_str().into(), hold.evidence.as_str().into());
    vec![key, rule.into(), evidence, Cell::Time(hold.since.clone()), Cell::Time(hold.until.clone())]
}

fn refusal(words: &ConsoleWords, refusal: &Refusal) -> Vec<Cell> {
    vec![
        Cell::Time(refusal.at.clone()),
        refusal.subject.as_str().into(),
        refusal.requester.as_str().into(),
        words.of_rule(&refusal.rule).into(),
        refusal.times.into(),
    ]
}

fn operator(words: &ConsoleWords, operator: &Operator) -> Vec<Cell> {
    vec![
        Cell::Time(operator.at.clone()),
        operator.actor.as_str().into(),
        words.of_stored(&operator.action).into(),
        operator.reason.as_str().into(),
    ]
}
