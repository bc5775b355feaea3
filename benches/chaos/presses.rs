//! One press of the button is one text, however many senders were tried.

use std::collections::HashMap;

use super::checker::Violation;
use super::vendor::Sms;

/// The tries of every press, in order.
fn tries(messages: &[Sms]) -> HashMap<(&str, &str), Vec<&Sms>> {
    let mut tries = HashMap::<_, Vec<&Sms>>::new();
    for sms in messages {
        tries.entry((sms.number.as_str(), sms.press.as_str())).or_default().push(sms);
    }
    tries
}

/// What became of each press: its last try.
pub fn last_tries(messages: &[Sms]) -> Vec<&Sms> {
    tries(messages).into_values().filter_map(|tries| tries.last().copied()).collect()
}

/// How many presses a second sender was tried for.
pub fn passed_on(messages: &[Sms]) -> usize {
    tries(messages).values().filter(|tries| tries.len() > 1).count()
}

/// Presses of which one try after another was taken, or may have been.
pub fn doubled(messages: &[Sms]) -> Vec<Violation> {
    let is_doubled = |tries: &Vec<&Sms>| tries.iter().filter(|sms| sms.may_arrive()).count() > 1;
    tries(messages)
        .into_iter()
        .filter(|(_, tries)| is_doubled(tries))
        .map(|((number, _), _)| Violation::TwoTexts(number.to_owned()))
        .collect()
}
