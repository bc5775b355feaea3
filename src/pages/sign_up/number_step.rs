//! The first step: asks for a number.

#![expect(unreachable_pub, reason = "the component macro makes a struct of the properties, which is as public as it can be")]
#![expect(clippy::needless_pass_by_value, reason = "the properties of a component are values")]

use leptos::prelude::*;

use super::country::{CountryField, Example};
use super::shown::{Hidden, Proof, Shown};
use crate::verification::Purpose;

#[component]
pub(super) fn NumberStep(shown: Shown) -> impl IntoView {
    let words = shown.words();
    let hint = shown.going_on.as_ref().and_then(|going_on| going_on.login_hint.clone());
    let typed = Some(shown.typed("none")).filter(|typed| !typed.is_empty()).or(hint).unwrap_or_default();
    let lead = if shown.purpose == Purpose::SignUp { words.sign_up_lead } else { words.sign_in_lead };
    view! {
        <section id="number-step" data-states="none" hidden=!shown.is_in("none")>
            <p class="lead">{lead}</p>
            <form id="number-form" method="post" action="/api/start">
                <Hidden shown=shown.clone()/>
                <Proof shown=shown.clone()/>
                <CountryField shown=shown.clone() id="region"/>
                <label for="phone_number">{words.number_label}</label>
                <input id="phone_number" name="phone_number" type="tel" inputmode="tel" autocomplete="tel" required maxlength="64"
                    aria-describedby="number-hint message" value=typed data-groups=shown.groups()
                    autofocus=shown.is_wrong("none") aria-invalid=shown.is_wrong("none").then_some("true")/>
                <Example shown=shown.clone() id="number-hint"/>
                <button data-busy=words.sending>{words.send}</button>
            </form>
        </section>
    }
}
