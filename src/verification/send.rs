//! Whether a code may be sent: what is asked, what is known, and what follows.
//!
//! What tells a number with an account from one without is decided last: whoever is not charged is answered the same for both
//! (docs/design.md, "What does a person who was not charged learn?").

mod history;
mod refusal;

use jiff::Timestamp;

pub use history::{CountedSend, SendHistory};
pub use refusal::{Budget, SendRefusal};

use super::money::{Room, Wall, room};
use super::policy::{DAY, is_misdated};
use super::{Challenge, ChallengeId, Judge, PhoneNumber, Policy, Purpose, Standing};

/// A send somebody asks for.
#[derive(Clone, Debug)]
pub struct AskedSend {
    /// Where the code would go.
    pub phone_number: PhoneNumber,
    /// What the challenge would be for.
    pub purpose: Purpose,
    /// The country that the number is of (ISO 3166-1 alpha-2).
    pub country: String,
    /// Who would judge its code.
    pub judge: Judge,
    /// A challenge of the subject's that its hosted verifier no longer holds: nobody waits for what cannot be used.
    pub ended: Option<ChallengeId>,
    /// The session has an account.
    pub is_signed_up: bool,
    /// The send is doubtful, and no good proof of work came with it.
    pub needs_work: bool,
}

/// What a permitted send becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendPlan {
    /// One more code of this pending challenge.
    AddCode(Box<Challenge>),
    /// A new challenge, which closes the subject's old one.
    OpenChallenge,
}

impl Policy {
    /// Whether a code may be sent now. Whether the number has an account is looked at last: up to there nobody is charged, so nothing may
    /// depend on it.
    ///
    /// ```
    /// use beonho::verification::send::CountedSend;
    /// use beonho::verification::{AskedSend, Judge, PhoneNumber, Policy, Purpose, SendHistory, SendPlan, SendRefusal};
    /// use jiff::{SignedDuration, Timestamp};
    ///
    /// let (policy, now) = (Policy::default(), Timestamp::UNIX_EPOCH);
    /// let phone_number = PhoneNumber::from_stored("+821012345678".to_owned());
    /// let country = "KR".to_owned();
    /// let asked =
    ///     AskedSend { phone_number, country, purpose: Purpose::SignUp, judge: Judge::Ours, ended: None, is_signed_up: false, needs_work: false };
    /// assert_eq!(policy.may_send(&asked, &SendHistory::default(), now), Ok(SendPlan::OpenChallenge));
    ///
    /// let sent = SendHistory { subject_sends: vec![CountedSend { at: now, is_delivery: true }], ..SendHistory::default() };
    /// let until = now + SignedDuration::from_secs(60);
    /// assert_eq!(policy.may_send(&asked, &sent, now), Err(SendRefusal::Cooldown { until }));
    /// ```
    pub fn may_send(&self, asked: &AskedSend, history: &SendHistory, now: Timestamp) -> Result<SendPlan, SendRefusal> {
        let is_ended = asked.ended.is_some() && asked.ended.as_ref() == history.current.as_ref().map(|current| &current.id);
        match self.may_ask(asked.is_signed_up, history, now) {
            Err(SendRefusal::Cooldown { .. }) if is_ended => self.is_within_own_budgets(history, now)?,
            asked => asked?,
        }
        match self.may_receive(history, now) {
            Err(SendRefusal::NumberResting { .. }) if is_ended => self.is_within_shared_budgets(history, now)?,
            received => received?,
        }
        let is_kept = self.is_kept_for_accounts(asked, history)?;
        if asked.needs_work {
            return Err(SendRefusal::ChallengeRequired);
        }
        if is_kept && !history.is_number_taken {
            return Err(SendRefusal::KeptForAccounts { is_charged: true });
        }
        if asked.purpose == Purpose::SignUp && history.is_number_taken {
            return Err(SendRefusal::NumberTaken);
        }
        let standing = history.current.as_ref().map(|challenge| challenge.standing(self, now)).filter(|_| !is_ended);
        Ok(plan(asked, history, standing))
    }

    /// Whether this subject may ask from where it asks now, whatever the number: known before anything is locked.
    pub fn may_ask(&self, is_signed_up: bool, history: &SendHistory, now: Timestamp) -> Result<(), SendRefusal> {
        if is_signed_up {
            return Err(SendRefusal::SignedUp);
        }
        let standing = history.current.as_ref().map(|challenge| challenge.standing(self, now));
        if matches!(standing, Some(Standing::Verified { .. })) {
            return Err(SendRefusal::AlreadyVerified);
        }
        if let Some(until) = self.resend_at(history, now).filter(|until| now < *until) {
            return Err(SendRefusal::Cooldown { until });
        }
        self.is_within_own_budgets(history, now)
    }

    /// Of the subject, and of where it asks from.
    fn is_within_own_budgets(&self, history: &SendHistory, now: Timestamp) -> Result<(), SendRefusal> {
        let subject = spent_until(history.subject_sends.iter().map(|send| send.at), self.max_sends_per_subject, now);
        latest([(Budget::Subject, subject), (Budget::Requester, history.requester_spent_until(now))])
    }

    /// Whether the number may be sent another code now, and the service another send.
    pub fn may_receive(&self, history: &SendHistory, now: Timestamp) -> Result<(), SendRefusal> {
        if let Some(until) = self.number_rests_until(history, now).filter(|until| now < *until) {
            return Err(SendRefusal::NumberResting { until });
        }
        self.is_within_shared_budgets(history, now)
    }

    /// Of the number, and of the service.
    fn is_within_shared_budgets(&self, history: &SendHistory, now: Timestamp) -> Result<(), SendRefusal> {
        latest([(Budget::Number, spent_until(history.number_sends.iter().copied(), self.max_sends_per_number, now))])?;
        if history.day.sends >= u64::from(self.max_sends_per_day) { Err(SendRefusal::ServiceExhausted) } else { Ok(()) }
    }

    /// Whether what the day has left is for accounts only; sign-ups ask for that in vain, whatever the number.
    fn is_kept_for_accounts(&self, asked: &AskedSend, history: &SendHistory) -> Result<bool, SendRefusal> {
        match room(self.max_sends_per_day, self.shares, self.tariff.as_deref(), &asked.country, &history.day) {
            Room::None(Wall::Sends) => Err(SendRefusal::ServiceExhausted),
            Room::None(Wall::Money) => Err(SendRefusal::MoneyExhausted),
            Room::ForAccounts if asked.purpose == Purpose::SignUp => Err(SendRefusal::KeptForAccounts { is_charged: false }),
            Room::ForAccounts => Ok(true),
            Room::Open => Ok(false),
        }
    }

    /// When the number may be sent another code, whoever asks; none if it was sent none.
    #[must_use]
    pub fn number_rests_until(&self, history: &SendHistory, now: Timestamp) -> Option<Timestamp> {
        history.number_sends.iter().find(|at| !is_misdated(**at, now)).map(|at| *at + self.number_rest())
    }

    /// When the subject may ask again, whatever the number; none if it has not asked.
    #[must_use]
    pub fn resend_at(&self, history: &SendHistory, now: Timestamp) -> Option<Timestamp> {
        let mut deliveries = history.subject_sends.iter().filter(|send| send.is_delivery && !is_misdated(send.at, now));
        deliveries.next().map(|send| send.at + self.resend_cooldown)
    }

    /// When the code of a permitted send expires. A hosted verifier repeats its code, which expires with the first start.
    #[must_use]
    pub fn expiry_of_send(&self, plan: &SendPlan, is_hosted: bool, now: Timestamp) -> Timestamp {
        match plan {
            SendPlan::AddCode(current) if is_hosted => current.expires_at().unwrap_or(now + self.code_lifetime),
            SendPlan::AddCode(_) | SendPlan::OpenChallenge => now + self.code_lifetime,
        }
    }

    /// How many sends are left: the smaller of the subject's and, when a number is known, the number's.
    #[must_use]
    pub fn sends_left(&self, subject_sends: usize, number_sends: Option<usize>) -> u32 {
        let left = |max: u32, spent: usize| max.saturating_sub(u32::try_from(spent).unwrap_or(u32::MAX));
        let subject = left(self.max_sends_per_subject, subject_sends);
        number_sends.map_or(subject, |spent| subject.min(left(self.max_sends_per_number, spent)))
    }
}

fn plan(asked: &AskedSend, history: &SendHistory, standing: Option<Standing>) -> SendPlan {
    match (&history.current, standing) {
        (Some(current), Some(Standing::Pending { .. })) if is_same(asked, current) => SendPlan::AddCode(Box::new(current.clone())),
        _ => SendPlan::OpenChallenge,
    }
}

fn is_same(asked: &AskedSend, current: &Challenge) -> bool {
    current.phone_number == asked.phone_number && current.purpose == asked.purpose && current.judge == asked.judge
}

/// When the oldest of the last `max` sends leaves the day's window; none while fewer count. What lies ahead counts as sent now.
fn spent_until(newest_first: impl Iterator<Item = Timestamp>, max: u32, now: Timestamp) -> Option<Timestamp> {
    let mut counted = newest_first.skip(max.saturating_sub(1) as usize);
    counted.next().map(|at| at.min(now) + DAY)
}

fn latest(spent: impl IntoIterator<Item = (Budget, Option<Timestamp>)>) -> Result<(), SendRefusal> {
    let spent = spent.into_iter().filter_map(|(budget, until)| Some((budget, until?)));
    match spent.max_by_key(|(_, until)| *until) {
        Some((budget, until)) => Err(SendRefusal::Exhausted { budget, until }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
