//! A number as pages show it.

#![expect(unreachable_pub, reason = "the component macro makes a struct of the properties, which is as public as it can be")]

use leptos::prelude::*;

use crate::api::answer::last_digits;
use crate::messages::Words;

/// A masked number: its stars are for the eye, the ear is told how it ends.
#[component]
pub(super) fn MaskedNumber(words: &'static Words, masked: String) -> impl IntoView {
    let spoken = words.number_spoken.replace("{digits}", &last_digits(&masked));
    view! {
        <b class="number" translate="no" data-slot="number" aria-hidden="true">{masked}</b>
        <span class="spoken" data-slot="spoken" data-words=words.number_spoken>{spoken}</span>
    }
}
