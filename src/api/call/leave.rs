//! How the reply to a call leaves: to an island as lines, to a page as a redirect, and with it the cookies.

use axum::http::StatusCode;
use axum::http::header::{HeaderValue, LOCATION, SET_COOKIE};
use cookie::Cookie;
use leptos::prelude::expect_context;
use leptos_axum::ResponseOptions;

use super::{Call, given};
use crate::api::addresses::{page_after, page_with_request};
use crate::api::answer::Answer;
use crate::api::cookies;
use crate::api::flash::Flash;
use crate::api::reply::{self, answer, log_reply};
use crate::api::visit::{self, Visit};
use crate::server::session::Presented;
use crate::server::store::StoreFault;
use crate::server::verifier::Reply;
use crate::verification::{Detail, Outcome, VerificationState};

impl Call {
    pub(super) async fn leave(self, visit: &Visit, reply: Reply) -> Answer {
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
        self.keep_region(&options);
        if visit::wants_page(&self.parts.headers) {
            self.redirect(&options, visit, &reply);
        } else {
            reply::set_retry_after(&options, &reply);
        }
        answer(&self.service.verifier.regions, visit.locale, &reply)
    }

    /// The next page offers the country that was chosen.
    fn keep_region(&self, options: &ResponseOptions) {
        let regions = &self.service.verifier.regions;
        let chosen = given(self.region.clone()).filter(|_| regions.is_choice());
        let chosen = chosen.and_then(|region| regions.chosen(&region, &self.typed));
        let kept = cookies::chosen_region(&self.parts.headers, regions);
        if let Some(region) = chosen.filter(|region| kept.as_ref() != Some(region)) {
            append(options, &cookies::of_region(&self.service, region));
        }
    }

    pub(super) fn leave_faulty(&self, fault: &StoreFault) -> Answer {
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
        if let Some(flash) = Flash::of(reply, &self.typed, &self.region) {
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
