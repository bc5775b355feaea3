//! What the sign-up page shows, and the pieces that its steps share. Each form works without JavaScript; the island posts the same form.

#![expect(unreachable_pub, reason = "the component macro makes a struct of the properties, which is as public as it can be")]
#![expect(clippy::needless_pass_by_value, reason = "the properties of a component are values")]

use leptos::prelude::*;

use super::country::Countries;
use crate::api::addresses::{page_after, page_with_request, write_purpose};
use crate::api::answer::{Answer, is_of_field};
use crate::api::flash::Flash;
use crate::messages::{Locale, Words};
use crate::pages::masked_number::MaskedNumber;
use crate::server::config::Branding;
use crate::verification::Purpose;

#[derive(Clone)]
pub(crate) struct Shown {
    pub purpose: Purpose,
    /// Whether a sign-in has proven a number that has no account.
    pub is_unknown_number: bool,
    pub locale: Locale,
    /// The status, as the island reads it too.
    pub answer: Answer,
    /// The guesses that a challenge begins with.
    pub max_attempts: u32,
    /// What the last post came to.
    pub flash: Option<Flash>,
    /// In words.
    pub message: String,
    /// The application that waits, and its request.
    pub going_on: Option<GoingOn>,
    /// A one-time value, so that a repeated post is known.
    pub once: String,
    pub branding: Branding,
    /// Where numbers may be from.
    pub countries: Option<Countries>,
}

/// An application that waits for somebody to sign in.
#[derive(Clone)]
pub(crate) struct GoingOn {
    /// What it asked for, by name.
    pub request: String,
    /// What the operator calls it.
    pub client: String,
    /// What it believes the number to be.
    pub login_hint: Option<String>,
    /// Where it is, for the page's policy.
    pub leads_to: String,
}

impl Shown {
    pub(super) fn words(&self) -> &'static Words {
        self.locale.words()
    }

    fn request(&self) -> Option<&str> {
        self.going_on.as_ref().map(|going_on| going_on.request.as_str())
    }

    /// This page, or the other one, with the request that waits.
    #[must_use]
    pub(crate) fn path(&self, purpose: Purpose) -> String {
        page_with_request(purpose, self.request())
    }

    /// Where its person goes in the end.
    pub(super) fn next(&self) -> String {
        page_after(self.request())
    }

    /// The field that says what a form is for.
    pub(super) fn purpose(&self) -> String {
        write_purpose(self.purpose, self.request())
    }

    /// Whether the state is one of these words.
    pub(super) fn is_in(&self, states: &str) -> bool {
        states.split(' ').any(|state| state == self.answer.state)
    }

    /// Whether a code is awaited that these kinds of provider hold.
    pub(super) fn is_pending_at(&self, providers: &str) -> bool {
        self.is_in("pending") && providers.split(' ').any(|provider| provider == self.answer.provider)
    }

    /// Whether the last outcome is about the field of these states: then it is marked, and has the focus without JavaScript too.
    pub(super) fn is_wrong(&self, states: &str) -> bool {
        self.is_in(states) && self.flash.as_ref().is_some_and(|flash| is_of_field(flash.outcome.code()))
    }

    /// What was typed into the field that the last outcome is about.
    pub(super) fn typed(&self, states: &str) -> String {
        let flash = self.flash.as_ref().filter(|_| self.is_in(states));
        flash.map(|flash| flash.typed.clone()).unwrap_or_default()
    }
}

/// The fields that every form carries: what it is for, which challenge it was drawn for, and its one-time value.
#[component]
pub(super) fn Hidden(shown: Shown) -> impl IntoView {
    view! {
        <input type="hidden" name="purpose" value=shown.purpose()/>
        <input type="hidden" name="challenge" value=shown.answer.challenge_id/>
        <input type="hidden" name="once" value=shown.once/>
    }
}

/// The field of a form that may cost work: an island fills in the proof; without one it says since when its person waits.
#[component]
pub(super) fn Proof(shown: Shown) -> impl IntoView {
    let wait = shown.flash.map(|flash| flash.wait).unwrap_or_default();
    view! { <input type="hidden" name="proof" value=wait/> }
}

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
            {before}<MaskedNumber words=shown.words() masked=shown.answer.phone_number.clone()/>{after}
        </p>
    }
}
