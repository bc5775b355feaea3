//! The sign-up page's island: posts its forms in place, counts down, and follows what happens in other tabs.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortController, BroadcastChannel, Event, HtmlElement, HtmlFormElement, HtmlInputElement};

use super::{dom, field, forms, one_time_code, timer, view};
use crate::api::answer::Answer;
use crate::api::functions::ask_status;
use crate::api::post::TIME_LIMIT_MS;

const DELIVERY_ASKED_EVERY_SECS: u32 = 3;
const ASKED_AGAIN_EVERY_SECS: u32 = 4;
/// A post that takes longer has died with the code that waited for it: then the browser posts by itself.
const LONGEST_POST_MS: f64 = TIME_LIMIT_MS as f64 + 5_000.0;

/// What is wrong with what was typed, so that its field is marked.
const OUTCOMES_OF_FIELDS: [&str; 5] =
    ["invalid_phone_number", "phone_number_taken", "malformed_code", "incorrect_code", "invalid_nickname"];

/// Whether something that began then may still be under way.
fn is_recent(since: Option<f64>) -> bool {
    since.is_some_and(|since| timer::monotonic_ms() - since < LONGEST_POST_MS)
}

/// The page's steps, as the server drew them.
#[island]
pub fn SignUp(children: Children) -> impl IntoView {
    if is_browser()
        && let Some(page) = Page::of_document()
    {
        page.enliven();
    }
    children()
}

/// What the island knows.
#[derive(Clone)]
struct Page {
    /// The last answer, and when it was asked for, on the monotonic clock.
    told: Rc<RefCell<(Answer, f64)>>,
    /// Whether the time of its code was over when it was last shown.
    is_over: Rc<Cell<bool>>,
    /// Since when a post is under way, on the monotonic clock.
    busy_since: Rc<Cell<Option<f64>>>,
    /// The server was asked how things stand, and has not answered.
    owes_answer: Rc<Cell<bool>>,
    /// Since when such a question is under way, on the monotonic clock.
    asking_since: Rc<Cell<Option<f64>>>,
    /// The last post had no answer that could be read.
    is_lost: Rc<Cell<bool>>,
    /// What stands in the field of the code, as far as it was sent by itself.
    entry: Rc<RefCell<field::CodeEntry>>,
    /// Tells the other tabs that something changed.
    channel: Option<BroadcastChannel>,
    /// Stops waiting for the code of an SMS.
    waiting: Rc<Cell<Option<AbortController>>>,
}

impl Page {
    fn of_document() -> Option<Self> {
        let answer = Answer::decode(&dom::find("#main")?.get_attribute("data-answer")?)?;
        Some(Self {
            // The page's own answer was told at the beginning of its navigation at the latest: zero on the monotonic clock.
            told: Rc::new(RefCell::new((answer, 0.0))),
            is_over: Rc::default(),
            busy_since: Rc::default(),
            owes_answer: Rc::default(),
            asking_since: Rc::default(),
            is_lost: Rc::default(),
            entry: Rc::default(),
            channel: BroadcastChannel::new("beonho").ok(),
            waiting: Rc::default(),
        })
    }

    /// Reads the last answer.
    fn told<T>(&self, read: impl FnOnce(&Answer) -> T) -> T {
        read(&self.told.borrow().0)
    }

    fn enliven(self) {
        // A browser that goes back may have restored what stood in hidden fields.
        self.told(view::show_step);
        self.show_time();
        self.watch_time();
        self.watch_forms();
        self.watch_returns();
        self.await_code();
    }

    /// Shows what time has left; asks the server once when that is nothing.
    fn show_time(&self) {
        let (answer, at) = &*self.told.borrow();
        let is_over = view::show_time(answer, *at);
        let was_over = self.is_over.replace(is_over);
        if is_over && !was_over {
            self.ask();
        }
    }

    fn watch_time(&self) {
        let (page, mut drift, mut secs) = (self.clone(), timer::Drift::start(), 0_u32);
        dom::every_second(move || {
            secs = secs.wrapping_add(1);
            page.show_time();
            let is_delivery_due = secs.is_multiple_of(DELIVERY_ASKED_EVERY_SECS) && page.awaits_delivery();
            // After sleep the line may be back later than the page.
            let is_answer_due = secs.is_multiple_of(ASKED_AGAIN_EVERY_SECS) && page.owes_answer.get();
            if drift.has_parted() || is_delivery_due || is_answer_due {
                page.ask();
            }
        });
    }

    /// Whether somebody waits, and looks, for what becomes of the text.
    fn awaits_delivery(&self) -> bool {
        let is_told = self.told(|told| told.state == "pending" && told.provider == "reporting_sender" && told.delivery.is_empty());
        is_told && !document().hidden()
    }

    fn watch_forms(&self) {
        let Some(main) = dom::find("#main") else { return };
        let page = self.clone();
        let entry = Rc::clone(&self.entry);
        dom::listen(&main, "submit", move |event| page.submit(&event));
        dom::listen(&main, "input", move |event| {
            let Some(typed) = dom::input_of(&event) else { return };
            match typed.name().as_str() {
                "code" if entry.borrow_mut().is_complete(&typed) => submit_form_of(&typed),
                "phone_number" => field::group_number(&typed),
                _ => {}
            }
        });
    }

    /// Whatever may have stopped or hidden this page: afterwards the server is asked how things stand.
    fn watch_returns(&self) {
        let ask = |page: &Self| {
            let page = page.clone();
            move |_| page.ask()
        };
        let (page, shown) = (self.clone(), document());
        dom::listen(&document(), "visibilitychange", move |_| {
            if !shown.hidden() {
                page.ask();
            }
        });
        let page = self.clone();
        dom::listen(&window(), "pageshow", move |event| {
            if dom::get(&event, "persisted").is_some_and(|persisted| persisted.is_truthy()) {
                page.ask();
            }
        });
        dom::listen(&window(), "online", ask(self));
        if let Some(channel) = &self.channel {
            dom::listen(channel, "message", ask(self));
        }
    }

    /// Asks the server how things stand. The focus stays where it is, unless its place is gone.
    fn ask(&self) {
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

    fn is_busy(&self) -> bool {
        is_recent(self.busy_since.get())
    }

    fn take_unasked(&self, answer: Answer, asked_at: f64) {
        let is_moved = self.told(|told| told.state != answer.state);
        // Another tab had a code sent: what stands here is of an earlier one.
        let is_sent = self.told(|told| told.challenge_id != answer.challenge_id || told.sends_left > answer.sends_left);
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
        }
    }

    fn take(&self, answer: Answer, asked_at: f64) {
        if answer.state == "signed_up" {
            let _ = window().location().assign("/welcome");
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

    fn submit(&self, event: &Event) {
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
        let (page, asked_at) = (self.clone(), timer::monotonic_ms());
        let button = form.query_selector("button").ok().flatten().and_then(|button| button.dyn_into::<HtmlElement>().ok());
        view::set_busy(button.as_ref(), true);
        spawn_local(async move {
            let answer = sent.await.ok();
            view::set_busy(button.as_ref(), false);
            page.busy_since.set(None);
            page.is_lost.set(answer.is_none());
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
        view::mark_invalid(field.as_ref().filter(|_| OUTCOMES_OF_FIELDS.contains(&outcome.as_str())));
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
        if let Some(details) = dom::find("#correction") {
            dom::toggle(&details, "open", false);
        }
        self.entry.take();
    }

    /// Offers the code of the SMS, where the browser can read it.
    fn await_code(&self) {
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

/// What the server wrote for the page as a whole.
fn of_page(name: &str) -> String {
    dom::find("#main").map(|main| dom::data(&main, name)).unwrap_or_default()
}

fn submit_form_of(field: &HtmlInputElement) {
    if let Some(form) = field.form() {
        let _ = form.request_submit();
    }
}
