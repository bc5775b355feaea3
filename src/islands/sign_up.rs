//! The sign-up page's island: posts its forms in place, counts down, and follows what happens in other tabs.

mod answers;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{AbortController, BroadcastChannel, Event, HtmlInputElement};

use super::{country, dom, field, timer, view};
use crate::api::answer::Answer;
use crate::api::post::TIME_LIMIT_MS;

const DELIVERY_ASKED_EVERY_SECS: u32 = 3;
const ASKED_AGAIN_EVERY_SECS: u32 = 4;
/// A post that takes longer has died with the code that waited for it: then the browser posts by itself.
const LONGEST_POST_MS: f64 = TIME_LIMIT_MS as f64 + 5_000.0;

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
            let Some(typed) = dom::input_of(&event) else { return pick(&event) };
            match typed.name().as_str() {
                "code" if entry.borrow_mut().is_complete(&typed) => submit_form_of(&typed),
                "phone_number" => country::typed(&typed),
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

    fn is_busy(&self) -> bool {
        is_recent(self.busy_since.get())
    }
}

fn pick(event: &Event) {
    if let Some(select) = event.target().and_then(|target| target.dyn_into().ok()) {
        country::picked(&select);
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
