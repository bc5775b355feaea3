//! The last step: asks what to call the person, and for consent where the team has terms.

#![expect(unreachable_pub, reason = "the component macro makes a struct of the properties, which is as public as it can be")]
#![expect(clippy::needless_pass_by_value, reason = "the properties of a component are values")]

use leptos::prelude::*;

use super::shown::{Heading, Hidden, Lead, Shown};
use crate::verification::Purpose;
use crate::verification::nickname::MAX_NICKNAME_CHARS;

#[component]
pub(super) fn NicknameStep(shown: Shown) -> impl IntoView {
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
