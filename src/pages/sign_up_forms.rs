//! The forms of the sign-up page. Each works without JavaScript; the island posts the same form.

#![expect(clippy::needless_pass_by_value, reason = "the properties of a component are values")]

use leptos::prelude::*;

use super::sign_up::Shown;
use crate::messages::Words;
use crate::verification::Purpose;
use crate::verification::nickname::MAX_NICKNAME_CHARS;

/// The fields that every form carries: what it is for, which challenge it was drawn for, and its one-time value.
#[component]
pub(super) fn Hidden(shown: Shown) -> impl IntoView {
    view! {
        <input type="hidden" name="purpose" value=shown.purpose.as_str()/>
        <input type="hidden" name="challenge" value=shown.answer.challenge_id/>
        <input type="hidden" name="once" value=shown.once/>
    }
}

/// Asks for the number.
#[component]
pub fn NumberStep(shown: Shown) -> impl IntoView {
    let words = shown.words();
    let lead = if shown.purpose == Purpose::SignUp { words.sign_up_lead } else { words.sign_in_lead };
    view! {
        <section id="number-step" data-states="none" hidden=!shown.is_in("none")>
            <p class="lead">{lead}</p>
            <form id="number-form" method="post" action="/api/start">
                <Hidden shown=shown.clone()/>
                <label for="phone_number">{words.number_label}</label>
                <input id="phone_number" name="phone_number" type="tel" inputmode="tel" autocomplete="tel" required maxlength="64"
                    aria-describedby="number-hint message" value=shown.typed("none")
                    autofocus=shown.is_wrong("none") aria-invalid=shown.is_wrong("none").then_some("true")/>
                <p id="number-hint" class="hint">{words.number_hint.replace("{example}", &shown.branding.number_example)}</p>
                <button data-busy=words.sending>{words.send}</button>
            </form>
        </section>
    }
}

/// The heading of these states.
#[component]
pub(super) fn Heading(shown: Shown, states: &'static str, text: &'static str) -> impl IntoView {
    view! { <h2 data-states=states hidden=!shown.is_in(states)>{text}</h2> }
}

/// The lead of these states; `{number}` is the masked number.
#[component]
pub(super) fn Lead(shown: Shown, states: &'static str, text: &'static str) -> impl IntoView {
    let (before, after) = text.split_once("{number}").unwrap_or_default();
    view! {
        <p class="lead" data-states=states hidden=!shown.is_in(states)>
            {before}<Number words=shown.words() masked=shown.answer.phone_number.clone()/>{after}
        </p>
    }
}

/// A masked number: its stars are for the eye, the ear is told how it ends.
#[component]
pub(super) fn Number(words: &'static Words, masked: String) -> impl IntoView {
    let spoken = words.number_spoken.replace("{digits}", masked.rsplit('-').next().unwrap_or_default());
    view! {
        <b class="number" translate="no" data-slot="number" aria-hidden="true">{masked}</b>
        <span class="spoken" data-slot="spoken" data-words=words.number_spoken>{spoken}</span>
    }
}

/// Asks what to call the person.
#[component]
pub fn NicknameStep(shown: Shown) -> impl IntoView {
    let words = shown.words();
    let lead =
        if shown.is_unknown_number || shown.purpose == Purpose::SignIn { words.no_account_lead } else { words.verified_lead };
    view! {
        <section id="nickname-step" data-states="verified" hidden=!shown.is_in("verified")>
            <Heading shown=shown.clone() states="verified" text=words.verified_title/>
            <Lead shown=shown.clone() states="verified" text=lead/>
            <form id="sign-up-form" method="post" action="/api/sign-up">
                <Hidden shown=shown.clone()/>
                <label for="nickname">{words.nickname_label}</label>
                <input id="nickname" name="nickname" type="text" autocomplete="nickname" required maxlength=MAX_NICKNAME_CHARS * 4
                    aria-describedby="nickname-hint message" value=shown.typed("verified")
                    autofocus=shown.is_wrong("verified") aria-invalid=shown.is_wrong("verified").then_some("true")/>
                <p id="nickname-hint" class="hint">{words.nickname_hint}</p>
                <Consent shown=shown.clone()/>
                <button data-busy=words.signing_up>{words.sign_up}</button>
            </form>
            <form method="post" action="/api/start-over">
                <Hidden shown=shown.clone()/>
                <button class="quiet">{words.start_over}</button>
            </form>
        </section>
    }
}

/// The box of consent, where the team has terms or a privacy notice.
#[component]
fn Consent(shown: Shown) -> impl IntoView {
    let words = shown.words();
    let terms = shown.branding.terms_url.clone().map(|url| (url, words.terms));
    let privacy = shown.branding.privacy_url.clone().map(|url| (url, words.privacy));
    let text = match (terms, privacy) {
        (None, None) => return ().into_any(),
        (Some(terms), Some(privacy)) => {
            let (before, rest) = words.consent.split_once("{terms}").unwrap_or_default();
            let (between, after) = rest.split_once("{privacy}").unwrap_or_default();
            view! { {before}<Paper paper=terms/>{between}<Paper paper=privacy/>{after} }.into_any()
        }
        (Some(paper), None) | (None, Some(paper)) => {
            let (before, after) = words.consent_one.split_once("{link}").unwrap_or_default();
            view! { {before}<Paper paper/>{after} }.into_any()
        }
    };
    view! {
        <p class="consent">
            <input id="consent" name="consent" type="checkbox" value="yes" required/>
            <label for="consent">{text}</label>
        </p>
    }
    .into_any()
}

#[component]
fn Paper(paper: (String, &'static str)) -> impl IntoView {
    view! { <a href=paper.0 target="_blank" rel="noopener">{paper.1}</a> }
}
