//! The way in by a number of `ADMIN_NUMBERS`, by the same verification as the page's. Nobody is told whether a number is one of them.

use std::sync::Arc;

use tracing::Instrument;

use super::Desk;
use crate::messages::Locale;
use crate::server::session::{Cookie, Presented, Session};
use crate::server::store::{Deed, StoreFault};
use crate::server::verifier::{CheckRequest, TypedNumber, Visitor};
use crate::verification::{InvalidPhoneNumber, OneTimeCode, Outcome, PhoneNumber, Purpose};

/// What stands in the audit for the reason of somebody who came in by a number.
const BY_NUMBER: &str = "ADMIN_NUMBERS";

/// What a code came to.
pub(crate) enum Checked {
    /// The cookie of the session that begins.
    Entered(String),
    /// No code at all.
    Malformed,
    /// Whatever else: a stranger must not learn more.
    Refused,
    /// The vendor or the database has a bad moment.
    Unavailable,
}

impl Desk {
    /// Sends a code to an operator's number, and to no other. `attempt` is what the browser will come back with.
    ///
    /// The answer waits for nothing: the time that a vendor takes would tell whose number it is.
    ///
    /// # Errors
    ///
    /// When the text is no number.
    pub(crate) fn ask_for_code(
        &self,
        attempt: &str,
        requester: &str,
        locale: Locale,
        typed: &str,
    ) -> Result<(), InvalidPhoneNumber> {
        let verifier = Arc::clone(&self.service.verifier);
        let number = verifier.regions.parse(typed)?;
        if !self.numbers.contains(&number) {
            tracing::warn!(number = number.masked(), requester, "a number that is no operator's was tried at the console");
            return Ok(());
        }
        let (cookie, requester) = (self.cookie_of(attempt), requester.to_owned());
        let ask = async move {
            let session = match verifier.look_up(cookie, &requester).await? {
                Presented::Live(session) => *session,
                _ => return Ok(Outcome::NotVerified),
            };
            let visitor = Visitor { session, requester, locale };
            verifier
                .start(&visitor, TypedNumber { text: number.as_e164(), region: None }, Purpose::SignIn, None)
                .await
                .map(|reply| reply.outcome)
        };
        let tell = async move {
            match ask.await {
                Ok::<Outcome, StoreFault>(outcome) => {
                    tracing::info!(outcome = outcome.code(), "a code for the console was asked for");
                }
                Err(fault) => tracing::error!(%fault, "a code for the console was asked for in vain"),
            }
        };
        self.service.verifier.tasks.spawn(tell.in_current_span());
        Ok(())
    }

    /// Looks at a code, and begins a session if it is right and its number an operator's.
    pub(crate) async fn check_code(
        &self,
        attempt: &str,
        requester: &str,
        locale: Locale,
        typed: &str,
    ) -> Result<Checked, StoreFault> {
        if OneTimeCode::parse(typed).is_err() {
            return Ok(Checked::Malformed);
        }
        let verifier = &self.service.verifier;
        let Presented::Live(session) = verifier.look_up(self.cookie_of(attempt), requester).await? else {
            return Ok(Checked::Refused);
        };
        let Some(challenge) = session.seen.current.clone().filter(|seen| self.numbers.contains(&seen.phone_number)) else {
            return Ok(Checked::Refused);
        };
        let visitor = Visitor { session: *session, requester: requester.to_owned(), locale };
        let request = CheckRequest { challenge: Some(challenge.id.as_str().to_owned()), once: None };
        let reply = verifier.check(&visitor, request, typed).await?;
        match (reply.outcome, reply.cookie) {
            (Outcome::Verified, Some(successor)) => {
                self.end_of_page(&visitor.session, &successor).await?;
                self.begin(&challenge.phone_number).await.map(Checked::Entered)
            }
            (Outcome::Unavailable, _) => Ok(Checked::Unavailable),
            _ => Ok(Checked::Refused),
        }
    }

    /// The proof opened a session of the page, with the number's account if it has one. Nobody was given its cookie, and it ends here.
    async fn end_of_page(&self, session: &Session, successor: &Cookie) -> Result<(), StoreFault> {
        self.store().remove_session(&successor.digest(), &session.subject, self.now()).await
    }

    async fn begin(&self, number: &PhoneNumber) -> Result<String, StoreFault> {
        let (cookie, session) = self.fresh_session();
        let deed = Deed { actor: number.masked(), reason: BY_NUMBER.to_owned(), at: self.now() };
        self.store().add_console_session(&session, &deed).await?;
        Ok(cookie)
    }

    /// The verifier knows whoever tries by a cookie that no browser ever has: the one that it has is worth nothing on the page.
    fn cookie_of(&self, attempt: &str) -> Cookie {
        let cookies = Cookie::of_caller(&self.service.verifier.keys, &[b"console", attempt.as_bytes()], self.now());
        cookies.into_iter().next().unwrap_or_else(|| Cookie::new(self.now()))
    }
}
