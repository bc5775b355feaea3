//! One call of a server function: who calls, and how the reply leaves: to an island as lines, to a page as a redirect.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::header::{HeaderValue, LOCATION, SET_COOKIE};
use axum::http::request::Parts;
use cookie::Cookie;
use leptos::prelude::{ServerFnError, expect_context};
use leptos_axum::ResponseOptions;

use super::addresses::{page_after, page_with_request, read_purpose};
use super::answer::Answer;
use super::cookies;
use super::flash::Flash;
use super::reply::{self, answer, log_reply};
use super::visit::{self, Visit};
use crate::server::Service;
use crate::server::clock::Stopwatch;
use crate::server::session::{Once, Presented, Session};
use crate::server::store::StoreFault;
use crate::server::verifier::{Reply, Verifier, Visitor};
use crate::verification::{Detail, Outcome, Purpose, Status, VerificationState};

pub(crate) struct Call {
    service: Arc<Service>,
    parts: Parts,
    purpose: Purpose,
    /// The request of an application that waits for the caller to sign in.
    request: Option<String>,
    typed: String,
    watch: Stopwatch,
}

/// A field that is empty was not filled in.
#[must_use]
pub(crate) fn given(field: String) -> Option<String> {
    Some(field).filter(|field| !field.is_empty())
}

impl Call {
    /// Begins a call from what the door provided.
    #[must_use]
    pub(crate) fn begin(purpose: &str) -> Self {
        let (purpose, request) = read_purpose(purpose);
        Self {
            service: expect_context(),
            parts: expect_context(),
            purpose,
            request,
            typed: String::new(),
            watch: Stopwatch::start(),
        }
    }

    /// What its page is for.
    #[must_use]
    pub(crate) fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// Keeps what was typed for the page that follows.
    #[must_use]
    pub(crate) fn with_typed(mut self, typed: &str) -> Self {
        typed.clone_into(&mut self.typed);
        self
    }

    /// Runs a use case for the caller's session and sends the reply out. `once` is the form's one-time value: a repeat of the post that
    /// replaced the session is answered as that post was.
    pub(crate) async fn run(
        self,
        once: Option<Once>,
        use_case: impl AsyncFnOnce(&Arc<Verifier>, &Visitor) -> Result<Reply, StoreFault>,
    ) -> Result<Answer, ServerFnError> {
        let visit = match self.visit().await {
            Ok(visit) => visit,
            Err(fault) => return Ok(self.leave_faulty(&fault)),
        };
        let reply = match visit.visitor() {
            Some(visitor) => use_case(&self.service.verifier, &visitor).await,
            None => self.answer_without_session(&visit, once).await,
        };
        match reply {
            Ok(reply) => Ok(self.leave(&visit, reply).await),
            Err(fault) => Ok(self.leave_faulty(&fault)),
        }
    }

    /// Who calls. To a request that wants its person to prove the number once more, a session is as one without an account.
    async fn visit(&self) -> Result<Visit, StoreFault> {
        let visit = Visit::of(&self.service, &self.parts).await?;
        visit.asked_for(&self.service, self.request.as_deref()).await
    }

    /// Answers a question of anybody, whether or not there is a session.
    pub(crate) async fn ask(self) -> Result<Answer, ServerFnError> {
        let asked = async {
            let (verifier, visit) = (&self.service.verifier, self.visit().await?);
            let reply = match &visit.presented {
                Presented::Live(session) => verifier.ask(session).await?,
                _ if visit.was_just_replaced(verifier.clock.now()) => Reply::just_continued(),
                Presented::Nothing | Presented::Foreign => verifier.ask(&Session::fresh(verifier.clock.now())).await?,
                _ => Reply { outcome: Outcome::Status, ..verifier.begin_again().await? },
            };
            Ok::<_, StoreFault>((visit, reply))
        };
        match asked.await {
            Ok((visit, reply)) => Ok(self.leave(&visit, reply).await),
            Err(fault) => Ok(self.leave_faulty(&fault)),
        }
    }

    /// A post of nobody sends nothing: it is a repeat, or its page is older than its session, or the browser sends no cookies.
    async fn answer_without_session(&self, visit: &Visit, once: Option<Once>) -> Result<Reply, StoreFault> {
        let verifier = &self.service.verifier;
        if let (Presented::Replaced(grave), Some(once)) = (&visit.presented, once)
            && let Some(reply) = verifier.repeat(grave, &once).await?
        {
            return Ok(reply);
        }
        match &visit.presented {
            _ if visit.was_just_replaced(verifier.clock.now()) => Ok(Reply::just_continued()),
            Presented::Replaced(_) | Presented::Over | Presented::Foreign => verifier.begin_again().await,
            // Where it keeps this one, the next press goes through.
            Presented::Live(_) | Presented::Nothing => {
                let cookie = Some(Session::fresh(verifier.clock.now()).cookie);
                Ok(Reply { cookie, ..Reply::refused(Detail::Cookies, Status::default()) })
            }
        }
    }

    async fn leave(self, visit: &Visit, reply: Reply) -> Answer {
        log_reply(&self.service, &self.parts, &reply, &self.watch);
        let reply = match reply.outcome {
            Outcome::Status => Reply { status: reply.status.clone().on_page_of(self.purpose), ..reply },
            _ => reply,
        };
        let cookie = if reply.cookie.is_some() { reply.cookie.clone() } else { visit.renewed(&self.service).await };
        let options: ResponseOptions = expect_context();
        if let Some(cookie) = cookie {
            append(&options, &cookies::of_session(&self.service, &cookie));
        }
        if visit::wants_page(&self.parts.headers) {
            self.redirect(&options, visit, &reply);
        } else {
            reply::set_retry_after(&options, &reply);
        }
        answer(visit.locale, &reply)
    }

    fn leave_faulty(&self, fault: &StoreFault) -> Answer {
        reply::log_fault(&self.parts, fault);
        let locale = visit::locale(&self.parts.headers);
        expect_context::<ResponseOptions>().set_status(StatusCode::SERVICE_UNAVAILABLE);
        Answer {
            outcome: Outcome::Unavailable.code().to_owned(),
            message: locale.outcome(Outcome::Unavailable, None, None),
            ..Answer::default()
        }
    }

    /// Sends the browser to the page, and the outcome along for it to show once.
    fn redirect(&self, options: &ResponseOptions, visit: &Visit, reply: &Reply) {
        options.set_status(StatusCode::SEE_OTHER);
        options.insert_header(LOCATION, self.target(reply));
        let shown_to = match (&reply.cookie, &visit.presented) {
            (Some(cookie), _) => cookie.digest(),
            (None, Presented::Live(session)) => session.cookie.digest(),
            (None, _) => return,
        };
        // The page that is led to says it.
        if reply.detail == Some(Detail::Cookies) {
            return;
        }
        if let Some(flash) = Flash::of(reply, &self.typed) {
            append(options, &cookies::of_flash(&self.service, flash.seal(&self.service.verifier.keys, &shown_to)));
        }
    }

    fn target(&self, reply: &Reply) -> HeaderValue {
        let request = self.request.as_deref();
        let path = match (reply.detail, reply.status.state) {
            (Some(Detail::Cookies), _) => "/cookies".to_owned(),
            (_, VerificationState::SignedUp) => page_after(request),
            _ => page_with_request(self.purpose, request),
        };
        // A name has no byte that a header has not.
        HeaderValue::from_str(&path).unwrap_or(HeaderValue::from_static("/"))
    }
}

fn append(options: &ResponseOptions, cookie: &Cookie<'_>) {
    if let Some(value) = cookies::header(cookie) {
        options.append_header(SET_COOKIE, value);
    }
}
