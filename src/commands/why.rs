//! `beonho why NUMBER`: a number's story for somebody at a terminal.

use std::fmt::{self, Display, Formatter};

use crate::server::oversight::holds::Held;
pub use crate::server::oversight::why::Told;
use crate::server::oversight::why::{Operator, Refusal, Send, Verdict};

impl Display for Told {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}, as of {}", self.number, self.at)?;
        match &self.account_made_at {
            Some(at) => writeln!(f, "account: made {at}")?,
            None => writeln!(f, "account: none")?,
        }
        write!(f, "{}", self.verdict)?;
        list(f, "sends of the last day, newest first", &self.sends)?;
        list(f, "refused in the last day, newest first", &self.refusals)?;
        list(f, "held, newest first", &self.holds)?;
        list(f, "done by operators, to it, to others masked alike, or to everybody", &self.operators)
    }
}

fn list<T: Display>(f: &mut Formatter<'_>, title: &str, lines: &[T]) -> fmt::Result {
    let none = if lines.is_empty() { ": none" } else { "" };
    writeln!(f, "\n{title}{none}")?;
    lines.iter().try_for_each(|line| writeln!(f, "  {line}"))
}

impl Display for Verdict {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match (self.rule, &self.not_before) {
            (None, _) => writeln!(f, "a code: may be sent now")?,
            (Some(rule), Some(until)) => writeln!(f, "a code: not before {until}: {}", meaning(rule))?,
            (Some(rule), None) => writeln!(f, "a code: not now: {}", meaning(rule))?,
        }
        if let Some(command) = &self.lifted_by {
            writeln!(f, "lifted by: {command}")?;
        }
        writeln!(f, "counted: {} of {} sends to the number in a day", self.counted_sends, self.max_sends_per_number)?;
        writeln!(f, "counted: {} of {} sends of the service in a day", self.service_sends, self.max_sends_per_day)
    }
}

impl Display for Send {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let provider = self.provider.as_deref().unwrap_or("-");
        let purpose = self.purpose.as_deref().unwrap_or("-");
        write!(f, "{}  {} from {}  {purpose} by {provider}: {}", self.at, self.subject, self.requester, self.result)?;
        if let Some(fault) = &self.fault {
            write!(f, " ({fault})")?;
        }
        if let Some(delivery) = &self.delivery {
            write!(f, ", text {delivery}")?;
        }
        if self.guesses > 0 {
            write!(f, ", {} guesses", self.guesses)?;
        }
        if let Some(at) = &self.verified_at {
            write!(f, ", verified {at}")?;
        }
        f.write_str(if self.counts { "" } else { ", does not count" })
    }
}

impl Display for Held {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { key, rule, mode, evidence, since, until, .. } = self;
        write!(f, "{since}  {key} until {until} by {rule} ({mode}): {evidence}")?;
        self.lifted_at.as_ref().map_or(Ok(()), |at| write!(f, ", lifted {at}"))
    }
}

impl Display for Refusal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let times = if self.times == 1 { String::new() } else { format!(", {} times", self.times) };
        write!(f, "{}  {} from {}  {}: {}{times}", self.at, self.subject, self.requester, self.rule, meaning(&self.rule))
    }
}

impl Display for Operator {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let reason = if self.reason.is_empty() { "no reason given" } else { &self.reason };
        write!(f, "{}  {}: {} ({reason})", self.at, self.actor, self.action)
    }
}

/// What a rule's name means ([`SendRefusal::rule`](crate::verification::SendRefusal::rule)).
fn meaning(rule: &str) -> &'static str {
    match rule {
        "number_taken" => "an account has the number",
        "cooldown" => "the person asked a moment ago",
        "number_resting" => "the number was sent a code a moment ago, at somebody's request",
        "subject_budget" => "MAX_SENDS_PER_SUBJECT of the person is spent",
        "number_budget" => "MAX_SENDS_PER_NUMBER of the number is spent",
        "requester_budget" => "MAX_SENDS_PER_REQUESTER of the address is spent",
        "money" => "BUDGET_PER_DAY is spent, or the country's part of it",
        "sign_in_share" => "what is left of the day is kept for people who sign in to an account",
        "prefix_held" => "the guard holds all numbers that begin alike",
        "country_held" => "the guard holds the country",
        "denied" => "GUARD_DENY names it, its country or the address",
        "challenge" => "the send costs work, and no good proof came with it",
        "day_budget" => "MAX_SENDS_PER_DAY of the service is spent",
        _ => "a rule that this program does not know",
    }
}
