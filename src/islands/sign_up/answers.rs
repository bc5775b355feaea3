//! What the page asks and posts, and how it takes the answers.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortController, Event, HtmlElement, HtmlFormElement, HtmlInputElement};

use super::{Page, is_recent, of_page, submit_form_of};
use crate::api::answer::{Answer, is_of_field};
use crate::api::functions::ask_status;
use crate::islands::{dom, forms, one_time_code, timer, view, work};

impl Page {
    /// Asks the server how things stand. The focus stays where it is, unless its place is gone.
    pub(super) fn ask(&self) {
        self.owes_answer.set(true);
        if self.is_busy() || is_recent(self.asking_since.get()) {
            return;
        }
        let (page, asked_at) = (self.clone(), timer::monotonic_ms());
        self.asking_since.set(Some(asked_at));
        spawn_local(async move {
            let answer = ask_status(of_page("data-purpose")).await.ok();
            page.asking_since.set(None);
            let Some(answer) = answer.filter(|answer| answer.outcome == "status") else { return };
            page.owes_answer.set(false);
            if !page.is_busy() {
                page.take_unasked(answer, asked_at);
            }
        });
    }

    fn take_unasked(&self, answer: Answer, asked_at: f64) {
        let is_moved = self.told(|told| told.state != answer.state);
        // Another tab had a code sent: what stands here is of an earlier one.
        let is_sent = self.told(|told| told.challenge_id != answer.challenge_id || told.sends_left > answer.sends_left);
        // What a vendor tells of a text comes after what was said of its sending; only a refusal is not over because the text arrived.
        let is_news = self.told(|told| told.delivery != answer.delivery)
            && (answer.delivery == "failed" || dom::find("#message.error").is_none());
        let message = if answer.state == "expired" { of_page("data-expired") } else { answer.message.clone() };
        self.take(answer, asked_at);
        if is_sent {
            self.clear_entries();
        }
        if is_moved || is_sent {
            view::show_message("status", &message, false);
            if view::is_focus_lost() {
                view::focus_step();
            }
        } else if is_news {
            view::show_message("status", "", false);
        }
    }

    fn take(&self, answer: Answer, asked_at: f64) {
        if answer.state == "signed_up" {
            let _ = window().location().assign(&of_page("data-next"));
            return;
        }
        let is_awaited = self.told(|told| told.challenge_id == answer.challenge_id) && answer.state == "pending";
        view::show_step(&answer);
        *self.told.borrow_mut() = (answer, asked_at);
        self.show_time();
        if !is_awaited {
            self.await_code();
        }
    }

    pub(super) fn submit(&self, event: &Event) {
        let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        let Some(form) = form else { return };
        if self.is_busy() {
            event.prevent_default();
            return;
        }
        // What cannot be sent from here is sent by the browser; so is what was sent from here and had no answer, though there is a line.
        if self.is_lost.get() && window().navigator().on_line() {
            return;
        }
        let Some(sent) = forms::call(&form) else { return };
        event.prevent_default();
        self.busy_since.set(Some(timer::monotonic_ms()));
        let (page, mut asked_at) = (self.clone(), timer::monotonic_ms());
        let button = form.query_selector("button").ok().flatten().and_then(|button| button.dyn_into::<HtmlElement>().ok());
        view::set_busy(button.as_ref(), true);
        spawn_local(async move {
            let mut answer = sent.await.ok();
            if let Some(asked) = answer.as_ref().filter(|answer| !answer.challenge.is_empty()) {
                view::show_message(&asked.outcome, &asked.message, false);
                page.busy_since.set(Some(timer::monotonic_ms()));
                let worked = work::prove(&asked.challenge, &form).await.and_then(|()| forms::call(&form));
                asked_at = timer::monotonic_ms();
                page.busy_since.set(Some(asked_at));
                if let Some(sent) = worked {
                    answer = sent.await.ok();
                }
            }
            // What no work buys is bought by a wait: the browser posts by itself, and arrives where that is said.
            if answer.as_ref().is_some_and(|answer| !answer.challenge.is_empty()) {
                let _ = form.submit();
                return;
            }
            view::set_busy(button.as_ref(), false);
            page.busy_since.set(None);
            page.is_lost.set(answer.is_none());
            page.show_time();
            match answer {
                Some(answer) => page.take_answer(answer, asked_at, &form),
                None => view::show_message("offline", &of_page("data-offline"), true),
            }
        });
    }

    fn take_answer(&self, answer: Answer, asked_at: f64, form: &HtmlFormElement) {
        let is_moved = self.told(|told| told.state != answer.state || told.challenge_id != answer.challenge_id);
        let is_success =
            matches!(answer.outcome.as_str(), "code_sent" | "code_may_arrive" | "verified" | "status" | "already_verified");
        let is_error = !is_success && answer.outcome != "pending";
        // With another text on its way, the code of an earlier one is in the way.
        let is_sent = answer.outcome.starts_with("code_") && is_success;
        // An answer of a request that reached no use case tells nothing about the status.
        let has_status = !answer.state.is_empty();
        view::show_message(&answer.outcome, &answer.message, is_error);
        let outcome = answer.outcome.clone();
        if has_status {
            self.take(answer, asked_at);
        }
        let field = view::typed_field(&["#", &form.id()].concat());
        view::mark_invalid(field.as_ref().filter(|_| is_of_field(&outcome)));
        if is_success && (is_moved || is_sent) {
            self.clear_entries();
        }
        match field {
            Some(field) if is_error && !view::is_focus_lost() => {
                let _ = field.focus();
                field.select();
            }
            _ if is_moved || is_sent || view::is_focus_lost() => view::focus_step(),
            _ => {}
        }
        if let Some(channel) = &self.channel {
            let _ = channel.post_message(&"changed".into());
        }
    }

    /// A code that was used and a number that was corrected are of no use to the next step.
    fn clear_entries(&self) {
        for field in dom::find_all("#code, #right_number") {
            field.unchecked_ref::<HtmlInputElement>().set_value("");
        }
        view::fold(true);
        self.entry.take();
    }

    /// Offers the code of the SMS, where the browser can read it.
    pub(super) fn await_code(&self) {
        if let Some(before) = self.waiting.take() {
            before.abort();
        }
        let is_pending = self.told(|told| told.state == "pending");
        let Some(abort) = AbortController::new().ok().filter(|_| is_pending) else { return };
        self.waiting.set(Some(abort.clone()));
        let page = self.clone();
        spawn_local(async move {
            let Some(code) = one_time_code::receive(&abort).await else { return };
            let field = dom::find("#code").and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
            // Who typed it meanwhile is a step further.
            let Some(field) = field.filter(|_| page.told(|told| told.state == "pending")) else { return };
            field.set_value(&code);
            if page.entry.borrow_mut().is_complete(&field) {
                submit_form_of(&field);
            }
        });
    }
}
