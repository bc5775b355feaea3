//! One call of a server function: who calls, and how the reply leaves: to an island as lines, to a page as a redirect.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::header::{HeaderValue, LOCATION, RETRY_AFTER, SET_COOKIE};
use axum::http::request::Parts;
use leptos::prelude::expect_context;
use leptos_axum::ResponseOptions;

use super::answer::Answer;
use super::functions::Unreadable;
use super::outcome::Outcome;
use super::refusal::{self, log_reply};
use super::status::{ProviderKind, VerificationState};
use super::visit::{self, Visit};
use crate::messages::Locale;
use crate::pages::flash::Flash;
use crate::server::Service;
use crate::server::clock::Stopwatch;
use crate::server::session::Presented;
use crate::server::store::StoreFault;
use crate::server::verifier::{Detail, Reply, Verifier, Visitor};
use crate::verification::{Delivered, Purpose};

/// A call of a server function.
pub struct Call {
    service: Arc<Service>,
    parts: Parts,
    purpose: Purpose,
    typed: String,
    watch: Stopwatch,
}

/// A form field that was filled in.
#[must_use]
pub fn given(field: String) -> Option<String> {
    Some(field).filter(|field| !field.is_empty())
}

impl Call {
    /// Begins a call from what the door provided.
    #[must_use]
    pub fn begin(purpose: &str) -> Self {
        Self {
            service: expect_context(),
            parts: expect_context(),
            purpose: Purpose::from_stored(purpose),
            typed: String::new(),
            watch: Stopwatch::start(),
        }
    }

    /// Keeps what was typed for the page that follows.
    #[must_use]
    pub fn with_typed(mut self, typed: &str) -> Self {
        typed.clone_into(&mut self.typed);
        self
    }

    /// Runs a use case for the caller's session and sends the reply out. `once` is the form's one-time value: a repeat of the post that
    /// replaced the session is answered as that post was.
    pub async fn run(
        self,
        once: Option<String>,
        use_case: impl AsyncFnOnce(&Arc<Verifier>, &Visitor) -> Result<Reply, StoreFault>,
    ) -> Result<Answer, Unreadable> {
        let visit = match Visit::of(&self.service, &self.parts).await {
            Ok(visit) => visit,
            Err(fault) => return Ok(self.leave_faulty(&fault)),
        };
        let reply = match visit.visitor() {
            Some(visitor) => use_case(&self.service.verifier, &visitor).await,
            None => self.service.verifier.repeat(&visit.presented, once.as_deref().unwrap_or_default()).await.map(without_session),
        };
        match reply {
            Ok(reply) => Ok(self.leave(&visit, reply).await),
            Err(fault) => Ok(self.leave_faulty(&fault)),
        }
    }

    async fn leave(self, visit: &Visit, reply: Reply) -> Answer {
        log_reply(&self.parts, &reply, &self.watch);
        let reply = match reply.outcome {
            Outcome::Status => Reply { status: reply.status.clone().on_page_of(self.purpose), ..reply },
            _ => reply,
        };
        let options: ResponseOptions = expect_context();
        if let Some(cookie) = &reply.cookie {
            let has_account = reply.status.state == VerificationState::SignedUp;
            append(&options, &visit::set_session_cookie(&self.service, cookie, has_account));
        }
        if visit::wants_page(&self.parts.headers) {
            self.redirect(&options, visit, &reply).await;
        } else {
            set_retry_after(&options, &reply);
        }
        answer(visit.locale, &reply)
    }

    fn leave_faulty(&self, fault: &StoreFault) -> Answer {
        refusal::log_fault(&self.parts, fault);
        let locale = visit::locale(&self.parts.headers);
        expect_context::<ResponseOptions>().set_status(StatusCode::SERVICE_UNAVAILABLE);
        Answer {
            outcome: Outcome::Unavailable.code().to_owned(),
            message: locale.outcome(Outcome::Unavailable, None, None),
            ..Answer::default()
        }
    }

    /// Keeps the outcome with the session and sends the browser to the page, which shows it once.
    async fn redirect(&self, options: &ResponseOptions, visit: &Visit, reply: &Reply) {
        options.set_status(StatusCode::SEE_OTHER);
        options.insert_header(LOCATION, HeaderValue::from_static(self.target(reply)));
        let Some(flash) = Flash::of(reply, &self.typed) else { return };
        let (digest, subject) = match (&reply.cookie, &visit.presented) {
            (Some(cookie), Presented::Live(session)) => (cookie.digest(), &session.subject),
            (None, Presented::Live(session)) => (session.cookie.digest(), &session.subject),
            _ => return,
        };
        let store = &self.service.verifier.store;
        let expires_at = self.service.verifier.clock.now() + crate::server::session::LIFETIME;
        if let Err(fault) = store.add_flash(&digest, subject, &flash.encode(), expires_at).await {
            refusal::log_fault(&self.parts, &fault);
        }
    }

    fn target(&self, reply: &Reply) -> &'static str {
        match (reply.detail, reply.status.state, self.purpose) {
            (Some(Detail::Cookies), ..) => "/cookies",
            (_, VerificationState::SignedUp, _) => "/welcome",
            (_, _, Purpose::SignIn) => "/sign-in",
            (_, _, Purpose::SignUp) => "/",
        }
    }
}

/// A post without a session sends nothing and asks for cookies.
fn without_session(repeated: Option<Reply>) -> Reply {
    repeated.unwrap_or_else(|| Reply {
        outcome: Outcome::InvalidRequest,
        detail: Some(Detail::Cookies),
        retry_after: None,
        status: super::status::Status::default(),
        cookie: None,
    })
}

fn append(options: &ResponseOptions, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        options.append_header(SET_COOKIE, value);
    }
}

/// A refusal is an `Ok` answer (200): a browser would write every other status into its console as an error.
fn set_retry_after(options: &ResponseOptions, reply: &Reply) {
    if let Some(secs) = refusal::retry_after_secs(reply) {
        options.insert_header(RETRY_AFTER, HeaderValue::from(secs));
    }
}

/// A reply as the island reads it.
#[must_use]
pub fn answer(locale: Locale, reply: &Reply) -> Answer {
    let status = &reply.status;
    let message = match reply.outcome {
        Outcome::Status => String::new(),
        outcome => locale.outcome(outcome, reply.detail, reply.retry_after),
    };
    Answer {
        outcome: reply.outcome.code().to_owned(),
        message,
        state: status.state.as_str().to_owned(),
        phone_number: status.phone_number.clone().unwrap_or_default(),
        expires_in_secs: status.expires_in_secs,
        resend_in_secs: status.resend_in_secs,
        attempts_left: status.attempts_left,
        sends_left: status.sends_left,
        challenge_id: status.challenge_id.clone().unwrap_or_default(),
        delivery: status.delivery.map(Delivered::as_str).unwrap_or_default().to_owned(),
        provider: status.provider.map(ProviderKind::as_str).unwrap_or_default().to_owned(),
    }
}
