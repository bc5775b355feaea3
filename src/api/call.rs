//! One call of a server function: who calls, and what runs for them.

mod leave;

use std::sync::Arc;

use axum::http::request::Parts;
use leptos::prelude::{ServerFnError, expect_context};

use super::addresses::read_purpose;
use super::answer::Answer;
use super::visit::Visit;
use crate::server::Service;
use crate::server::clock::Stopwatch;
use crate::server::session::{Once, Presented, Session};
use crate::server::store::StoreFault;
use crate::server::verifier::{Reply, Verifier, Visitor};
use crate::verification::{Detail, Outcome, Purpose, Status};

pub(crate) struct Call {
    service: Arc<Service>,
    parts: Parts,
    purpose: Purpose,
    /// The request of an application that waits for the caller to sign in.
    request: Option<String>,
    typed: String,
    /// The country that was chosen for a number.
    region: String,
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
            region: String::new(),
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

    /// Keeps the country that was chosen.
    #[must_use]
    pub(crate) fn with_region(mut self, region: &str) -> Self {
        region.clone_into(&mut self.region);
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
}
