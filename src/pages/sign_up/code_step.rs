//! The step of the code: gives it, and offers another. Beside the field stands one line of time and the button with its wait; what helps when
//! no text comes is folded away.

#![expect(unreachable_pub, reason = "the component macro makes a struct of the properties, which is as public as it can be")]
#![expect(clippy::needless_pass_by_value, reason = "the properties of a component are values")]

use leptos::prelude::*;

use super::country::{CountryField, Example};
use super::shown::{Heading, Hidden, Lead, Proof, Shown};

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
            <Remaining shown=shown.clone()/>
            <Resend shown=shown.clone()/>
            <NoText shown=shown.clone()/>
        </section>
    }
}

/// Time left; and attempts, for the eye only once one is lost. The countdown is not spoken each second; the island says when a phase ends.
#[component]
fn Remaining(shown: Shown) -> impl IntoView {
    let (words, answer) = (shown.words(), &shown.answer);
    let expiry = answer.expires_in_secs.map_or_else(|| words.time_up.to_owned(), |secs| with_time(words.expires_in, secs));
    let attempts = answer.attempts_left.map(|left| counted(words.attempts_left, "", left)).unwrap_or_default();
    let all_attempts = counted(words.attempts_left, "", shown.max_attempts);
    let is_none_lost = attempts == all_attempts;
    view! {
        <ul class="remaining" translate="no" data-states="pending" hidden=!shown.is_in("pending")>
            <li id="expiry" data-left=words.expires_in data-over=words.time_up>{expiry}</li>
            <li id="attempts" data-whole=is_none_lost data-left=words.attempts_left data-most=all_attempts>{attempts}</li>
        </ul>
        <noscript><p class="hint">{words.no_script_time}</p></noscript>
    }
}

/// What became of the text, where the vendor tells: no more than a stranger may know about someone's phone. It speaks whatever it says, and is
/// seen only with news.
#[component]
pub(super) fn Delivery(shown: Shown) -> impl IntoView {
    let words = shown.words();
    let text = match shown.answer.delivery.as_str() {
        "delivered" => words.delivery_done,
        "failed" => words.delivery_failed,
        _ => words.delivery_waiting,
    };
    view! {
        <p id="delivery" role="status" data-shown=shown.answer.delivery.clone()
            data-states="pending" data-providers=REPORTING hidden=!shown.is_pending_at(REPORTING)
            data-waiting=words.delivery_waiting data-delivered=words.delivery_done data-failed=words.delivery_failed>{text}</p>
    }
}

/// Asks for another code. The button shows its own wait and is called the same all the while; a press before its time is answered by the server.
#[component]
fn Resend(shown: Shown) -> impl IntoView {
    let (words, answer) = (shown.words(), &shown.answer);
    let (label, said) = match answer.resend_in_secs {
        _ if answer.sends_left == 0 => (words.sends_none.to_owned(), String::new()),
        None => (words.resend.to_owned(), words.resend_now.to_owned()),
        Some(secs) => (with_time(words.resend_wait, secs), with_time(words.resend_in, secs)),
    };
    let is_early = answer.sends_left == 0 || answer.resend_in_secs.is_some();
    view! {
        <form id="resend-form" method="post" action="/api/resend">
            <Hidden shown=shown.clone()/>
            <Proof shown=shown.clone()/>
            <p id="resend" class="spoken" translate="no" data-left=words.resend_in data-over=words.resend_now>{said}</p>
            // What describes the button stands outside of what is folded away: that is silent.
            <Sends shown=shown.clone() id="sends" class="sends spoken"/>
            <button translate="no" aria-describedby="resend sends" aria-disabled=is_early.then_some("true") data-busy=words.sending>
                <span class="spoken">{words.resend}</span>
                <span id="wait" aria-hidden="true" data-left=words.resend_wait data-over=words.resend
                    data-none=words.sends_none>{label}</span>
            </button>
        </form>
    }
}

/// Everything else, for whom no text came: what to look at, what another text is good for, the correction, the way back. It is open where
/// that is the next step.
#[component]
fn NoText(shown: Shown) -> impl IntoView {
    let (words, sends_left) = (shown.words(), shown.answer.sends_left);
    let is_at_end = sends_left == 0 && shown.is_in(OVER_STATES);
    view! {
        <details id="no-text" open=is_at_end || !shown.typed(CODE_STATES).is_empty()>
            <summary>{words.no_text}</summary>
            <Advice shown=shown.clone() providers=REPORTING text=words.delivery_waiting/>
            <p class="hint">{words.remedies}</p>
            <Advice shown=shown.clone() providers="sender reporting_sender" text=words.more_time/>
            <Advice shown=shown.clone() providers="hosted_verifier" text=words.same_code/>
            <Sends shown=shown.clone() class="sends hint"/>
            <Correction shown=shown.clone()/>
            <form id="start-over-form" method="post" action="/api/start-over">
                <Hidden shown=shown.clone()/>
                <button class="quiet">{words.start_over}</button>
            </form>
        </details>
    }
}

/// How many codes more the day has.
#[component]
fn Sends(shown: Shown, #[prop(optional)] id: Option<&'static str>, class: &'static str) -> impl IntoView {
    let words = shown.words();
    let text = counted(words.sends_left, words.sends_none, shown.answer.sends_left);
    view! { <p id=id class=class translate="no" data-left=words.sends_left data-over=words.sends_none>{text}</p> }
}

/// What holds while a code is awaited that these kinds of provider hold.
#[component]
fn Advice(shown: Shown, providers: &'static str, text: &'static str) -> impl IntoView {
    view! { <p class="hint" data-states="pending" data-providers=providers hidden=!shown.is_pending_at(providers)>{text}</p> }
}

/// A second form that corrects a mistyped number.
#[component]
fn Correction(shown: Shown) -> impl IntoView {
    let words = shown.words();
    let typed = shown.typed(CODE_STATES);
    let is_typed = !typed.is_empty();
    let described_by = if shown.has_choice() { "right-hint message" } else { "message" };
    // What was typed may be right, and only cost a wait.
    let is_wrong = is_typed && shown.flash.as_ref().is_some_and(|flash| flash.wait.is_empty());
    view! {
        <h3>{words.correct}</h3>
        <p class="hint">{words.correct_lead}</p>
        <form id="correct-form" method="post" action="/api/start">
            <Hidden shown=shown.clone()/>
            <Proof shown=shown.clone()/>
            <CountryField shown=shown.clone() id="right_region"/>
            <label for="right_number">{words.correct_label}</label>
            <input id="right_number" name="phone_number" type="tel" inputmode="tel" autocomplete="off" required maxlength="64"
                aria-describedby=described_by value=typed autofocus=is_typed aria-invalid=is_wrong.then_some("true")
                data-groups=shown.groups()/>
            {shown.has_choice().then(|| view! { <Example shown=shown.clone() id="right-hint"/> })}
            <button class="secondary" data-busy=words.sending>{words.send}</button>
        </form>
    }
}

fn counted(template: &str, none: &str, count: u32) -> String {
    if count == 0 { none.to_owned() } else { template.replace("{count}", &count.to_string()) }
}

fn with_time(template: &str, secs: u32) -> String {
    template.replace("{time}", &format!("{}:{:02}", secs / 60, secs % 60))
}
