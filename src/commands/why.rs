//! `beonho why NUMBER`: all that is known of a number, and what stops it.

mod text;

use jiff::Timestamp;
use serde::Serialize;

use crate::server::store::{Audited, NumberStory, Refused, ToldSend};
use crate::verification::{DaySpent, PhoneNumber, Policy, SendHistory, SendRefusal};

/// Letters of a subject that tell one from another in a list.
const MASKED_LETTERS: usize = 8;

/// What is told of a number. Times are UTC, subjects are cut, the number is masked.
#[derive(Debug, Serialize)]
pub struct Told {
    number: String,
    at: String,
    account_made_at: Option<String>,
    verdict: Verdict,
    sends: Vec<Send>,
    refusals: Vec<Refusal>,
    operators: Vec<Operator>,
}

/// Whether the number may be sent a code by somebody who has not asked before.
#[derive(Debug, Serialize)]
struct Verdict {
    may_be_sent: bool,
    rule: Option<&'static str>,
    /// When it may be; none where that is not a question of this number.
    not_before: Option<String>,
    /// What the operator types to lift it.
    lifted_by: Option<String>,
    counted_sends: usize,
    max_sends_per_number: u32,
    service_sends: u64,
    max_sends_per_day: u32,
}

#[derive(Debug, Serialize)]
struct Send {
    at: String,
    subject: String,
    requester: String,
    provider: Option<String>,
    purpose: Option<String>,
    result: String,
    fault: Option<String>,
    delivery: Option<String>,
    counts: bool,
    guesses: u64,
    verified_at: Option<String>,
}

#[derive(Debug, Serialize)]
struct Refusal {
    at: String,
    rule: String,
    times: u64,
    subject: String,
    requester: String,
}

#[derive(Debug, Serialize)]
struct Operator {
    at: String,
    actor: String,
    action: String,
    reason: String,
}

impl Told {
    /// Judges and masks what the store knows.
    #[must_use]
    pub fn of(number: &PhoneNumber, story: NumberStory, policy: &Policy, now: Timestamp) -> Self {
        Self {
            number: number.masked(),
            at: time(now),
            account_made_at: story.account_made_at.map(time),
            verdict: verdict(number, &story, policy, now),
            sends: story.sends.into_iter().map(Send::from).collect(),
            refusals: story.refusals.into_iter().map(Refusal::from).collect(),
            operators: story.audit.into_iter().map(Operator::from).collect(),
        }
    }
}

/// The rules themselves are asked, as for a stranger who comes now.
fn verdict(number: &PhoneNumber, story: &NumberStory, policy: &Policy, now: Timestamp) -> Verdict {
    let counted: Vec<Timestamp> = story.sends.iter().filter(|send| send.is_counted).map(|send| send.at).collect();
    let counted_sends = counted.len();
    let day = DaySpent { sends: story.service_sends, ..DaySpent::default() };
    let history = SendHistory { number_sends: counted, day, ..SendHistory::default() };
    let refusal = policy.may_receive(&history, now).err();
    let until = match &refusal {
        Some(SendRefusal::NumberResting { until } | SendRefusal::Exhausted { until, .. }) => Some(time(*until)),
        _ => None,
    };
    Verdict {
        may_be_sent: refusal.is_none(),
        rule: refusal.as_ref().map(SendRefusal::rule),
        lifted_by: until.is_some().then(|| format!("beonho unlock {}", number.as_e164())),
        not_before: until,
        counted_sends,
        max_sends_per_number: policy.max_sends_per_number,
        service_sends: story.service_sends,
        max_sends_per_day: policy.max_sends_per_day,
    }
}

fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn cut(subject: &str) -> String {
    subject.chars().take(MASKED_LETTERS).collect()
}

impl From<ToldSend> for Send {
    fn from(send: ToldSend) -> Self {
        Self {
            at: time(send.at),
            subject: cut(send.subject.as_str()),
            requester: send.requester,
            provider: send.provider,
            purpose: send.purpose,
            result: send.result,
            fault: send.fault,
            delivery: send.delivery,
            counts: send.is_counted,
            guesses: send.attempts,
            verified_at: send.verified_at.map(time),
        }
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        let (at, subject) = (time(refused.at), cut(refused.subject.as_str()));
        Self { at, rule: refused.rule, times: refused.times, subject, requester: refused.requester }
    }
}

impl From<Audited> for Operator {
    fn from(audited: Audited) -> Self {
        let deed = audited.deed;
        Self { at: time(deed.at), actor: deed.actor, action: audited.action, reason: deed.reason }
    }
}
