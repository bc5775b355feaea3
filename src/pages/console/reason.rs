//! The forms that write: each asks what it is for.

use leptos::prelude::*;

use super::frame::Frame;

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
    let wrong = wrong.filter(|wrong| wrong.deed == deed);
    let (field, told) = (format!("{name}-reason"), format!("{name}-wrong"));
    let message = wrong.map(|wrong| view! { <p id=told.clone() class="wrong" role="alert">{wrong.why.clone()}</p> });
    view! {
        <form id=name method="post" action=format!("/number/{find}/{name}")>
            <h2>{title}</h2>
            <p class="hint">{lead}</p>
            <label for=field.clone()>{words.reason}</label>
            <input id=field name="reason" type="text" autocomplete="off" required maxlength="800"
                value=wrong.map(|wrong| wrong.typed.clone()) autofocus=wrong.is_some()
                aria-invalid=wrong.map(|_| "true") aria-describedby=wrong.map(|_| told)/>
            {message}
            <button>{title}</button>
        </form>
    }
    .into_any()
}
