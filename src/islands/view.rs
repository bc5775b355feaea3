//! Brings the document to what an answer says: which step is due, which words and counts it shows, where the focus goes.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement};

use super::dom::{data, find, find_all, set_text, toggle};
use super::timer::{clock_face, secs_left};
use crate::api::answer::{Answer, last_digits};

/// Shows the step that a state is due, and what does not change with time.
pub(super) fn show_step(answer: &Answer) {
    let Some(main) = find("#main") else { return };
    let is_moved = data(&main, "data-state") != answer.state;
    let _ = main.set_attribute("data-state", &answer.state);
    for step in find_all("[data-states]") {
        let is_due = is_named(&step, "data-states", &answer.state) && is_named(&step, "data-providers", &answer.provider);
        toggle(&step, "hidden", !is_due);
    }
    for slot in find_all("[data-slot=number]") {
        set_text(&slot, &answer.phone_number);
    }
    let digits = last_digits(&answer.phone_number);
    for slot in find_all("[data-slot=spoken]") {
        set_text(&slot, &filled(&data(&slot, "data-words"), &digits));
    }
    for field in find_all("input[name=challenge]") {
        field.unchecked_ref::<HtmlInputElement>().set_value(&answer.challenge_id);
    }
    if let Some(line) = find("#delivery") {
        let name = if answer.delivery.is_empty() { "waiting" } else { &answer.delivery };
        let _ = line.set_attribute("data-shown", name);
        set_text(&line, &data(&line, &["data-", name].concat()));
    }
    count("#attempts", answer.attempts_left);
    count(".sends", Some(answer.sends_left));
    // Without a code and without another, what is folded away is all there is to do.
    if is_moved && answer.sends_left == 0 && answer.expires_in_secs.is_none() {
        fold(false);
    }
}

/// Folds away, or unfolds, what helps when no text comes.
pub(super) fn fold(is_away: bool) {
    if let Some(details) = find("#no-text") {
        toggle(&details, "open", !is_away);
    }
}

/// Whether a word is among those of an attribute; an element without the attribute is for every word.
fn is_named(element: &HtmlElement, attribute: &str, word: &str) -> bool {
    element.get_attribute(attribute).is_none_or(|words| words.split(' ').any(|named| named == word))
}

/// Fills `{count}`, or says that none is left; notes where nothing was lost yet.
fn count(selector: &str, left: Option<u32>) {
    for line in find_all(selector) {
        let text = match left {
            None => String::new(),
            Some(0) => data(&line, "data-over"),
            Some(left) => filled(&data(&line, "data-left"), &left.to_string()),
        };
        toggle(&line, "data-whole", text == data(&line, "data-most"));
        set_text(&line, &text);
    }
}

/// A text with its one `{name}` filled in.
pub(super) fn filled(template: &str, value: &str) -> String {
    let (before, rest) = template.split_once('{').unwrap_or((template, ""));
    let (_, after) = rest.split_once('}').unwrap_or_default();
    [before, value, after].concat()
}

/// Shows what time has left of an answer. True when its code has just run out.
pub(super) fn show_time(answer: &Answer, told_at_ms: f64) -> bool {
    let left = |secs: Option<u32>| secs.map_or(0, |secs| secs_left(secs, told_at_ms));
    let expires_in = left(answer.expires_in_secs);
    time("#expiry", expires_in);
    show_wait(left(answer.resend_in_secs), answer.sends_left == 0);
    answer.state == "pending" && expires_in == 0
}

/// Shows on the button itself how long another code has to be waited for, or that there is none. What describes the button stands still while the
/// focus is on it, so that no second of the wait is spoken.
fn show_wait(secs: u32, is_none_left: bool) {
    // While it works it says so.
    let Some(button) = find("#resend-form button:not([data-idle])") else { return };
    let is_early = is_none_left || secs > 0;
    let is_same = is_early == button.has_attribute("aria-disabled");
    toggle(&button, "aria-disabled", is_early);
    for line in find_all(if is_same { "#resend-form:not(:focus-within) #resend,#wait" } else { "#resend,#wait" }) {
        set_text(&line, &if is_none_left { data(&line, "data-none") } else { time_of(&line, secs) });
    }
}

fn time(selector: &str, secs: u32) {
    if let Some(line) = find(selector) {
        set_text(&line, &time_of(&line, secs));
    }
}

/// Fills `{time}`, or says what holds at zero.
fn time_of(line: &HtmlElement, secs: u32) -> String {
    if secs == 0 { data(line, "data-over") } else { filled(&data(line, "data-left"), &clock_face(secs)) }
}

/// Says what happened. It is a live region, which speaks what changes: words that stand there already get a space that nobody sees, so that
/// they are spoken again.
pub(super) fn show_message(outcome: &str, message: &str, is_error: bool) {
    let Some(line) = find("#message") else { return };
    let _ = line.set_attribute("data-outcome", outcome);
    let _ = line.class_list().toggle_with_force("error", is_error);
    let is_said = !message.is_empty() && line.text_content().as_deref() == Some(message);
    set_text(&line, &if is_said { [message, "\u{a0}"].concat() } else { message.to_owned() });
}

/// Marks the field that an error is about, and no other.
pub(super) fn mark_invalid(field: Option<&HtmlInputElement>) {
    for marked in find_all("[aria-invalid]") {
        let _ = marked.remove_attribute("aria-invalid");
    }
    if let Some(field) = field {
        let _ = field.set_attribute("aria-invalid", "true");
    }
}

/// The field that a person types into, of the step that is due or of one form.
pub(super) fn typed_field(scope: &str) -> Option<HtmlInputElement> {
    let selector = "input:not([type=hidden]):not([type=checkbox])";
    let fields = find_all(&[scope, " ", selector].concat());
    fields.into_iter().find(is_shown)?.dyn_into().ok()
}

fn is_shown(element: &HtmlElement) -> bool {
    element.closest("[hidden],details:not([open])").ok().flatten().is_none()
}

/// Puts the focus where the next step is.
pub(super) fn focus_step() {
    let target = typed_field("#main section>form").map(HtmlElement::from).or_else(|| find("#resend-form button"));
    if let Some(target) = target {
        let _ = target.focus();
    }
}

/// Whether the focus was on something that is hidden now, or nowhere.
pub(super) fn is_focus_lost() -> bool {
    let active = document().active_element();
    active.and_then(|active| active.dyn_into::<HtmlElement>().ok()).is_none_or(|active| !is_shown(&active))
}

/// Says on the button what it is doing, and takes no second press.
pub(super) fn set_busy(button: Option<&HtmlElement>, is_busy: bool) {
    let Some(button) = button else { return };
    let busy = data(button, "data-busy");
    if is_busy {
        let _ = button.set_attribute("data-idle", &button.inner_html());
        toggle(button, "aria-disabled", true);
        if !busy.is_empty() {
            set_text(button, &busy);
        }
    } else {
        button.set_inner_html(&data(button, "data-idle"));
        toggle(button, "aria-disabled", false);
        toggle(button, "data-idle", false);
    }
}
