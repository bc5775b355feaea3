//! Runs the use cases in order: asks the rules what to do, the store to remember it, and the provider to send and check.

mod check;
mod costs;
mod counts;
mod deliveries;
mod doubt;
mod gates;
mod guarding;
mod hear;
mod hosted;
mod judging;
mod keyed;
mod other_half;
mod refusal;
mod refused;
mod repeat;
mod send;
mod sign_out;
mod sign_up;
mod status;
mod vendor_call;

use std::{future::Future, sync::Arc};

pub(crate) use check::CheckRequest;
pub use costs::Costs;
pub use gates::{Errand, Gates};
pub(crate) use hear::{Caller, Heard};
pub(crate) use judging::Judging;
pub(crate) use keyed::Keyed;
pub(crate) use refused::RecentRefusals;
pub(crate) use sign_up::SignUpRequest;

use jiff::{SignedDuration, Timestamp};
use tokio_util::task::TaskTracker;
use tracing::Instrument;

use super::clock::Clock;
use super::guard::Guard;
use super::metrics::Metrics;
pub(crate) use super::provider::callback::Callback;
use super::provider::roster::Providers;
use super::provider::sms_text::SmsText;
use super::session::{self, Candidates, Cookie, Presented, Session};
use super::store::{Store, StoreFault};
use super::telemetry::Seldom;
use super::work::{GivenWork, Work};
use crate::messages::Locale;
use crate::verification::work::WorkAsked;
use crate::verification::{Detail, Outcome, Policy, Regions, SecretKeys, Status};

/// What the use cases work with.
pub struct Verifier {
    /// Its verbs end in five seconds, whatever the database does.
    pub store: Arc<dyn Store>,
    /// The one source of `now`; tests move it.
    pub clock: Arc<dyn Clock>,
    pub(crate) keys: SecretKeys,
    /// The limits and lifetimes, as the settings have them.
    pub policy: Policy,
    /// Which numbers may sign up.
    pub(crate) regions: Regions,
    /// What an SMS of ours says; none where only the vendor's are sent.
    pub(crate) sms_text: Option<SmsText>,
    /// Who sends, and who sent.
    pub(crate) providers: Providers,
    pub(crate) needs_consent: bool,
    pub(crate) metrics: Arc<Metrics>,
    /// Work that outlives its request; a graceful stop waits for it.
    pub tasks: TaskTracker,
    /// Where the requests of one address take turns.
    pub gates: Gates,
    pub(crate) judging: Judging,
    /// Which sends look like pumping.
    pub(crate) guard: Guard,
    /// When a send costs work.
    pub(crate) work_asked: WorkAsked,
    pub(crate) work: Work,
    /// Refusals that are yet to be written.
    pub(crate) refused: RecentRefusals,
    /// When the log last said that the day's sends are spent.
    pub(crate) spent_day_said: Seldom,
    pub(crate) spent_money_said: Seldom,
}

/// Who asks: a session, from somewhere, in a language.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    pub session: Session,
    /// The address, IPv6 cut to /64.
    pub requester: String,
    pub locale: Locale,
}

/// A number as somebody typed it, and the region in which it is dialled so, where they said one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TypedNumber<'a> {
    pub text: &'a str,
    pub region: Option<&'a str>,
}

/// What a use case came to.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub outcome: Outcome,
    /// What exactly was wrong, where the outcome alone does not say.
    pub detail: Option<Detail>,
    /// How long to wait before asking again.
    pub retry_after: Option<SignedDuration>,
    pub status: Status,
    /// What must be done first, where that is the outcome.
    pub work: Option<GivenWork>,
    /// The cookie that takes the place of the visitor's.
    pub cookie: Option<Cookie>,
    /// The masked number that was asked for, for the log: the status may be about another.
    pub asked_number: Option<String>,
    /// With a number that is none: how one is written where it was read.
    pub example: Option<String>,
}

impl Reply {
    /// What a use case came to, where the outcome says all.
    #[must_use]
    pub(crate) fn of(outcome: Outcome, status: Status) -> Self {
        Self { outcome, detail: None, retry_after: None, status, work: None, cookie: None, asked_number: None, example: None }
    }

    /// Why nothing was carried out; of somebody of whom nothing is known the status is the default.
    #[must_use]
    pub(crate) fn refused(detail: Detail, status: Status) -> Self {
        Self { detail: Some(detail), ..Self::of(Outcome::InvalidRequest, status) }
    }

    /// The answer to whoever comes with a session that was replaced a moment ago: nothing is known of them until the successor's cookie arrives.
    #[must_use]
    pub(crate) fn just_continued() -> Self {
        Self::refused(Detail::JustContinued, Status::default())
    }
}

impl Verifier {
    /// What the cookies of a request stand for. It waits for its turn among those of its address.
    pub(crate) async fn find_session(&self, candidates: &Candidates, requester: &str) -> Result<Presented, StoreFault> {
        let _turn = self.gates.enter(Errand::Look, requester).await?;
        session::find(&*self.store, &self.keys, &self.policy, candidates, requester, self.clock.now()).await
    }

    /// The same for one cookie of ours.
    pub(crate) async fn look_up(&self, cookie: Cookie, requester: &str) -> Result<Presented, StoreFault> {
        let _turn = self.gates.enter(Errand::Look, requester).await?;
        session::look_up(&*self.store, &self.policy, cookie, requester, self.clock.now()).await
    }

    /// Lets a session that is used end later; none when it was prolonged a short while ago. The cookie is to be sent again.
    pub(crate) async fn prolong(&self, session: &Session) -> Result<Option<Session>, StoreFault> {
        let Some(prolonged) = session.prolonged(self.clock.now()) else { return Ok(None) };
        if session.is_stored {
            self.store.prolong_session(&prolonged.cookie.digest(), prolonged.ends_at).await?;
        }
        Ok(Some(prolonged))
    }

    /// The answer to somebody whose session is over: a fresh one takes its place.
    pub(crate) async fn begin_again(&self) -> Result<Reply, StoreFault> {
        let fresh = Session::fresh(self.clock.now());
        let status = self.status_as_seen(&fresh, &fresh.seen).await?;
        Ok(Reply { cookie: Some(fresh.cookie), ..Reply::refused(Detail::SessionOver, status) })
    }

    /// The visitor's status as the request found it, and nothing else.
    pub(crate) async fn ask(&self, session: &Session) -> Result<Reply, StoreFault> {
        Ok(Reply::of(Outcome::Status, self.status_as_seen(session, &session.seen).await?))
    }

    /// Closes the subject's challenge; budgets and cooldowns stay.
    pub(crate) async fn start_over(&self, session: &Session) -> Result<Reply, StoreFault> {
        self.store.close_challenges(&session.subject, self.clock.now()).await?;
        self.answer(session, Outcome::Status).await
    }

    async fn answer(&self, session: &Session, outcome: Outcome) -> Result<Reply, StoreFault> {
        Ok(Reply::of(outcome, self.status(session).await?))
    }

    fn wait_until(&self, until: Timestamp) -> SignedDuration {
        until.duration_since(self.clock.now())
    }

    /// Runs work in a task of its own, so that a browser that leaves changes nothing.
    async fn detached<T, F>(self: &Arc<Self>, work: impl FnOnce(Arc<Self>) -> F) -> Result<T, StoreFault>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, StoreFault>> + Send + 'static,
    {
        // Its lines in the log are those of the request all the same.
        let task = self.tasks.spawn(work(Arc::clone(self)).in_current_span());
        task.await.map_err(|fault| StoreFault(Box::new(fault)))?
    }
}
