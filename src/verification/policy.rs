//! The numbers (DESIGN section 5), and the decision whether a code may be sent.

use jiff::{SignedDuration, Timestamp};

use super::{Challenge, ChallengeId, PhoneNumber, Purpose, Standing, State};

/// The longest code lifetime allowed, in seconds: OWASP ASVS 5.0, 6.5.5 (ten minutes).
pub const MAX_CODE_LIFETIME_SECS: u64 = 600;
/// How far back the budgets of numbers, subjects and the whole service look.
pub const DAY: SignedDuration = SignedDuration::from_hours(24);
/// How far back the budget of a requester looks.
pub const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// How many failed sends a number gets back in a day, so that a failing vendor cannot lift the limit.
pub const MAX_SENDS_GIVEN_BACK: u32 = 3;
/// The longest a number itself rests between two sends, in seconds.
const MAX_NUMBER_REST_SECS: i64 = 60;

/// The numbers of the service. Each is set by the environment variable of the same name.
#[derive(Clone, Debug)]
pub struct Policy {
    /// How long a code is good.
    pub code_lifetime: SignedDuration,
    /// The wait of a subject before another send, whatever the number.
    pub resend_cooldown: SignedDuration,
    /// Sends to one number in a rolling day.
    pub max_sends_per_number: u32,
    /// Sends asked by one subject in a rolling day.
    pub max_sends_per_subject: u32,
    /// Sends asked from one address in a rolling hour.
    pub max_sends_per_requester: u32,
    /// Sends of the whole service in a rolling day.
    pub max_sends_per_day: u32,
    /// Guesses at one challenge.
    pub max_attempts: u32,
    /// How long a proof is good for sign-up.
    pub verified_lifetime: SignedDuration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            code_lifetime: SignedDuration::from_secs(300),
            resend_cooldown: SignedDuration::from_secs(60),
            max_sends_per_number: 5,
            max_sends_per_subject: 5,
            max_sends_per_requester: 60,
            max_sends_per_day: 1000,
            max_attempts: 5,
            verified_lifetime: SignedDuration::from_secs(1800),
        }
    }
}

/// A send somebody asks for.
#[derive(Clone, Debug)]
pub struct AskedSend {
    /// The number.
    pub phone_number: PhoneNumber,
    /// Sign-up or sign-in.
    pub purpose: Purpose,
    /// The provider that is configured now.
    pub provider: &'static str,
}

/// What the store knows when a send is asked for. Lists are newest first, hold only what counts against the budget, and no more
/// entries than the budget has.
#[derive(Clone, Debug, Default)]
pub struct SendHistory {
    /// The session has an account.
    pub is_signed_up: bool,
    /// The subject's challenge that is not closed.
    pub current: Option<Challenge>,
    /// An account has the number.
    pub is_number_taken: bool,
    /// When the subject asked, within a day.
    pub subject_sends: Vec<CountedSend>,
    /// When the number was sent codes, within a day.
    pub number_sends: Vec<Timestamp>,
    /// The oldest of the last `max_sends_per_requester` sends within an hour: there only when the budget is spent.
    pub requester_spent_at: Option<Timestamp>,
    /// The whole service has spent its day's budget.
    pub is_service_spent: bool,
}

impl SendHistory {
    /// What is known once a send is reserved: its challenge, and that it counts.
    #[must_use]
    pub fn with_send(&self, challenge: Challenge, at: Timestamp) -> Self {
        let mut after = Self { current: Some(challenge), ..self.clone() };
        after.subject_sends.insert(0, CountedSend { at, is_delivery: true });
        after.number_sends.insert(0, at);
        after
    }
}

/// One entry of a subject's budget.
#[derive(Clone, Copy, Debug)]
pub struct CountedSend {
    /// When.
    pub at: Timestamp,
    /// Whether a code went out; an answer «taken» counts, but nobody waits for it.
    pub is_delivery: bool,
}

/// What a permitted send becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendPlan {
    /// One more code of this pending challenge.
    AddCode(ChallengeId),
    /// A new challenge, which closes the subject's old one.
    OpenChallenge,
}

/// Why no code is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendRefusal {
    /// The session has an account.
    SignedUp,
    /// The subject is verified already.
    AlreadyVerified,
    /// An account has this number.
    NumberTaken,
    /// The subject asked a moment ago.
    Cooldown {
        /// When it may ask again.
        until: Timestamp,
    },
    /// The number was sent a code a moment ago, at someone else's request.
    NumberResting {
        /// When it may be sent another.
        until: Timestamp,
    },
    /// A budget is spent.
    Exhausted {
        /// When a send is possible again.
        until: Timestamp,
    },
    /// The whole service has spent its day's budget.
    ServiceExhausted,
}

impl Policy {
    /// How long a number itself rests, whoever asks.
    #[must_use]
    pub fn number_rest(&self) -> SignedDuration {
        self.resend_cooldown.min(SignedDuration::from_secs(MAX_NUMBER_REST_SECS))
    }

    /// Whether a code may be sent now. The order of the answers is DESIGN section 4's.
    pub fn may_send(&self, asked: &AskedSend, history: &SendHistory, now: Timestamp) -> Result<SendPlan, SendRefusal> {
        let standing = history.current.as_ref().map(|challenge| challenge.standing(self, now));
        if history.is_signed_up {
            return Err(SendRefusal::SignedUp);
        }
        if matches!(standing, Some(Standing::Verified { .. })) {
            return Err(SendRefusal::AlreadyVerified);
        }
        if asked.purpose == Purpose::SignUp && history.is_number_taken {
            self.may_be_told(history)?;
            return Err(SendRefusal::NumberTaken);
        }
        self.is_rested(history, now)?;
        self.is_within_budgets(history)?;
        Ok(plan(asked, history, standing))
    }

    /// Telling that a number is taken costs a send of subject and requester, so that numbers cannot be scanned.
    fn may_be_told(&self, history: &SendHistory) -> Result<(), SendRefusal> {
        latest([self.subject_spent_until(history), requester_spent_until(history)])
    }

    fn is_rested(&self, history: &SendHistory, now: Timestamp) -> Result<(), SendRefusal> {
        if let Some(until) = self.resend_at(history).filter(|until| now < *until) {
            return Err(SendRefusal::Cooldown { until });
        }
        match history.number_sends.first().map(|at| *at + self.number_rest()) {
            Some(until) if now < until => Err(SendRefusal::NumberResting { until }),
            _ => Ok(()),
        }
    }

    fn is_within_budgets(&self, history: &SendHistory) -> Result<(), SendRefusal> {
        let number = spent_until(history.number_sends.iter().copied(), self.max_sends_per_number);
        latest([number, self.subject_spent_until(history), requester_spent_until(history)])?;
        if history.is_service_spent { Err(SendRefusal::ServiceExhausted) } else { Ok(()) }
    }

    fn subject_spent_until(&self, history: &SendHistory) -> Option<Timestamp> {
        spent_until(history.subject_sends.iter().map(|send| send.at), self.max_sends_per_subject)
    }

    /// When the subject may ask again, whatever the number; none if it has not asked.
    #[must_use]
    pub fn resend_at(&self, history: &SendHistory) -> Option<Timestamp> {
        history.subject_sends.iter().find(|send| send.is_delivery).map(|send| send.at + self.resend_cooldown)
    }

    /// When the code of a permitted send expires. A hosted verifier repeats its code, which expires with the first start.
    #[must_use]
    pub fn expiry_of_send(&self, plan: &SendPlan, history: &SendHistory, is_hosted: bool, now: Timestamp) -> Timestamp {
        match (plan, history.current.as_ref().map(|challenge| &challenge.state)) {
            (SendPlan::AddCode(_), Some(State::Pending { expires_at, .. })) if is_hosted => *expires_at,
            _ => now + self.code_lifetime,
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
        (Some(current), Some(Standing::Pending { .. })) if is_same(asked, current) => SendPlan::AddCode(current.id.clone()),
        _ => SendPlan::OpenChallenge,
    }
}

fn is_same(asked: &AskedSend, current: &Challenge) -> bool {
    current.phone_number == asked.phone_number && current.purpose == asked.purpose && current.provider == asked.provider
}

/// When the oldest of the last `max` sends leaves the day's window; none while fewer count.
fn spent_until(newest_first: impl Iterator<Item = Timestamp>, max: u32) -> Option<Timestamp> {
    let mut counted = newest_first.skip(max.saturating_sub(1) as usize);
    counted.next().map(|at| at + DAY)
}

fn requester_spent_until(history: &SendHistory) -> Option<Timestamp> {
    history.requester_spent_at.map(|at| at + HOUR)
}

fn latest(spent: impl IntoIterator<Item = Option<Timestamp>>) -> Result<(), SendRefusal> {
    match spent.into_iter().flatten().max() {
        Some(until) => Err(SendRefusal::Exhausted { until }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verification::challenge::tests::{at, pending};

    fn asked() -> AskedSend {
        AskedSend { phone_number: pending(0, 0).phone_number, purpose: Purpose::SignUp, provider: "outbox" }
    }

    fn deliveries(at_secs: &[i64]) -> Vec<CountedSend> {
        at_secs.iter().map(|secs| CountedSend { at: at(*secs), is_delivery: true }).collect()
    }

    fn decide(history: &SendHistory, now_secs: i64) -> Result<SendPlan, SendRefusal> {
        Policy::default().may_send(&asked(), history, at(now_secs))
    }

    #[test]
    fn a_first_send_opens_a_challenge() {
        assert_eq!(decide(&SendHistory::default(), 0), Ok(SendPlan::OpenChallenge));
    }

    #[test]
    fn a_resend_waits_for_the_cooldown_and_then_adds_a_code() {
        let history = SendHistory {
            current: Some(pending(2, 300)),
            subject_sends: deliveries(&[0]),
            number_sends: vec![at(0)],
            ..SendHistory::default()
        };
        assert_eq!(decide(&history, 59), Err(SendRefusal::Cooldown { until: at(60) }));
        assert_eq!(decide(&history, 60), Ok(SendPlan::AddCode(ChallengeId::from_stored("c".into()))));
    }

    #[test]
    fn another_number_provider_or_purpose_and_a_dead_challenge_open_a_new_one() {
        let history = |challenge| SendHistory { current: Some(challenge), ..SendHistory::default() };
        let other_number = Challenge { phone_number: PhoneNumber::from_stored("+821087654321".into()), ..pending(0, 300) };
        let other_provider = Challenge { provider: "sens".into(), ..pending(0, 300) };
        let other_purpose = Challenge { purpose: Purpose::SignIn, ..pending(0, 300) };
        for challenge in [other_number, other_provider, other_purpose, pending(5, 300), pending(0, 50)] {
            assert_eq!(decide(&history(challenge), 60), Ok(SendPlan::OpenChallenge));
        }
    }

    #[test]
    fn a_verified_or_signed_up_subject_is_told_so_first() {
        let verified = Challenge { state: State::Verified { verified_at: at(0) }, ..pending(1, 300) };
        let history = SendHistory { current: Some(verified), is_number_taken: true, ..SendHistory::default() };
        assert_eq!(decide(&history, 10), Err(SendRefusal::AlreadyVerified));
        assert_eq!(decide(&history, 1800), Err(SendRefusal::NumberTaken));
        assert_eq!(decide(&SendHistory { is_signed_up: true, ..history }, 10), Err(SendRefusal::SignedUp));
    }

    #[test]
    fn a_taken_number_is_told_while_the_budget_lasts_and_does_not_stop_a_sign_in() {
        let told = CountedSend { at: at(0), is_delivery: false };
        let history = SendHistory { is_number_taken: true, subject_sends: vec![told; 4], ..SendHistory::default() };
        assert_eq!(decide(&history, 1), Err(SendRefusal::NumberTaken));
        let spent = SendHistory { subject_sends: vec![told; 5], ..history.clone() };
        assert_eq!(decide(&spent, 1), Err(SendRefusal::Exhausted { until: at(86_400) }));
        let sign_in = AskedSend { purpose: Purpose::SignIn, ..asked() };
        assert_eq!(Policy::default().may_send(&sign_in, &history, at(1)), Ok(SendPlan::OpenChallenge));
    }

    #[test]
    fn an_answer_that_a_number_is_taken_starts_no_cooldown() {
        let told = CountedSend { at: at(0), is_delivery: false };
        let history = SendHistory { subject_sends: vec![told], ..SendHistory::default() };
        assert_eq!(decide(&history, 1), Ok(SendPlan::OpenChallenge));
    }

    #[test]
    fn a_number_rests_a_minute_at_most_whoever_asks() {
        let history = SendHistory { number_sends: vec![at(0)], ..SendHistory::default() };
        assert_eq!(decide(&history, 59), Err(SendRefusal::NumberResting { until: at(60) }));
        let slow = Policy { resend_cooldown: SignedDuration::from_secs(600), ..Policy::default() };
        assert!(slow.may_send(&asked(), &history, at(60)).is_ok());
        let quick = Policy { resend_cooldown: SignedDuration::from_secs(2), ..Policy::default() };
        assert!(quick.may_send(&asked(), &history, at(2)).is_ok());
    }

    #[test]
    fn the_sixth_send_waits_until_the_first_is_a_day_old() {
        let history = SendHistory { number_sends: (0..5).rev().map(|n| at(n * 100)).collect(), ..SendHistory::default() };
        assert_eq!(decide(&history, 1000), Err(SendRefusal::Exhausted { until: at(86_400) }));
        let subject = SendHistory { subject_sends: deliveries(&[400, 300, 200, 100, 50]), ..SendHistory::default() };
        assert_eq!(decide(&subject, 1000), Err(SendRefusal::Exhausted { until: at(86_450) }));
        let four = SendHistory { subject_sends: deliveries(&[400, 300, 200, 100]), ..SendHistory::default() };
        assert!(decide(&four, 1000).is_ok());
    }

    #[test]
    fn a_requester_waits_an_hour_and_the_service_says_so_last() {
        let history = SendHistory { requester_spent_at: Some(at(0)), is_service_spent: true, ..SendHistory::default() };
        assert_eq!(decide(&history, 10), Err(SendRefusal::Exhausted { until: at(3600) }));
        let service = SendHistory { is_service_spent: true, ..SendHistory::default() };
        assert_eq!(decide(&service, 10), Err(SendRefusal::ServiceExhausted));
    }

    #[test]
    fn sends_left_is_the_smaller_of_the_two_budgets() {
        let policy = Policy::default();
        assert_eq!(policy.sends_left(1, None), 4);
        assert_eq!(policy.sends_left(1, Some(3)), 2);
        assert_eq!(policy.sends_left(9, Some(3)), 0);
    }

    #[test]
    fn one_request_per_pending_window_holds_with_the_strict_rule() {
        let strict = Policy {
            code_lifetime: SignedDuration::from_secs(600),
            resend_cooldown: SignedDuration::from_secs(600),
            ..Policy::default()
        };
        let history = SendHistory { current: Some(pending(0, 600)), subject_sends: deliveries(&[0]), ..SendHistory::default() };
        let other = AskedSend { phone_number: PhoneNumber::from_stored("+821099999999".into()), ..asked() };
        for asked in [asked(), other] {
            assert_eq!(strict.may_send(&asked, &history, at(599)), Err(SendRefusal::Cooldown { until: at(600) }));
            assert_eq!(strict.may_send(&asked, &history, at(600)), Ok(SendPlan::OpenChallenge));
        }
    }
}
