//! The forms that write: each asks what it is for.

use leptos::prelude::*;

use super::frame::Frame;
use crate::messages::ConsoleWords;

/// What an operator may do to a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    Unlock,
    Unmask,
}

/// A reason that was not taken.
pub(crate) struct Wrong {
    pub(crate) deed: Deed,
    pub(crate) typed: String,
    /// What is wrong with it, in words.
    pub(crate) why: String,
}

pub(super) fn form(frame: &Frame, find: &str, deed: Deed, wrong: Option<&Wrong>) -> AnyView {
    let words = frame.words();
    let (name, title, lead) = match deed {
        Deed::Unlock => ("unlock", words.unlock, words.unlock_lead),
        Deed::Unmask => ("unmask", words.unmask, words.unmask_lead),
    };
    let wrong = wrong.filter(|wrong| wrong.deed == deed).map(|wrong| (wrong.typed.as_str(), wrong.why.as_str()));
    view! {
        <form id=name method="post" action=format!("/number/{find}/{name}")>
            <h2>{title}</h2>
            <p class="hint">{lead}</p>
            {field(words, name, wrong)}
            <button>{title}</button>
        </form>
    }
    .into_any()
}

/// The field of a reason, named after its form. `wrong` is what was typed, and why that is none.
pub(super) fn field(words: &ConsoleWords, form: &str, wrong: Option<(&str, &str)>) -> AnyView {
    let (id, told) = (format!("{form}-reason"), format!("{form}-wrong"));
    let message = wrong.map(|(_, why)| view! { <p id=told.clone() class="wrong" role="alert">{why.to_owned()}</p> });
    view! {
        <label for=id.clone()>{words.reason}</label>
        <input id=id name="reason" type="text" autocomplete="off" required maxlength="800"
            value=wrong.map(|(typed, _)| typed.to_owned()) autofocus=wrong.is_some()
            aria-invalid=wrong.map(|_| "true") aria-describedby=wrong.map(|_| told)/>
        {message}
    }
    .into_any()
}
