//! All that is known of a number, and what stops it: `beonho why NUMBER` and the console tell it.

use jiff::Timestamp;
use serde::Serialize;

use super::holds::Held;
use super::{cut, time};
use crate::server::store::{Audited, NumberStory, Refused, ToldSend};
use crate::verification::{DaySpent, GuardMode, PhoneNumber, Policy, SendHistory, SendRefusal};

/// What is told of a number. Times are UTC, subjects are cut, the number is masked.
#[derive(Clone, Debug, Serialize)]
pub struct Told {
    pub(crate) number: String,
    pub(crate) at: String,
    pub(crate) account_made_at: Option<String>,
    pub(crate) verdict: Verdict,
    pub(crate) sends: Vec<Send>,
    pub(crate) refusals: Vec<Refusal>,
    pub(crate) holds: Vec<Held>,
    pub(crate) operators: Vec<Operator>,
}

/// Whether the number may be sent a code by somebody who has not asked before.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Verdict {
    pub(crate) may_be_sent: bool,
    pub(crate) rule: Option<&'static str>,
    /// When it may be; none where that is not a question of this number.
    pub(crate) not_before: Option<String>,
    /// What the operator types to lift it.
    pub(crate) lifted_by: Option<String>,
    pub(crate) counted_sends: usize,
    pub(crate) max_sends_per_number: u32,
    pub(crate) service_sends: u64,
    pub(crate) max_sends_per_day: u32,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Send {
    pub(crate) at: String,
    pub(crate) subject: String,
    pub(crate) requester: String,
    pub(crate) provider: Option<String>,
    pub(crate) purpose: Option<String>,
    pub(crate) result: String,
    pub(crate) fault: Option<String>,
    pub(crate) delivery: Option<String>,
    pub(crate) counts: bool,
    pub(crate) guesses: u64,
    pub(crate) verified_at: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Refusal {
    pub(crate) at: String,
    pub(crate) rule: String,
    pub(crate) times: u64,
    pub(crate) subject: String,
    pub(crate) requester: String,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Operator {
    pub(crate) at: String,
    pub(crate) actor: String,
    pub(crate) action: String,
    pub(crate) reason: String,
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
            holds: story.holds.iter().map(|hold| Held::of(hold, now)).collect(),
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
    let (mut until, mut lifted_by) = match &refusal {
        Some(SendRefusal::NumberResting { until } | SendRefusal::Exhausted { until, .. }) => {
            (Some(*until), Some(format!("beonho unlock {}", number.as_e164())))
        }
        _ => (None, None),
    };
    let mut rule = refusal.as_ref().map(SendRefusal::rule);
    // It is looked at first, and lasts longer.
    if let Some(hold) = story.holds.iter().find(|hold| hold.until > now && hold.mode == GuardMode::On) {
        rule = Some(SendRefusal::Held(hold.rule).rule());
        (until, lifted_by) = (Some(hold.until), Some(format!("beonho guard lift '{}'", hold.key)));
    }
    Verdict {
        may_be_sent: rule.is_none(),
        rule,
        lifted_by,
        not_before: until.map(time),
        counted_sends,
        max_sends_per_number: policy.max_sends_per_number,
        service_sends: story.service_sends,
        max_sends_per_day: policy.max_sends_per_day,
    }
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
