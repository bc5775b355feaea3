//! The last step: asks what to call the person, and for consent where the team has terms.

#![expect(unreachable_pub, reason = "the component macro makes a struct of the properties, which is as public as it can be")]
#![expect(clippy::needless_pass_by_value, reason = "the properties of a component are values")]

use leptos::prelude::*;

use super::shown::{Heading, Hidden, Lead, Shown};
use crate::messages::{Piece, pieces};
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
    let (words, branding) = (shown.words(), &shown.branding);
    let sentence = match (&branding.terms_url, &branding.privacy_url) {
        (None, None) => return ().into_any(),
        (Some(_), Some(_)) => words.consent,
        (Some(_), None) => words.consent_terms,
        (None, Some(_)) => words.consent_privacy,
    };
    let link = |name| {
        let (url, word) = if name == "terms" { (&branding.terms_url, words.terms) } else { (&branding.privacy_url, words.privacy) };
        view! { <a href=url.clone() target="_blank" rel="noopener">{word}</a> }.into_any()
    };
    let text = pieces(sentence).into_iter().map(|piece| match piece {
        Piece::Text(text) => text.into_any(),
        Piece::Gap(name) => link(name),
    });
    view! {
        <p class="consent">
            <input id="consent" name="consent" type="checkbox" value="yes" required/>
            <label for="consent">{text.collect_view()}</label>
        </p>
    }
    .into_any()
}
