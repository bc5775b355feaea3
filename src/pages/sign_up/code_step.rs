//! The step of the code: gives it, offers another, corrects a mistyped number.

#![expect(unreachable_pub, reason = "the component macro makes a struct of the properties, which is as public as it can be")]
#![expect(clippy::needless_pass_by_value, reason = "the properties of a component are values")]

use leptos::prelude::*;

use super::shown::{Heading, Hidden, Lead, Proof, Shown};
use crate::messages::Words;

/// The states of the code's step, and those of them in which another code is the next step.
const CODE_STATES: &str = "pending expired exhausted";
const OVER_STATES: &str = "expired exhausted";
/// The kind of provider that tells what became of a text.
const REPORTING: &str = "reporting_sender";

#[component]
pub(super) fn CodeStep(shown: Shown) -> impl IntoView {
    let words = shown.words();
    // With a number that was typed, the outcome is about the form that corrects it.
    let is_wrong = shown.is_wrong("pending") && shown.typed(CODE_STATES).is_empty();
    view! {
        <section id="code-step" data-states=CODE_STATES hidden=!shown.is_in(CODE_STATES)>
            <Heading shown=shown.clone() states="pending" text=words.code_title/>
            <Heading shown=shown.clone() states="expired" text=words.expired_title/>
            <Heading shown=shown.clone() states="exhausted" text=words.exhausted_title/>
            <Lead shown=shown.clone() states="pending" text=words.code_lead/>
            <Lead shown=shown.clone() states=OVER_STATES text=words.over_lead/>
            <form id="code-form" method="post" action="/api/check" data-states="pending" hidden=!shown.is_in("pending")>
                <Hidden shown=shown.clone()/>
                <label for="code">{words.code_label}</label>
                <input id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" required maxlength="200"
                    aria-describedby="expiry attempts message" autofocus=is_wrong aria-invalid=is_wrong.then_some("true")/>
                <button data-busy=words.checking>{words.check}</button>
            </form>
            <Delivery shown=shown.clone()/>
            <Remaining shown=shown.clone()/>
            <form id="resend-form" method="post" action="/api/resend">
                <Hidden shown=shown.clone()/>
                <Proof shown=shown.clone()/>
                <button data-busy=words.sending aria-describedby="resend sends">{words.resend}</button>
            </form>
            <Advice shown=shown.clone() providers="sender reporting_sender" text=words.more_time/>
            <Advice shown=shown.clone() providers="hosted_verifier" text=words.same_code/>
            <Correction shown=shown.clone()/>
        </section>
    }
}

/// What another text is good for while a code is awaited, which depends on who holds the code.
#[component]
fn Advice(shown: Shown, providers: &'static str, text: &'static str) -> impl IntoView {
    view! { <p class="hint" data-states="pending" data-providers=providers hidden=!shown.is_pending_at(providers)>{text}</p> }
}

/// What became of the text, where the vendor tells: no more than a stranger may know about someone's phone.
#[component]
fn Delivery(shown: Shown) -> impl IntoView {
    let words = shown.words();
    let text = match shown.answer.delivery.as_str() {
        "delivered" => words.delivery_done,
        "failed" => words.delivery_failed,
        _ => words.delivery_waiting,
    };
    view! {
        <p id="delivery" class="hint" role="status" data-shown=shown.answer.delivery.clone()
            data-states="pending" data-providers=REPORTING hidden=!shown.is_pending_at(REPORTING)
            data-waiting=words.delivery_waiting data-delivered=words.delivery_done data-failed=words.delivery_failed>{text}</p>
    }
}

/// Time, attempts and sends left. The countdown is not spoken each second; the island says when a phase ends.
#[component]
fn Remaining(shown: Shown) -> impl IntoView {
    let (words, answer) = (shown.words(), &shown.answer);
    let expiry = answer.expires_in_secs.map_or_else(|| words.time_up.to_owned(), |secs| with_time(words.expires_in, secs));
    let resend = match answer.resend_in_secs {
        // The line below says that there is none today.
        _ if answer.sends_left == 0 => String::new(),
        None => words.resend_now.to_owned(),
        Some(secs) => with_time(words.resend_in, secs),
    };
    view! {
        <ul class="remaining" translate="no">
            <li id="expiry" data-states="pending" hidden=!shown.is_in("pending")
                data-left=words.expires_in data-over=words.time_up>{expiry}</li>
            <li id="attempts" data-states="pending" hidden=!shown.is_in("pending")
                data-left=words.attempts_left>{attempts(words, answer.attempts_left)}</li>
            <li id="resend" data-left=words.resend_in data-over=words.resend_now>{resend}</li>
            <li id="sends" data-left=words.sends_left data-over=words.sends_none>
                {counted(words.sends_left, words.sends_none, answer.sends_left)}
            </li>
        </ul>
        <noscript><p class="hint">{words.no_script_time}</p></noscript>
    }
}

fn attempts(words: &Words, left: Option<u32>) -> String {
    left.map(|left| counted(words.attempts_left, "", left)).unwrap_or_default()
}

fn counted(template: &str, none: &str, count: u32) -> String {
    if count == 0 { none.to_owned() } else { template.replace("{count}", &count.to_string()) }
}

fn with_time(template: &str, secs: u32) -> String {
    template.replace("{time}", &format!("{}:{:02}", secs / 60, secs % 60))
}

/// A second form that corrects a mistyped number, and the way back to the start.
#[component]
fn Correction(shown: Shown) -> impl IntoView {
    let words = shown.words();
    let typed = shown.typed(CODE_STATES);
    let is_open = !typed.is_empty();
    // What was typed may be right, and only cost a wait.
    let is_wrong = is_open && shown.flash.as_ref().is_some_and(|flash| flash.wait.is_empty());
    view! {
        <details id="correction" open=is_open>
            <summary>{words.correct}</summary>
            <p class="hint">{words.correct_lead}</p>
            <form id="correct-form" method="post" action="/api/start">
                <Hidden shown=shown.clone()/>
                <Proof shown=shown.clone()/>
                <label for="right_number">{words.correct_label}</label>
                <input id="right_number" name="phone_number" type="tel" inputmode="tel" autocomplete="off" required maxlength="64"
                    aria-describedby="message" value=typed autofocus=is_open aria-invalid=is_wrong.then_some("true")/>
                <button class="secondary" data-busy=words.sending>{words.send}</button>
            </form>
            <form id="start-over-form" method="post" action="/api/start-over">
                <Hidden shown=shown.clone()/>
                <button class="quiet">{words.start_over}</button>
            </form>
        </details>
    }
}
